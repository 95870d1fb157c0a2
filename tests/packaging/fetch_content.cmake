include(FetchContent)
FetchContent_Declare(weakref SOURCE_DIR ${CMAKE_CURRENT_SOURCE_DIR}/weakref)
FetchContent_MakeAvailable(weakref)
target_link_libraries(app PRIVATE weakref::weakref)
