import weakref


class Dict(dict):
    pass


obj = Dict(red=1, green=2, blue=3)  # this object is weak referenceable
r = weakref.ref(obj)
print(r() is obj)
print(r()["green"])
