"""What programs refer to."""

import weakref

from .machine import machine


# Things that make and drop things without end die one in another; how deep deaths nest before they are put off is
# neither's promise.
LAST_TO_RUN_A_BLOCK = 20


class Farewell:
    """A thing's first member, which dies where a destructor would run."""

    __slots__ = ("number", "run")

    def __init__(self, number):
        self.number = number
        self.run = machine.run

    def __del__(self):
        if self.run == machine.run:
            machine.emit(f"dies #{self.number}")


class Thing:
    """Has members, which it owns, and perhaps a value, by which it is equal to others."""

    # Slots are cleared in the order of their names.
    __slots__ = ("a_farewell", "b_members", "number", "run", "value", "__weakref__")
    __module__ = "builtins"  # reprs name no module

    def __init__(self, value):
        machine.things += 1
        self.number = machine.things
        self.run = machine.run
        self.value = value
        self.a_farewell = Farewell(self.number)
        self.b_members = {}

    def __hash__(self):
        return 1000 + self.number if self.value is None else self.value % 3

    def __eq__(self, other):
        if type(other) is weakref.ProxyType:
            other = other.itself()  # C++ has both operands of a == unwrapped
        if not isinstance(other, Thing):
            return NotImplemented
        if self.run == machine.run:
            machine.interrupt()
        return self is other or (self.value is not None and self.value == other.value)

    def itself(self):
        return self

    def __len__(self):
        return len(self.b_members)

    def __contains__(self, member):
        return member in self.b_members

    def set(self, member, value):
        self.b_members[member] = value

    def get(self, member):
        return self.b_members.get(member)

    def erase(self, member):
        if member not in self.b_members:
            return False
        del self.b_members[member]
        return True


class HookedThing(Thing):
    """One with a __del__ that runs a block."""

    __slots__ = ("block",)
    __module__ = "builtins"

    def __init__(self, value, block):
        super().__init__(value)
        self.block = block

    def __del__(self):
        if self.run == machine.run:
            machine.emit(f"del #{self.number}")
            if self.number <= LAST_TO_RUN_A_BLOCK:
                machine.run_block(self.run, self.block, self)


class LargeThing(Thing):
    __slots__ = ()
    __module__ = "builtins"


class Function:
    """A function that may die: runs a block."""

    __slots__ = ("block", "run", "__weakref__")

    def __init__(self, block):
        self.block = block
        self.run = machine.run

    def __call__(self, thing):
        machine.run_block(self.run, self.block, thing)


class Callback:
    """Runs a block with the reference that is dead; may own a thing."""

    __slots__ = ("block", "run", "owned")

    def __init__(self, block, owned):
        self.block = block
        self.run = machine.run
        self.owned = owned

    def __call__(self, dead):
        machine.run_block(self.run, self.block, dead)


class Action:
    """What a finalizer does: runs a block with its argument."""

    __slots__ = ("block", "run")

    def __init__(self, block):
        self.block = block
        self.run = machine.run

    def __call__(self, argument):
        machine.run_block(self.run, self.block, argument)
        return "done"


class Tagged(weakref.ref):
    """A reference of a class of its own."""

    __slots__ = ("tag",)

    def __new__(cls, referent, callback, tag):
        return super().__new__(cls, referent, callback)

    def __init__(self, referent, callback, tag):
        super().__init__(referent, callback)
        self.tag = tag
