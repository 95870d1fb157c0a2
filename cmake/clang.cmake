# Toolchain: the newest Clang that is installed, unless the caller named a compiler.
if(NOT DEFINED ENV{CXX} AND NOT CMAKE_CXX_COMPILER)
  set(names)
  foreach(major RANGE 40 19 -1)
    list(APPEND names clang++-${major})
  endforeach()
  find_program(CMAKE_CXX_COMPILER NAMES ${names} clang++ REQUIRED)
endif()
