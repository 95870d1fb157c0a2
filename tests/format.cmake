# Majors of clang-format differ in taste, so only the one that formatted the sources may judge them.
find_program(CLANG_FORMAT clang-format-22)
if(CLANG_FORMAT)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/modules/* ${PROJECT_SOURCE_DIR}/tests/*.?pp
    ${PROJECT_SOURCE_DIR}/tests/*.cppm ${PROJECT_SOURCE_DIR}/samples/*.?pp ${PROJECT_SOURCE_DIR}/samples/*.cppm)
  set(check ${CMAKE_CURRENT_LIST_DIR}/check_format.cmake)
  add_recorded_test(format DEPENDS ${sources} ${PROJECT_SOURCE_DIR}/.clang-format ${check}
    COMMAND ${CMAKE_COMMAND} -D clang_format=${CLANG_FORMAT} -D root=${PROJECT_SOURCE_DIR} -P ${check})
endif()
