find_package(weakref REQUIRED)
target_link_libraries(app PRIVATE weakref::weakref)
