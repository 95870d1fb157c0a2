"""Runs programs, one after the other, and writes what happens."""

import sys

from . import show
from .language import Program

MOST_STEPS = 300
DEEPEST = 12
MOST_ROUNDS = 5  # of dropping variables, which may be set again meanwhile

OPERATIONS = {}  # (verb, kind of the first operand) or verb: what it does


class Raised(Exception):
    """What the statement `raise` throws."""


class Inapplicable(Exception):
    """A verb was given what it has nothing to do with."""


class Machine:
    def __init__(self):
        self.program = None
        self.run = 0  # of programs: what an earlier one left behind does nothing and says nothing any more
        self.variables = {}
        self.armed = ""
        self.things = self.steps = self.depth = 0
        self.trace = []

    def run_program(self, text):
        self.program = Program(text)
        self.run += 1
        self.things = self.steps = self.depth = 0
        self.execute_all(self.program.statements)
        if not self.program.exits:
            self.finish()

    def finish(self):
        self.emit("the end")
        variables = self.variables
        dropped_any = True
        rounds = 0
        while dropped_any and rounds < MOST_ROUNDS:
            rounds += 1
            dropped_any = False
            for name in sorted(variables):
                if variables[name] is not None:
                    dropped_any = True
                    variables[name] = None
        self.run += 1
        variables.clear()
        self.program = None

    def execute_all(self, statements):
        """The name that was raised, or None."""
        for statement in statements:
            self.steps += 1
            if self.steps > MOST_STEPS:
                if self.steps == MOST_STEPS + 1:
                    self.emit("out of steps")
                return None
            if statement.verb == "raise":
                name = statement.operands[0] if statement.operands else "nothing"
                self.emit(f"{statement.line} raises {name}")
                return name
            self.execute(statement)
        return None

    def execute(self, statement):
        # What a statement works with goes when it is done: the result first, then the operands, last first.
        variables = self.variables
        operands = [variables.get(word) for word in statement.operands]
        owned = variables.get(statement.owned) if statement.owned else None
        result = None
        done = False
        if statement.meanwhile:
            self.armed = statement.meanwhile
        try:
            operation = OPERATIONS.get((statement.verb, show.kind(operands[0] if operands else None)))
            if operation is None:
                operation = OPERATIONS.get(statement.verb, inapplicable)
            result = operation(statement, operands, owned)
            text = show.show(result)
            done = True
        except Exception as error:
            text = show.describe(error)
        if statement.meanwhile:
            self.armed = ""
        self.emit(f"{statement.line} {text}")
        if done and statement.target:
            variables[statement.target] = result
        result = None
        owned = None
        while operands:
            del operands[-1]

    def run_block(self, run, block, it):
        """Runs a block of a program, if that is still running. Raises what the block raises."""
        if run != self.run:
            return
        self.emit(f"block {block}: {show.show(it)}")
        statements = self.program.blocks.get(block)
        if statements is None or self.depth == DEEPEST:
            return
        variables = self.variables
        outer = variables.get("it")
        variables["it"] = it
        it = None
        self.depth += 1
        raised = self.execute_all(statements)
        self.depth -= 1
        frame = variables["it"]
        variables["it"] = outer
        outer = None
        frame = None
        if raised is not None:
            raise Raised(raised)

    def interrupt(self):
        """Runs the block that is to run meanwhile, once."""
        if self.armed:
            block = self.armed
            self.armed = ""
            self.run_block(self.run, block, None)

    def emit(self, text):
        self.trace.append("  " * self.depth + text)

    def flush(self):
        if self.trace:
            sys.stdout.write("\n".join(self.trace) + "\n")
        sys.stdout.flush()
        self.trace.clear()


def inapplicable(statement, operands, owned):
    raise Inapplicable


def operation(verb, *kinds):
    """Makes a function what a verb does, with first operands of these kinds, or with any."""

    def add(function):
        for kind in kinds:
            OPERATIONS[verb, kind] = function
        if not kinds:
            OPERATIONS[verb] = function
        return function

    return add


machine = Machine()
