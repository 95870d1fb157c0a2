"""Values, results and exceptions as traces show them."""

import re
import types
import weakref

KINDS = {  # by type; those of things and of the specified containers are added where they are
    type(None): "none",
    bool: "truth",
    int: "number",
    str: "text",
    list: "list",
    weakref.ref: "reference",
    weakref.KeyedRef: "keyed",
    weakref.WeakMethod: "weakmethod",
    weakref.ProxyType: "proxy",
    weakref.finalize: "finalizer",
    types.MethodType: "method",
}
REFERENCES = {"reference", "tagged", "keyed", "weakmethod"}
CONTAINERS = {"WeakValueDictionary", "WeakKeyDictionary", "WeakIdKeyDictionary", "WeakSet", "WeakIdSet", "iteration"}

ADDRESS = re.compile(r"0x[0-9a-f]+")

call_reference = weakref.ref.__call__


def kind(value):
    return KINDS[type(value)]


def names_of(value):
    from .machine import machine

    names = [name for name, other in machine.variables.items() if other is value and name != "it"]
    return " = " + ",".join(sorted(names)) if names else ""


def referent_of(reference):
    referent = call_reference(reference)
    return "dead" if referent is None else f"#{referent.number}"


def show_proxy(proxy):
    try:
        return f"proxy(#{proxy.number})"
    except ReferenceError:
        return "proxy(dead)"


def show(value):
    shown = KINDS[type(value)]
    if shown == "object":
        return f"#{value.number}"
    if shown in REFERENCES:
        return f"ref({referent_of(value)}){names_of(value)}"
    if shown == "proxy":
        return show_proxy(value) + names_of(value)
    if shown == "finalizer":
        return ("finalize(alive)" if value.alive else "finalize(dead)") + names_of(value)
    if shown == "function":
        return f"function {value.block}"
    if shown == "method":
        return f"method {value.__func__.block} of #{value.__self__.number}"
    if shown == "list":
        return "[" + ", ".join(map(show, value)) + "]"
    if shown in CONTAINERS:
        return shown + names_of(value)
    return str(value)


def same(a, b):
    if type(a) in (bool, int, str):
        return type(a) is type(b) and a == b
    return a is b


def anonymous(text):
    return ADDRESS.sub("@", text)


def describe(error):
    name = type(error).__name__
    if name == "Inapplicable":
        return "not applicable"
    if name == "StopIteration":
        return name
    return f"{name}: {anonymous(str(error))}"
