"""Texts and errors."""

import re
import traceback
import types
import weakref


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


def compared(a, b):
    """CPython 3.13 keeps the referent of one proxy forever when the other one is dead: asks both before it compares."""
    for operand in (a, b):
        if type(operand) is weakref.ProxyType:
            operand.itself()
    return a == b


def unwind(error):
    """In C++, what a function was at when it threw is gone before anybody hears of that."""
    traceback.clear_frames(error.__traceback__)


def is_flaw(error):
    """A WeakMethod that goes in the death of its function, in which CPython looks for what is there no more."""
    return isinstance(error, AttributeError) and "_alive" in str(error)
