import sys
import weakref


def unloading_module():
    # implicit reference to the module globals from the function body
    print("unloading", title)


title = "module"
weakref.finalize(sys.modules[__name__], unloading_module)
print("running")
