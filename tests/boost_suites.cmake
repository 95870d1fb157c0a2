# Makes every suite of a Boost.Test program a test, which runs in its own process. The suites are asked of the built
# program, so no list of them can go stale. tests/run counts the cases.

function(add_boost_suites target)
  set(suites ${CMAKE_CURRENT_BINARY_DIR}/${target}-suites.cmake)
  add_custom_command(TARGET ${target} POST_BUILD VERBATIM
    BYPRODUCTS ${suites}
    COMMAND ${CMAKE_COMMAND} -D program=$<TARGET_FILE:${target}> -D suites=${suites}
      -P ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/list_boost_suites.cmake)
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${suites})
endfunction()
