"""Objects themselves and their members, and what can be asked of anything."""

import weakref

import specified

from . import show
from .machine import Inapplicable, machine, operation
from .things import Function, HookedThing, LargeThing, Tagged, Thing

show.KINDS.update({Thing: "object", HookedThing: "object", LargeThing: "object", Function: "function", Tagged: "tagged"})


def at(operands, i):
    if i >= len(operands):
        raise Inapplicable
    return operands[i]


def word(statement, i):
    if i >= len(statement.operands):
        raise Inapplicable
    return statement.operands[i]


def of_kind(value, kind):
    """The value, if it is of that kind."""
    if show.kind(value) != kind:
        raise Inapplicable
    return value


def thing(operands, i):
    """A thing, or None."""
    value = at(operands, i)
    return value if value is None else of_kind(value, "object")


def owned_thing(owned):
    return owned if owned is None else of_kind(owned, "object")


@operation("make")
def make(statement, operands, owned):
    first = statement.operands[0] if statement.operands else ""
    value = int(first) if first.isdigit() else None
    if statement.block:
        return HookedThing(value, statement.block)
    return LargeThing(None) if first == "large" else Thing(value)


operation("drop")(lambda statement, operands, owned: None)
operation("alias")(lambda statement, operands, owned: at(operands, 0))
operation("is")(lambda statement, operands, owned: show.same(at(operands, 0), at(operands, 1)))
operation("show")(lambda statement, operands, owned: show.show(at(operands, 0)))


@operation("run")
def run(statement, operands, owned):
    machine.run_block(machine.run, statement.block, None)


@operation("eq", "object", "proxy")
def equal(statement, operands, owned):
    if type(at(operands, 1)) is not weakref.ProxyType:
        of_kind(operands[1], "object")
    return specified.compared(operands[0], operands[1])


operation("hash", "object")(lambda statement, operands, owned: hash(operands[0]))


@operation("repr", "object", "reference", "tagged", "keyed", "weakmethod", "finalizer", "WeakSet", "proxy")
def repr_of(statement, operands, owned):
    return show.anonymous(specified.repr_of(operands[0]))


operation("count", "object", "none", "function")(
    lambda statement, operands, owned: specified.getweakrefcount(at(operands, 0)))
operation("list", "object", "none")(lambda statement, operands, owned: specified.getweakrefs(at(operands, 0)))


@operation("set", "object", "proxy")
def set_member(statement, operands, owned):
    value = at(operands, 2)
    operands[0].set(statement.operands[1], value)


operation("get", "object", "proxy")(lambda statement, operands, owned: operands[0].get(word(statement, 1)))
operation("del", "object", "proxy")(lambda statement, operands, owned: operands[0].erase(word(statement, 1)))
operation("contains", "object", "proxy")(lambda statement, operands, owned: word(statement, 1) in operands[0])
operation("len", "object", "proxy")(lambda statement, operands, owned: len(operands[0]))
