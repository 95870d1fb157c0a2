"""References in containers, which know their place in the order."""

import gc
import itertools
import weakref

serials = itertools.count()
matches = []  # for each look-up that is under way the references that it found equal


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
        if matches:
            matches[-1].append(self)
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
        if matches:
            matches[-1].append(self)
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


def has_run(reference):
    """Who holds the reference of a finalizer that has run, holds that here, and it does not count any more."""
    if type(reference) is not weakref.ref or not isinstance(reference.__callback__, weakref.finalize):
        return False
    return not any(isinstance(referrer, weakref.finalize._Info) for referrer in gc.get_referrers(reference))


def is_hidden(reference):
    return looks_up(reference) or has_run(reference)


def getweakrefs(referent):
    return [reference for reference in weakref.getweakrefs(referent) if not is_hidden(reference)]


def getweakrefcount(referent):
    return weakref.getweakrefcount(referent) - sum(map(is_hidden, weakref.getweakrefs(referent)))
