import os
import shutil
import tempfile


class TempDir:
    def __init__(self):
        self.name = tempfile.mkdtemp()

    def remove(self):
        if self.name is not None:
            shutil.rmtree(self.name)
            self.name = None

    @property
    def removed(self):
        return self.name is None

    def __del__(self):
        self.remove()


directory = TempDir()
name = directory.name
print(os.path.isdir(name), directory.removed)
directory.remove()
print(os.path.isdir(name), directory.removed)
directory = TempDir()
name = directory.name
del directory
print(os.path.isdir(name))
