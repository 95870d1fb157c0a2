# Counts the instructions of operations.cpp and compares them with the recorded ones:
# cmake -D source=program -D folder=… -D compiler_path=… -D boost=… -D valgrind=… -D compiler="Clang 22" -D recorded=… \
#   -P count.cmake
#
# Figures are per repetition. One that has grown by more than 5% of the recorded figure of the compiler is an error; one that
# has fallen as much is one, too, so that the record stays true. For a compiler without a record they are only told.

execute_process(COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET COMMAND ${CMAKE_COMMAND} -S ${source} -B ${folder}/build -G Ninja
  -D CMAKE_BUILD_TYPE=Release -D CMAKE_CXX_COMPILER=${compiler_path} -D CMAKE_CXX_STANDARD=20 -D CMAKE_CXX_EXTENSIONS=OFF
  -D Boost_DIR=${boost})
execute_process(COMMAND_ERROR_IS_FATAL ANY COMMAND ${CMAKE_COMMAND} --build ${folder}/build --target operations)
set(program ${folder}/build/operations)

set(said "")
set(wrong "")
foreach(mode ST MT)
  file(GLOB old ${folder}/${mode}.*)
  if(old)
    file(REMOVE ${old})
  endif()
  execute_process(COMMAND ${valgrind} --tool=callgrind --callgrind-out-file=${folder}/${mode} ${program} ${mode}
    COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET ERROR_QUIET)
  file(GLOB dumps ${folder}/${mode}.*)
  foreach(dump IN LISTS dumps)
    file(STRINGS ${dump} lines REGEX "^(desc: Trigger|totals:)")
    string(REGEX MATCH "Client Request: ([^;]*)" named "${lines}")
    set(operation "${mode} ${CMAKE_MATCH_1}")
    if(NOT named OR NOT lines MATCHES "totals: ([0-9]+)")
      continue()
    endif()
    math(EXPR counted "(${CMAKE_MATCH_1} + 500) / 1000")
    string(APPEND said "${compiler} ${operation}: ${counted}\n")

    file(STRINGS ${recorded} known REGEX "^${compiler} ${operation}: ")
    if(known MATCHES ": ([0-9]+)$")
      math(EXPR more "100 * ${counted} - 105 * ${CMAKE_MATCH_1}")
      math(EXPR less "95 * ${CMAKE_MATCH_1} - 100 * ${counted}")
      if(more GREATER 0 OR less GREATER 0)
        string(APPEND wrong "${operation}: ${counted} instructions; recorded are ${CMAKE_MATCH_1}\n")
      endif()
    endif()
  endforeach()
endforeach()
message("${said}")
string(REGEX MATCHALL "\n" count "${said}")
list(LENGTH count count)
if(NOT count EQUAL 16)
  message(FATAL_ERROR "16 operations were to be counted")
endif()
if(wrong)
  message(FATAL_ERROR "${wrong}")
endif()
