"""Iteration."""

import weakref

from .references import serials

PASSED_BY = object()  # what a cursor does not stop at


class Cursor:
    """Iteration: a cursor over what was there when it was made, which holds no more than the current element.

    CPython up to 3.13 holds removals back while somebody iterates, 3.14 copies the container and yields what was
    deleted explicitly since; the specification allows a cursor, which does not.
    """

    __slots__ = ("container", "take", "end", "last", "place", "current", "begun")

    def __init__(self, container, take):
        self.container = weakref.ref(container)
        self.take = take
        self.end = next(serials)
        self.last = -1
        self.place = self.current = None
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
        if self.place is None:
            raise StopIteration
        return self.current

    def step(self):
        container = self.container()
        for entry, key, value in container.entries() if container is not None else ():
            if self.last < entry.serial < self.end:
                taken = self.take(entry, key, value)
                if taken is not PASSED_BY:
                    break
        else:
            entry = taken = None
            self.end = -1
        container = key = value = None
        self.place = entry
        if entry is not None:
            self.last = entry.serial
        left, self.current = self.current, taken
        entry = taken = None
        left = None  # last, as it may step once more


def live_referent(entry, key, value):
    referent = entry()
    return PASSED_BY if referent is None else referent
