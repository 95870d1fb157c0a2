import weakref


class Object:
    pass


obj = Object()
weakref.finalize(obj, print, "obj dead or exiting")
skipped = weakref.finalize(obj, print, "not at exit")
skipped.atexit = False
print("exiting")
