# Compiles a file that must be refused and keeps what the compiler said, for a test to read:
# cmake -D build=… -D control=… -D file=… -D log=… -P refuse.cmake

file(READ ${build}/compile_commands.json commands)
string(JSON count LENGTH "${commands}")
math(EXPR last "${count} - 1")
foreach(index RANGE ${last})
  string(JSON source GET "${commands}" ${index} file)
  if(source STREQUAL control)
    string(JSON command GET "${commands}" ${index} command)
    break()
  endif()
endforeach()

separate_arguments(command UNIX_COMMAND "${command} -fsyntax-only")
list(TRANSFORM command REPLACE "^${control}$" "${file}")

execute_process(COMMAND ${command} WORKING_DIRECTORY ${build}
  RESULT_VARIABLE status OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(status EQUAL 0)
  set(said "it compiles")
endif()
file(WRITE ${log} "${said}")
