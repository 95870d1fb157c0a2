# Warnings are errors for those who develop weakref, and silent for those who use it: neither a project that adds weakref
# nor the installed package, which hands a target's private options on to whoever compiles its modules, sees these.
function(enable_warnings target)
  if(NOT PROJECT_IS_TOP_LEVEL)
    return()
  endif()
  set(warnings
    -Werror -Wall -Wextra -Wpedantic
    -Wconversion -Wsign-conversion -Wold-style-cast
    -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
    -Wimplicit-fallthrough -Wextra-semi)
  # Boost.Test counts its cases with __COUNTER__, which Clang 22 began to call an extension.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 22)
    list(APPEND warnings -Wno-c2y-extensions)
  endif()
  # Before 22, Clang's -Wshadow objects to a capture that has the name of the structured binding that it captures.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 22)
    list(REMOVE_ITEM warnings -Wshadow)
  endif()
  # GCC's -Wshadow objects to a constructor's parameter that has the name of an inherited member.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    list(TRANSFORM warnings REPLACE "^-Wshadow$" "-Wshadow=local")
  endif()
  target_compile_options(${target} PRIVATE "$<BUILD_INTERFACE:${warnings}>")
endfunction()
