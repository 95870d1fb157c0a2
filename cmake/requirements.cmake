# Says in one line what CMake would say in thirty: modules need a young compiler, its scanner, and Ninja.
# The installed package includes this file too.

if(NOT CMAKE_GENERATOR MATCHES "Ninja")
  message(FATAL_ERROR "weakref needs Ninja (-G Ninja) to build its modules, not ${CMAKE_GENERATOR}.")
endif()

if(NOT ((CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 19)
        OR (CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 15)))
  message(FATAL_ERROR "weakref needs Clang 19 or GCC 15, or a newer one, not ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}.")
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND NOT CMAKE_CXX_COMPILER_CLANG_SCAN_DEPS)
  message(FATAL_ERROR "weakref needs clang-scan-deps beside clang++ (Debian: clang-tools-*).")
endif()
