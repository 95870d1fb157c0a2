# The other standard library, in a program of its own: one process has one. It is linked statically, since some systems have its
# parts without the shared library that goes with them.
include(CheckCXXSourceCompiles)
if(NOT WEAKREF_HAS_LIBCXX)
  unset(WEAKREF_HAS_LIBCXX CACHE) # it may have been installed since
endif()
set(CMAKE_REQUIRED_FLAGS -stdlib=libc++)
set(CMAKE_REQUIRED_LINK_OPTIONS -stdlib=libc++ -static-libstdc++)
check_cxx_source_compiles("#include <string>\nint main(int argc, char** argv) { return std::string(argv[argc - 1]).size(); }"
  WEAKREF_HAS_LIBCXX)
unset(CMAKE_REQUIRED_FLAGS)
unset(CMAKE_REQUIRED_LINK_OPTIONS)

if(WEAKREF_HAS_LIBCXX)
  add_executable(weakref-benchmarks-libc++ libcxx/main.cpp)
  set_target_properties(weakref-benchmarks-libc++ PROPERTIES CXX_SCAN_FOR_MODULES OFF)
  target_compile_features(weakref-benchmarks-libc++ PRIVATE cxx_std_20)
  target_compile_options(weakref-benchmarks-libc++ PRIVATE -stdlib=libc++)
  target_link_options(weakref-benchmarks-libc++ PRIVATE -stdlib=libc++ -static-libstdc++)
  target_link_libraries(weakref-benchmarks-libc++ PRIVATE Threads::Threads)
  enable_warnings(weakref-benchmarks-libc++)
  add_dependencies(weakref-benchmarks weakref-benchmarks-libc++)
endif()
