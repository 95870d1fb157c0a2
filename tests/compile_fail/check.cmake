# Fails unless the first thing that the compiler said against the file is in the words of the file's first line: cmake -D file=… -D log=… -P check.cmake
# Clang before 20 cannot name a class in what it says: then with -D unnamed=ON.
file(READ ${file} source)
if(NOT source MATCHES "^// error: ([^\n]+)\n")
  message(FATAL_ERROR "${file} does not begin with \"// error: <text>\"")
endif()
set(wanted "${CMAKE_MATCH_1}")
if(unnamed)
  string(REGEX REPLACE "to '.*' object.*$" "to an object of this class" wanted "${wanted}")
  string(REGEX REPLACE "^'.*' is " "the class is " wanted "${wanted}")
  string(REGEX REPLACE "type: '.*'$" "type: the class" wanted "${wanted}")
endif()

file(READ ${log} said)
string(REPLACE "@weakref" "" said "${said}") # GCC says which module a class is of
string(REGEX MATCH "error: [^\n]*" first "${said}")
string(FIND "${first}" "${wanted}" at)
if(at EQUAL -1)
  message("${said}")
  message(FATAL_ERROR "expected the compiler to refuse it with: ${wanted}")
endif()
