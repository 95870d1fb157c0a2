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

# Asked of the compiler, with the flags of each configuration; anew when these change.
function(weakref_require_language)
  get_directory_property(options COMPILE_OPTIONS)
  list(FILTER options EXCLUDE REGEX "\\$<")
  set(configs ${CMAKE_BUILD_TYPE} ${CMAKE_CONFIGURATION_TYPES})
  if(NOT configs)
    set(configs None)
  endif()
  foreach(config IN LISTS configs)
    string(TOUPPER "${config}" upper)
    set(asked "${CMAKE_CXX_COMPILER} ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${upper}} ${options}")
    if(asked IN_LIST WEAKREF_SUFFICIENT_FLAGS)
      continue()
    endif()
    set(CMAKE_TRY_COMPILE_CONFIGURATION ${config})
    set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
    try_compile(sufficient SOURCE_FROM_CONTENT weakref_language.cpp [[
      #ifndef __cpp_exceptions
      #error weakref needs exceptions: it cannot be built with -fno-exceptions.
      #endif
      #ifndef __cpp_rtti
      #error weakref needs the types of objects: it cannot be built with -fno-rtti.
      #endif
    ]] COMPILE_DEFINITIONS ${options} OUTPUT_VARIABLE said NO_CACHE)
    if(said MATCHES "#error (weakref needs [^\n]*)" OR said MATCHES "error: (weakref needs [^\n]*)")
      message(FATAL_ERROR "${CMAKE_MATCH_1}")
    endif()
    if(sufficient)
      set(WEAKREF_SUFFICIENT_FLAGS "${WEAKREF_SUFFICIENT_FLAGS};${asked}" CACHE INTERNAL "")
    endif()
  endforeach()
endfunction()
weakref_require_language()
