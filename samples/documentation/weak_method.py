import weakref


class C:
    def method(self):
        print("method called!")


c = C()
r = weakref.ref(c.method)
print(r())
r = weakref.WeakMethod(c.method)
r()()
del c
print(r())
