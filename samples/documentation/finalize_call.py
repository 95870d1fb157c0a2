import weakref


class Object:
    pass


def callback(x, y, z):
    print("CALLBACK")
    return x + y + z


obj = Object()
f = weakref.finalize(obj, callback, 1, 2, z=3)
print(f.alive)
print(f())
print(f.alive)
print(f())  # callback not called because finalizer dead
del obj  # callback not called because finalizer dead
