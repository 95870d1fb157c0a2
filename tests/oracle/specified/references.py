"""References in containers, which know their place in the order."""

import itertools
import weakref

serials = itertools.count()
holding = []  # for each look-up that is under way what it found equal: the reference, and its referent


class KeyReference(weakref.ref):
    __slots__ = ("serial", "owned")

    def __new__(cls, referent, callback=None):
        self = super().__new__(cls, referent, callback)
        self.serial = next(serials)
        self.owned = None
        return self

    __hash__ = weakref.ref.__hash__

    def __eq__(self, other):
        mine, theirs = self(), other()
        if mine is None or theirs is None:
            return self is other
        if not mine == theirs:
            return False
        if holding:
            holding[-1].append((self, mine))
        return True


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
        if self is other:
            return True
        mine = self()
        if mine is None or mine is not other():
            return False
        if holding:
            holding[-1].append((self, mine))
        return True


class ValueReference(weakref.KeyedRef):
    __slots__ = ("serial",)

    def __new__(cls, referent, callback, key):
        self = super().__new__(cls, referent, callback, key)
        self.serial = next(serials)
        return self


def looks_up(reference):
    """CPython looks keys up by references to them, which user code sees meanwhile; here there are none."""
    return isinstance(reference, KeyReference) and reference.__callback__ is None


def getweakrefs(referent):
    return [reference for reference in weakref.getweakrefs(referent) if not looks_up(reference)]


def getweakrefcount(referent):
    return weakref.getweakrefcount(referent) - sum(map(looks_up, weakref.getweakrefs(referent)))
