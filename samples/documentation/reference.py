import weakref


class Object:
    def do_something_useful(self):
        print("Object is still live!")


o = Object()
r = weakref.ref(o)
o2 = r()
print(o is o2)


def use():
    # r is a weak reference object
    o = r()
    if o is None:
        # referent has been garbage collected
        print("Object has been deallocated; can't frobnicate.")
    else:
        o.do_something_useful()


use()
del o, o2
print(r())
use()
