# Peers that not every machine has.
find_package(PkgConfig QUIET)

function(add_packaged_peer package)
  if(NOT PkgConfig_FOUND)
    return()
  endif()
  pkg_check_modules(${package} QUIET IMPORTED_TARGET ${package})
  if(${package}_FOUND)
    add_peer(${ARGN})
    target_link_libraries(weakref-benchmarks PRIVATE PkgConfig::${package})
  endif()
endfunction()

add_packaged_peer(gobject-2.0 peers/glib.cpp)
add_packaged_peer(Qt6Core peers/qt.cpp)
add_packaged_peer(tbb peers/tbb.cpp)
add_packaged_peer(python3-embed peers/cpython_references.cpp peers/cpython_containers.cpp)

# LLVM's own package file wants a C compiler. LLVM is built without run-time type information, and what derives from its classes
# must be so too.
file(GLOB llvm_folders /usr/lib/llvm-*)
list(SORT llvm_folders COMPARE NATURAL ORDER DESCENDING)
list(TRANSFORM llvm_folders APPEND /include OUTPUT_VARIABLE llvm_include_folders)
find_path(WEAKREF_LLVM_INCLUDE llvm/IR/ValueMap.h PATHS ${llvm_include_folders} NO_DEFAULT_PATH)
cmake_path(GET WEAKREF_LLVM_INCLUDE PARENT_PATH llvm_folder)
find_library(WEAKREF_LLVM_LIBRARY LLVM PATHS ${llvm_folder}/lib NO_DEFAULT_PATH)
if(WEAKREF_LLVM_INCLUDE AND WEAKREF_LLVM_LIBRARY)
  add_peer(peers/llvm.cpp)
  set_source_files_properties(peers/llvm.cpp PROPERTIES COMPILE_OPTIONS "-fno-rtti;-isystem;${WEAKREF_LLVM_INCLUDE}")
  target_link_libraries(weakref-benchmarks PRIVATE ${WEAKREF_LLVM_LIBRARY})
endif()
