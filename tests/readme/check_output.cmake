# Runs a program and compares what it prints, where that is known: cmake -D program=… -D expected=… -P check_output.cmake
execute_process(COMMAND ${program} OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
if(EXISTS ${expected})
  file(READ ${expected} wanted)
  if(NOT "${printed}" STREQUAL "${wanted}")
    message(FATAL_ERROR "README.md promises:\n${wanted}\nthe program prints:\n${printed}")
  endif()
endif()
