# Fails unless the compiler refused the file in the words of its first line: cmake -D file=… -D log=… -P check.cmake
# Clang before 20 cannot name a class in what it says: then with -D unnamed=ON.
file(READ ${file} source)
if(NOT source MATCHES "^// error: ([^\n]+)\n")
  message(FATAL_ERROR "${file} does not begin with \"// error: <text>\"")
endif()
set(wanted "${CMAKE_MATCH_1}")
if(unnamed)
  string(REGEX REPLACE "to '.*' object$" "to an object of this class" wanted "${wanted}")
  string(REGEX REPLACE "type: '.*'$" "type: the class" wanted "${wanted}")
endif()

file(READ ${log} said)
string(REPLACE "@weakref" "" said "${said}") # GCC says which module a class is of
string(FIND "${said}" "error: " refused)
string(FIND "${said}" "${wanted}" at)
if(refused EQUAL -1 OR at EQUAL -1)
  message("${said}")
  message(FATAL_ERROR "expected the compiler to refuse it with: ${wanted}")
endif()
