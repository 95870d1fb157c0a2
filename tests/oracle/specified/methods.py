"""CPython's methods of containers, made to work as specified."""

import types


def rebound(base, **names):
    """A class with the methods of CPython's, for which global names mean something else."""
    methods = {
        name: types.FunctionType(member.__code__, dict(member.__globals__, **names), name, member.__defaults__,
                                 member.__closure__)
        for name, member in vars(base).items() if isinstance(member, types.FunctionType)}
    return type(base)(base.__name__, base.__bases__, methods)


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
