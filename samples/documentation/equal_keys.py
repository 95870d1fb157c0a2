import weakref


class T(str):
    pass


k1, k2 = T(), T()
d = weakref.WeakKeyDictionary()
d[k1] = 1
d[k2] = 2  # d = {k1: 2}
print(list(d.values()))
del k1  # d = {}
print(list(d.values()))

# A workaround is to remove the key prior to reassignment.
k1, k2 = T(), T()
d[k1] = 1
del d[k1]
d[k2] = 2  # d = {k2: 2}
del k1
print(list(d.values()))
