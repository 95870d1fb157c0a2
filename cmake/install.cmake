include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/weakref)

# The module sources are the interface: CMake compiles them again in the consumer, with its flags.
install(TARGETS weakref EXPORT weakref
  FILE_SET CXX_MODULES DESTINATION ${CMAKE_INSTALL_DATADIR}/weakref/modules)
install(EXPORT weakref FILE weakref-targets.cmake NAMESPACE weakref:: DESTINATION ${package_dir}
  CXX_MODULES_DIRECTORY cxx-modules)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/weakref-config.cmake.in weakref-config.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(weakref-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  ${CMAKE_CURRENT_LIST_DIR}/requirements.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/weakref-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/weakref-config-version.cmake
  DESTINATION ${package_dir})
