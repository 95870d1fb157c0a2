"""The weak containers and iteration over them."""

import specified

from . import show
from .machine import operation
from .objects import at, of_kind, thing, word

KEYED_BY_THINGS = ("WeakKeyDictionary", "WeakIdKeyDictionary")
DICTIONARIES = ("WeakValueDictionary", *KEYED_BY_THINGS)
SETS = ("WeakSet", "WeakIdSet")

for name in DICTIONARIES + SETS:
    show.KINDS[getattr(specified, name)] = name
show.KINDS.update({specified.Cursor: "iteration", specified.KeyReference: "reference",
                   specified.IdentityReference: "reference", specified.ValueReference: "keyed"})
for name in DICTIONARIES:
    operation(name)(lambda statement, operands, owned, made=getattr(specified, name): made())


def key(statement, operands, i):
    if type(operands[0]) is specified.WeakValueDictionary:
        return word(statement, i)
    return thing(operands, i)


def show_item(item):
    return f"{show.show(item[0])}: {show.show(item[1])}"


def on_dictionaries(verb):
    return operation(verb, *DICTIONARIES)


on_dictionaries("item")(lambda statement, operands, owned: operands[0][key(statement, operands, 1)])
on_dictionaries("contains")(lambda statement, operands, owned: key(statement, operands, 1) in operands[0])
operation("len", *DICTIONARIES, *SETS)(lambda statement, operands, owned: len(operands[0]))


def fallback(operands):
    return (thing(operands, 2),) if len(operands) > 2 else ()


on_dictionaries("get")(
    lambda statement, operands, owned: operands[0].get(key(statement, operands, 1), *fallback(operands)))
on_dictionaries("pop")(
    lambda statement, operands, owned: operands[0].pop(key(statement, operands, 1), *fallback(operands)))
on_dictionaries("popitem")(lambda statement, operands, owned: show_item(operands[0].popitem()))
on_dictionaries("setdefault")(
    lambda statement, operands, owned: operands[0].setdefault(key(statement, operands, 1), thing(operands, 2)))
on_dictionaries("items")(
    lambda statement, operands, owned: "{" + ", ".join(map(show_item, operands[0].items())) + "}")


@on_dictionaries("set")
def set_item(statement, operands, owned):
    operands[0][key(statement, operands, 1)] = thing(operands, 2)


@on_dictionaries("del")
def delete_item(statement, operands, owned):
    del operands[0][key(statement, operands, 1)]


def other(operands):
    return of_kind(at(operands, 1), show.kind(operands[0]))


on_dictionaries("update")(lambda statement, operands, owned: operands[0].update(other(operands)))
operation("copy", *DICTIONARIES, *SETS)(lambda statement, operands, owned: operands[0].copy())
operation("clear", *DICTIONARIES, *SETS)(lambda statement, operands, owned: operands[0].clear())
operation("deepcopy", "WeakValueDictionary")(lambda statement, operands, owned: operands[0].__deepcopy__({}))
operation("refs", "WeakValueDictionary")(lambda statement, operands, owned: operands[0].valuerefs())
operation("refs", *KEYED_BY_THINGS)(lambda statement, operands, owned: operands[0].keyrefs())

# ---- sets

for name in SETS:
    operation(name)(lambda statement, operands, owned, made=getattr(specified, name):
                    made([thing(operands, i) for i in range(len(operands))]))
for verb in ("add", "discard", "remove"):
    operation(verb, *SETS)(lambda statement, operands, owned, verb=verb: getattr(operands[0], verb)(thing(operands, 1)))
operation("contains", *SETS)(lambda statement, operands, owned: thing(operands, 1) in operands[0])
operation("pop", *SETS)(lambda statement, operands, owned: operands[0].pop())
operation("items", *SETS)(lambda statement, operands, owned: "{" + ", ".join(map(show.show, operands[0])) + "}")


def elements(operands):
    if len(operands) > 1 and type(operands[1]) is type(operands[0]):
        return operands[1]
    return [thing(operands, i) for i in range(1, len(operands))]


for verb in ("union", "intersection", "difference", "symmetric_difference", "issubset", "issuperset", "isdisjoint",
             "update", "intersection_update", "difference_update", "symmetric_difference_update"):
    operation(verb, *SETS)(
        lambda statement, operands, owned, verb=verb: getattr(operands[0], verb)(elements(operands)))

OPERATORS = {"|": "__or__", "&": "__and__", "-": "__sub__", "^": "__xor__", "|=": "__ior__", "&=": "__iand__",
             "-=": "__isub__", "^=": "__ixor__", "eq": "__eq__", "<=": "__le__", ">=": "__ge__", "<": "__lt__",
             ">": "__gt__"}
for verb, method in OPERATORS.items():
    operation(verb, *(SETS if verb not in ("|", "|=", "eq") else SETS + DICTIONARIES))(
        lambda statement, operands, owned, method=method: getattr(operands[0], method)(other(operands)))

# ---- iteration


@on_dictionaries("iter")
def iterate_dictionary(statement, operands, owned):
    walked = statement.operands[1] if len(operands) > 1 else "keys"
    if walked == "refs" and type(operands[0]) is specified.WeakValueDictionary:
        return operands[0].itervaluerefs()
    return getattr(operands[0], walked if walked in ("values", "items") else "keys")()


operation("iter", *SETS)(lambda statement, operands, owned: iter(operands[0]))


@operation("next", "iteration")
def step(statement, operands, owned):
    found = next(operands[0])
    return found[1] if type(found) is tuple else found
