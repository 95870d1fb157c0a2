# Majors of clang-format differ in taste, so only the one that formatted the sources may judge them.
find_program(CLANG_FORMAT clang-format-22)
if(CLANG_FORMAT)
  add_test(NAME format COMMAND ${CMAKE_COMMAND}
    -D clang_format=${CLANG_FORMAT} -D root=${PROJECT_SOURCE_DIR} -P ${CMAKE_CURRENT_LIST_DIR}/check_format.cmake)
endif()
