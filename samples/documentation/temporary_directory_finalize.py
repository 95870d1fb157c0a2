import os
import shutil
import tempfile
import weakref


class TempDir:
    def __init__(self):
        self.name = tempfile.mkdtemp()
        self._finalizer = weakref.finalize(self, shutil.rmtree, self.name)

    def remove(self):
        self._finalizer()

    @property
    def removed(self):
        return not self._finalizer.alive


# Removed by hand,
directory = TempDir()
name = directory.name
print(os.path.isdir(name), directory.removed)
directory.remove()
print(os.path.isdir(name), directory.removed)
# with its last owner,
directory = TempDir()
name = directory.name
del directory
print(os.path.isdir(name))
# or at exit.
immortal = TempDir()
weakref.finalize(immortal, print, "exiting")
