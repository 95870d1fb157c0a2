"""References, proxies, methods and finalizers."""

import types
import weakref

import specified

from .machine import Inapplicable, operation
from .objects import at, of_kind, owned_thing, thing, word
from .show import REFERENCES, anonymous, kind
from .things import Action, Callback, Tagged

PLAIN = ("reference", "tagged", "keyed")


def callback_of(statement, owned):
    return Callback(statement.block, owned_thing(owned)) if statement.block else None


@operation("ref", "object", "none")
def ref(statement, operands, owned):
    return weakref.ref(at(operands, 0), callback_of(statement, owned))


@operation("tagged", "object", "none")
def tagged(statement, operands, owned):
    return Tagged(at(operands, 0), callback_of(statement, owned), 7)


@operation("keyed", "object", "none")
def keyed(statement, operands, owned):
    return weakref.KeyedRef(at(operands, 0), callback_of(statement, owned), word(statement, 1))


@operation("proxy", "object", "none")
def proxy(statement, operands, owned):
    return weakref.proxy(at(operands, 0), callback_of(statement, owned))


@operation("callback", *PLAIN)
def callback(statement, operands, owned):
    found = operands[0].__callback__
    return found.block if isinstance(found, Callback) else None


@operation("eq", *PLAIN, "weakmethod")
def equal(statement, operands, owned):
    if kind(at(operands, 1)) not in REFERENCES and kind(operands[1]) != "object":
        raise Inapplicable
    return operands[0] == operands[1]


operation("call", *PLAIN, "weakmethod", "method", "finalizer")(lambda statement, operands, owned: operands[0]())
operation("tag", "tagged")(lambda statement, operands, owned: operands[0].tag)
operation("key", "keyed")(lambda statement, operands, owned: operands[0].key)
operation("hash", *PLAIN, "weakmethod")(lambda statement, operands, owned: hash(operands[0]))


@operation("function")
def function(statement, operands, owned):
    from .things import Function

    return Function(statement.block)


@operation("method", "object", "none")
def method(statement, operands, owned):
    callable_object = at(operands, 1)
    if callable_object is not None:
        of_kind(callable_object, "function")
    return specified.method(callable_object, operands[0])


@operation("weakmethod", "method", "none")
def weakmethod(statement, operands, owned):
    return weakref.WeakMethod(at(operands, 0), callback_of(statement, owned))


operation("self", "method")(lambda statement, operands, owned: operands[0].__self__)
operation("function_of", "method")(lambda statement, operands, owned: operands[0].__func__)
operation("eq", "method")(lambda statement, operands, owned: operands[0] == of_kind(at(operands, 1), "method"))


@operation("finalize", "object", "none")
def finalize(statement, operands, owned):
    return weakref.finalize(at(operands, 0), Action(statement.block), owned_thing(owned))


def shown(info):
    if info is None:
        return None
    # No part of it has a name of its own: they go with it, the last first.
    name = "None" if info[2][0] is None else f"#{info[2][0].number}"
    return f"#{info[0].number} {info[1].block} {name}"


operation("alive", "finalizer")(lambda statement, operands, owned: operands[0].alive)
operation("peek", "finalizer")(lambda statement, operands, owned: shown(operands[0].peek()))
operation("detach", "finalizer")(lambda statement, operands, owned: shown(operands[0].detach()))


@operation("atexit", "finalizer")
def atexit(statement, operands, owned):
    if len(operands) > 1:
        operands[0].atexit = statement.operands[1] == "on"
    return operands[0].atexit
