"""What the specification wants otherwise than the CPython that is installed: each with its reason.

Everything else is CPython's own code, its containers' methods included.
"""

import collections.abc
import itertools
import re
import types
import weakref

serials = itertools.count()
DEAD = object()  # what a cursor takes from an entry whose referent is dead


# ---- containers: the methods of CPython's, working with references that know their place in the order


class KeyReference(weakref.ref):
    __slots__ = ("serial", "owned")

    def __new__(cls, referent, callback=None):
        self = super().__new__(cls, referent, callback)
        self.serial = next(serials)
        self.owned = None
        return self


class IdentityReference(KeyReference):
    """What PyTorch's WeakIdRef is: equal by the identity of the referents."""

    __slots__ = ("identity",)

    def __new__(cls, referent, callback=None):
        self = super().__new__(cls, referent, callback)
        self.identity = id(referent)
        return self

    def __hash__(self):
        return self.identity

    def __eq__(self, other):
        return self is other or (self() is not None and self() is other())


class ValueReference(weakref.KeyedRef):
    __slots__ = ("serial",)

    def __new__(cls, referent, callback, key):
        self = super().__new__(cls, referent, callback, key)
        self.serial = next(serials)
        return self


def live(referent):
    return DEAD if referent is None else referent


def rebound(base, **names):
    """A class with the methods of CPython's, for which global names mean something else."""
    methods = {
        name: types.FunctionType(member.__code__, dict(member.__globals__, **names), name, member.__defaults__,
                                 member.__closure__)
        for name, member in vars(base).items() if isinstance(member, types.FunctionType)}
    return type(base)(base.__name__, base.__bases__, methods)


class Cursor:
    """Iteration: a cursor over what was there when it was made, which holds no more than the current element.

    CPython up to 3.13 holds removals back while somebody iterates, 3.14 copies the container and yields what was
    deleted explicitly since; the specification allows a cursor, which does not.
    """

    __slots__ = ("container", "take", "end", "last", "at", "current", "begun")

    def __init__(self, container, take):
        self.container = weakref.ref(container)
        self.take = take
        self.end = next(serials)
        self.last = -1
        self.at = self.current = None
        self.begun = False

    def __iter__(self):
        return self

    def begin(self):
        """Steps to the first element, where C++'s begin() stands."""
        self.step()
        self.begun = True
        return self

    def __next__(self):
        if self.begun:
            self.begun = False
        else:
            self.step()
        if self.at is None:
            raise StopIteration
        return self.current

    def step(self):
        container = self.container()
        for entry, key, value in container.entries() if container is not None else ():
            if self.last < entry.serial < self.end:
                taken = self.take(entry, key, value)
                if taken is not DEAD:
                    break
        else:
            entry = taken = None
            self.end = -1
        container = key = value = None
        self.at = entry
        if entry is not None:
            self.last = entry.serial
        self.current = taken


def purging(base, *names):
    """Entries leave before any callback runs, where CPython's leave in callbacks of their own: whoever asks, finds the
    dead ones gone, and puts new ones behind those that are there."""

    def purged(inherited):
        def method(self, *arguments):
            self.purge()
            return inherited(self, *arguments)
        return method

    for name in names:
        setattr(base, name, purged(getattr(base, name)))


class Table(dict):
    """A value that is replaced keeps its place in the order, for cursors as well."""

    def __setitem__(self, key, reference):
        replaced = self.get(key)
        if replaced is not None:
            reference.serial = replaced.serial
        super().__setitem__(key, reference)


def equal(a, b):
    """As in CPython, but that identical values are compared, too."""
    matched = 0
    for key, value in b.items():
        try:
            mine = a[key]
        except KeyError:
            return False
        if not mine == value:
            return False
        matched += 1
    return matched == len(a)


class WeakValueDictionary(rebound(weakref.WeakValueDictionary, KeyedRef=ValueReference)):
    def __init__(self):
        super().__init__()
        self.data = Table()

    def purge(self):
        for key in [key for key, reference in self.data.items() if reference() is None]:
            del self.data[key]

    def entries(self):
        return [(reference, key, reference) for key, reference in self.data.items()]

    __eq__ = equal

    def update(self, other=()):
        for key, value in other.items() if other else ():
            self[key] = value

    def copy(self):
        new = WeakValueDictionary()
        new.update(self)
        return new

    def keys(self):
        return Cursor(self, lambda entry, key, value: DEAD if entry() is None else key)

    __iter__ = keys

    def values(self):
        return Cursor(self, lambda entry, key, value: live(entry()))

    def items(self):
        def take(entry, key, value):
            referent = entry()
            return DEAD if referent is None else (key, referent)
        return Cursor(self, take)

    def itervaluerefs(self):
        return Cursor(self, lambda entry, key, value: DEAD if entry() is None else entry)


purging(WeakValueDictionary, "__len__", "__setitem__", "__delitem__", "pop", "popitem", "setdefault", "valuerefs")


class KeyDictionary:
    """What the two dictionaries that are weak in their keys share."""

    def __init__(self):
        super().__init__()
        self._remove = self.removal()

    def removal(self):
        # The value is destroyed here, in the entry's own place, with the dictionary let go.
        def remove(key, known=weakref.ref(self)):
            dictionary = known()
            value = key.owned if dictionary is None else dictionary.data.pop(key, key.owned)
            key.owned = dictionary = None
            value = None
        return remove

    def purge(self):
        for key in [key for key in self.data if key() is None]:
            key.owned = self.data.pop(key)

    def clear(self):
        # At once, then destroyed in order; CPython's are taken out one by one, the last first.
        self.purge()
        taken = list(self.data.items())
        self.data.clear()
        taken.reverse()
        while taken:
            del taken[-1]

    def entries(self):
        return [(key, key, value) for key, value in self.data.items()]

    __eq__ = equal

    def copy(self):
        new = type(self)()
        new.update(self)
        return new

    def keys(self):
        return Cursor(self, lambda entry, key, value: live(entry()))

    __iter__ = keys

    def values(self):
        return Cursor(self, lambda entry, key, value: DEAD if entry() is None else value)

    def items(self):
        def take(entry, key, value):
            referent = entry()
            return DEAD if referent is None else (referent, value)
        return Cursor(self, take)


class WeakKeyDictionary(KeyDictionary, rebound(weakref.WeakKeyDictionary, ref=KeyReference)):
    pass


class WeakIdKeyDictionary(KeyDictionary, rebound(weakref.WeakKeyDictionary, ref=IdentityReference)):
    pass


for dictionary in (WeakKeyDictionary, WeakIdKeyDictionary):
    purging(dictionary, "__len__", "popitem", "keyrefs")


class OrderedSet(collections.abc.MutableSet):
    """The set of references in a WeakSet, in the order of insertion; CPython's has none."""

    def __init__(self, elements=()):
        self.elements = dict.fromkeys(elements)

    def __contains__(self, element):
        return element in self.elements

    def __iter__(self):
        return iter(self.elements)

    def __len__(self):
        return len(self.elements)

    def __repr__(self):
        return "{" + ", ".join(map(repr, self)) + "}" if self.elements else "set()"

    def add(self, element):
        self.elements.setdefault(element)

    def discard(self, element):
        self.elements.pop(element, None)

    def remove(self, element):
        del self.elements[element]

    def pop(self):
        if not self.elements:
            raise KeyError
        return self.elements.popitem()[0]

    def clear(self):
        self.elements.clear()

    def difference_update(self, elements):
        for element in elements:
            self.discard(element)

    def symmetric_difference_update(self, elements):
        for element in OrderedSet(elements):
            if element in self:
                self.discard(element)
            else:
                self.add(element)

    def issubset(self, elements):
        return self <= OrderedSet(elements)

    def issuperset(self, elements):
        return all(element in self for element in elements)


class WeakSetBase:
    def __init__(self, elements=()):
        super().__init__()
        self.data = OrderedSet()
        self.update(elements)

    def purge(self):
        for reference in [reference for reference in self.data if reference() is None]:
            self.data.discard(reference)

    def entries(self):
        return [(reference, reference, None) for reference in self.data]

    def __iter__(self):
        return Cursor(self, lambda entry, key, value: live(entry())).begin()

    def intersection_update(self, other):
        # CPython's puts references in that do not notice deaths.
        kept = type(self)(element for element in other if element in self)
        for element in self:
            if element not in kept:
                self.discard(element)

    def __iand__(self, other):
        self.intersection_update(other)
        return self


class WeakSet(WeakSetBase, rebound(weakref.WeakSet, ref=KeyReference)):
    pass


class WeakIdSet(WeakSetBase, rebound(weakref.WeakSet, ref=IdentityReference)):
    pass


for weak_set in (WeakSet, WeakIdSet):
    purging(weak_set, "__len__", "pop", "__eq__", "__lt__", "__gt__", "issubset", "__repr__")


# ---- texts


def repr_of(value):
    """The repr of a dead proxy is CPython's since 3.13, and so are the quotes around a class."""
    text = repr(value)
    if type(value) is weakref.ProxyType:
        text = re.sub(r" to NoneType at 0x[0-9a-f]+", "; dead", text)
        text = re.sub(r"(0x[0-9a-f]+) to (\w+) at", r"\1; to '\2' at", text)
    return text


def method(function, owner):
    """The message is CPython's since 3.12."""
    if owner is None and function is not None:
        raise TypeError("instance must not be None")
    return types.MethodType(function, owner)


def is_flaw(error):
    """A WeakMethod that goes in the death of its function, in which CPython looks for what is there no more."""
    return isinstance(error, AttributeError) and "_alive" in str(error)
