# Writes the suites of a Boost.Test program as ctest's tests: cmake -D program=… -D suites=… -P list_boost_suites.cmake
#
# The program prints a tree, an enabled unit with a star:
#   ref*
#       a_reference_is_null_once_its_referent_is_dead*

execute_process(COMMAND ${program} --list_content ERROR_VARIABLE tree COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "(^|\n)[^ \n*]+\\*" names "${tree}")

set(tests "")
foreach(name IN LISTS names)
  string(REGEX REPLACE "[\n*]" "" name "${name}")
  string(APPEND tests "add_test([=[${name}]=] [=[${program}]=] [=[--run_test=${name}]=] --color_output=no"
    " --report_level=short)\n")
  # Threads that wait for one another are quick only if they run.
  if(name MATCHES "threads$")
    string(APPEND tests "set_tests_properties([=[${name}]=] PROPERTIES PROCESSORS 2)\n")
  endif()
endforeach()
file(WRITE ${suites} "${tests}")
