# Makes a project of the lines under test, configures it, and where `build` is ON builds and runs it.
#
# Lines that are a project already stay as they are; others find a project and its program `app` around them. The sources of
# weakref lie in the project's folder `weakref`, and a FetchContent finds them there instead of on the network.

file(READ ${source} lines)
if(NOT lines MATCHES "project *\\(")
  string(PREPEND lines "cmake_minimum_required(VERSION 3.28)\nproject(consumer LANGUAGES CXX)\nadd_executable(app main.cpp)\n")
endif()
file(WRITE ${folder}/CMakeLists.txt "${lines}")
file(COPY ${main} DESTINATION ${folder})
file(CREATE_LINK ${weakref} ${folder}/weakref SYMBOLIC)

execute_process(COMMAND_ERROR_IS_FATAL ANY COMMAND ${CMAKE_COMMAND} -S ${folder} -B ${folder}/build -G Ninja
  -D CMAKE_BUILD_TYPE=${config} -D CMAKE_CXX_COMPILER=${compiler} -D CMAKE_CXX_STANDARD=20 -D CMAKE_CXX_EXTENSIONS=OFF
  -D CMAKE_PREFIX_PATH=${stage} -D Boost_DIR=${boost} -D FETCHCONTENT_SOURCE_DIR_WEAKREF=${weakref})
if(build)
  execute_process(COMMAND_ERROR_IS_FATAL ANY COMMAND ${CMAKE_COMMAND} --build ${folder}/build --target app)
  execute_process(COMMAND_ERROR_IS_FATAL ANY COMMAND ${folder}/build/app)
endif()
