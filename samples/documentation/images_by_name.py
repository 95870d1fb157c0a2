import weakref


class Image:
    def __init__(self, name):
        print("loading", name)
        self.name = name


images = weakref.WeakValueDictionary()


def load(name):
    image = images.get(name)
    if image is None:
        images[name] = image = Image(name)
    return image


first = load("logo")
second = load("logo")
print(first is second)
print(list(images))
del first, second
print(list(images))
third = load("logo")
