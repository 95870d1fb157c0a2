# Fails where a source is not as .clang-format wants it: cmake -D clang_format=… -D root=… -P check_format.cmake
file(GLOB_RECURSE sources
  ${root}/modules/*.cpp ${root}/modules/*.cppm
  ${root}/tests/*.cpp ${root}/tests/*.cppm ${root}/tests/*.hpp
  ${root}/samples/*.cpp ${root}/samples/*.cppm ${root}/samples/*.hpp)
execute_process(COMMAND ${clang_format} --dry-run --Werror ${sources} COMMAND_ERROR_IS_FATAL ANY)
