"""The weak sets: CPython's methods, but for what is here."""

import collections.abc
import weakref

from .cursor import Cursor, live_referent
from .methods import purging, rebound
from .references import IdentityReference, KeyReference


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
        if element not in self.elements:
            self.elements[element] = None

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

    def add(self, item):
        # Looks first: where the element is there, no other reference to it is made, which == would find.
        if item not in self:
            super().add(item)

    def entries(self):
        return [(reference, reference, None) for reference in self.data]

    def __iter__(self):
        return Cursor(self, live_referent).begin()

    def intersection_update(self, other):
        # CPython's puts references in that do not notice deaths.
        kept = type(self)(element for element in other if weakref.ref(element) and element in self)
        for element in self:
            if element not in kept:
                self.discard(element)
            element = None

    def __iand__(self, other):
        self.intersection_update(other)
        return self


class WeakSet(WeakSetBase, rebound(weakref.WeakSet, ref=KeyReference)):
    pass


class WeakIdSet(WeakSetBase, rebound(weakref.WeakSet, ref=IdentityReference)):
    pass


for weak_set in (WeakSet, WeakIdSet):
    purging(weak_set, "__len__", "pop", "__eq__", "__lt__", "__gt__", "__le__", "issubset", "__repr__")
