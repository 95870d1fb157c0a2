# Writes the cases of a Boost.Test program as ctest's tests: cmake -D program=… -D cases=… -P list_boost_cases.cmake
#
# The program prints a tree, four spaces deeper for each suite, an enabled unit with a star:
#   ref*
#       a_reference_is_null_once_its_referent_is_dead*

execute_process(COMMAND ${program} --list_content ERROR_VARIABLE tree COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" lines "${tree}")

set(tests "")
function(add_case path)
  string(JOIN "/" name ${path})
  string(APPEND tests "add_test([=[${name}]=] [=[${program}]=] [=[--run_test=${name}]=] --color_output=no)\n")
  set(tests "${tests}" PARENT_SCOPE)
endfunction()

# A unit is a case when the next line is not deeper than its own.
set(path "")
set(depth -1)
foreach(line IN LISTS lines)
  string(REGEX MATCH "^( *)([^*:]+)(\\*?)" unit "${line}")
  string(LENGTH "${CMAKE_MATCH_1}" indent)
  math(EXPR indent "${indent} / 4")
  if(path AND enabled AND NOT indent GREATER depth)
    add_case("${path}")
  endif()
  list(SUBLIST path 0 ${indent} path)
  list(APPEND path "${CMAKE_MATCH_2}")
  set(enabled "${CMAKE_MATCH_3}")
  set(depth ${indent})
endforeach()
if(path AND enabled)
  add_case("${path}")
endif()

file(WRITE ${cases} "${tests}")
