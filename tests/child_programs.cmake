# Builds a program of one source that cases in a file of a suite run; there a macro in capitals is its place:
# some-program of some_program.cpp is SOME_PROGRAM.

function(add_child_program name suite file)
  string(REPLACE "-" "_" source ${name})
  string(TOUPPER ${source} macro)
  add_executable(${name} ${source}.cpp)
  target_link_libraries(${name} PRIVATE weakref::weakref)
  enable_warnings(${name})
  set_source_files_properties(${file} PROPERTIES COMPILE_DEFINITIONS "${macro}=\"$<TARGET_FILE:${name}>\"")
  add_dependencies(${suite} ${name})
endfunction()
