"""The weak dictionaries: CPython's methods, but for what is here."""

import weakref

from .cursor import PASSED_BY, Cursor, live_referent
from .methods import purging, rebound
from .references import IdentityReference, KeyReference, ValueReference, matches


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
        key = value = mine = None  # C++'s variables end with each round
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
        return Cursor(self, lambda entry, key, value: PASSED_BY if entry() is None else key)

    __iter__ = keys

    def values(self):
        return Cursor(self, live_referent)

    def items(self):
        def take(entry, key, value):
            referent = entry()
            return PASSED_BY if referent is None else (key, referent)
        return Cursor(self, take)

    def itervaluerefs(self):
        return Cursor(self, lambda entry, key, value: PASSED_BY if entry() is None else entry)


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

    # What dead entries own is destroyed in its place though the dictionary goes before that.
    __del__ = purge

    def find(self, key):
        """The reference in the dictionary, or None."""
        found = []
        matches.append(found)
        try:
            is_there = self.reference(key) in self.data
        finally:
            matches.pop()
        return found[-1] if is_there else None

    def __setitem__(self, key, value):
        # Looks first: CPython's dict takes a key twice when the == of an insertion clears it. Where the key is there, no
        # other reference to it is made, which the death of the old value would find.
        reference = self.find(key)
        if reference is None:
            super().__setitem__(key, value)
            return
        old = self.data[reference]
        self.data[reference] = value
        reference = None
        old = None

    def setdefault(self, key, value):
        key in self
        return super().setdefault(key, value)

    def update(self, other):
        for key, value in other.items():
            self[key] = value
            key = value = None  # C++'s variables end with each round

    def clear(self):
        # At once, then destroyed in order; CPython's are taken out one by one, the last first.
        self.purge()
        taken = list(self.data.items())
        self.data.clear()
        taken.reverse()
        while taken:
            key, value = taken.pop()
            key = None  # before what the entry kept
            value = None

    def entries(self):
        return [(key, key, value) for key, value in self.data.items()]

    __eq__ = equal

    def copy(self):
        new = type(self)()
        new.update(self)
        return new

    def keys(self):
        return Cursor(self, live_referent)

    __iter__ = keys

    def values(self):
        return Cursor(self, lambda entry, key, value: PASSED_BY if entry() is None else value)

    def items(self):
        def take(entry, key, value):
            referent = entry()
            return PASSED_BY if referent is None else (referent, value)
        return Cursor(self, take)


class WeakKeyDictionary(KeyDictionary, rebound(weakref.WeakKeyDictionary, ref=KeyReference)):
    reference = KeyReference


class WeakIdKeyDictionary(KeyDictionary, rebound(weakref.WeakKeyDictionary, ref=IdentityReference)):
    reference = IdentityReference


for dictionary in (WeakKeyDictionary, WeakIdKeyDictionary):
    purging(dictionary, "__len__", "popitem", "keyrefs")
