# A test of what was built, whatever else the machine does: it runs during the build, when something that it depends on
# has changed, and ctest tells what it said. One that failed is run again by the next build.
#
#   add_recorded_test(NAME COMMAND command [argument…] DEPENDS target-or-file… [JOB_POOL pool])

function(add_recorded_test name)
  cmake_parse_arguments(PARSE_ARGV 1 test "" JOB_POOL "COMMAND;DEPENDS")
  set(record ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/record.cmake)
  set(result ${CMAKE_CURRENT_BINARY_DIR}/${name}.result)
  set(pool "")
  if(test_JOB_POOL)
    set(pool JOB_POOL ${test_JOB_POOL})
  endif()
  add_custom_command(OUTPUT ${result} VERBATIM COMMENT "Testing ${name}" ${pool}
    DEPENDS ${test_DEPENDS} ${record}
    COMMAND ${CMAKE_COMMAND} -D result=${result} -P ${record} -- ${test_COMMAND})
  add_custom_target(recorded-${name} ALL DEPENDS ${result})
  add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -D result=${result} -P ${record})
endfunction()
