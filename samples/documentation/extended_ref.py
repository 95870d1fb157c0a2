import weakref


class ExtendedRef(weakref.ref):
    def __init__(self, ob, callback=None, /, **annotations):
        super().__init__(ob, callback)
        self.__counter = 0
        for k, v in annotations.items():
            setattr(self, k, v)

    def __call__(self):
        """Return a pair containing the referent and the number of
        times the reference has been called.
        """
        ob = super().__call__()
        if ob is not None:
            self.__counter += 1
            ob = (ob, self.__counter)
        return ob


class A:
    pass


a = A()
r = ExtendedRef(a, foo=1, bar="baz")
print(r.foo)
print(r.bar)
print(r()[1])
print(r()[1])
print(r()[0] is a)
del a
print(r())
