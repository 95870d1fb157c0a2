# Runs an original and its sample, and compares what they print: cmake -D python=… -D original=… -D sample=… -P compare.cmake
execute_process(COMMAND ${python} ${original} OUTPUT_VARIABLE wanted COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${sample} OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
if(wanted STREQUAL "" OR NOT printed STREQUAL wanted)
  message(FATAL_ERROR "Python prints:\n${wanted}\nthe sample prints:\n${printed}")
endif()
