# Makes every Boost.Test case a test of its own, which runs in its own process: a crash fails one case and hides none.
# The cases are asked of the built program, so no list of them can go stale.

function(add_boost_cases target)
  set(cases ${CMAKE_CURRENT_BINARY_DIR}/${target}-cases.cmake)
  add_custom_command(TARGET ${target} POST_BUILD VERBATIM
    BYPRODUCTS ${cases}
    COMMAND ${CMAKE_COMMAND} -D program=$<TARGET_FILE:${target}> -D cases=${cases}
      -P ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/list_boost_cases.cmake)
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${cases})
endfunction()
