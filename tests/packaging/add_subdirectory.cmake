add_subdirectory(weakref)
target_link_libraries(app PRIVATE weakref::weakref)
