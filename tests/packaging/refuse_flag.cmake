# Configures a project that is compiled with a flag that weakref cannot bear, in each place where flags are given, and fails
# unless weakref says so: cmake -D flag=-fno-… -D folder=… -D weakref=… -D boost=… -D compiler=… -P refuse_flag.cmake
file(WRITE ${folder}/CMakeLists.txt "cmake_minimum_required(VERSION 3.28)
project(consumer LANGUAGES CXX)
add_compile_options(\${options})
add_subdirectory(${weakref} weakref)
")
foreach(place CMAKE_CXX_FLAGS CMAKE_CXX_FLAGS_RELEASE options)
  file(REMOVE_RECURSE ${folder}/build)
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${folder} -B ${folder}/build -G Ninja -D CMAKE_BUILD_TYPE=Release
    -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_CXX_STANDARD=20 -D Boost_DIR=${boost} -D ${place}=${flag}
    RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(status EQUAL 0 OR NOT said MATCHES "weakref needs [^\n]*: it cannot be built with ${flag}\\.")
    message("${said}")
    message(FATAL_ERROR "expected weakref to refuse ${flag} in ${place}")
  endif()
endforeach()
