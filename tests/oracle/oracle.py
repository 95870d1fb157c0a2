#!/usr/bin/env python3
"""Runs programs on CPython: reads them from the standard input, each ended by a line "===", and writes traces likewise.

See README.md for the language.
"""

import atexit
import gc
import os
import sys

import specified
from interpreter import containers, objects, references  # noqa: F401: what verbs do
from interpreter.machine import machine
from interpreter.show import describe

PROGRAMS_PER_COLLECTION = 200


def report_unraisable(unraisable):
    specified.unwind(unraisable.exc_value)
    if not specified.is_flaw(unraisable.exc_value):
        machine.emit("unraisable " + describe(unraisable.exc_value))


def report_at_exit(kind, error, traceback):
    specified.unwind(error)
    machine.emit("at exit " + describe(error))


def finish_at_exit():
    """After the finalizers of the exit, which are registered later."""
    if machine.program is not None and machine.program.exits:
        machine.finish()
        machine.flush()
        os._exit(0)


def run_to_the_exit(text):
    """In a process of its own. True in that process, which is to exit."""
    child = os.fork()
    if child == 0:
        machine.run_program(text)
        machine.emit("exit")
        return True
    if os.waitpid(child, 0)[1] != 0:
        machine.emit("crashed")
    return False


def run(text):
    """True: the process is to exit."""
    if "\nexit\n" in "\n" + text:
        if run_to_the_exit(text):
            return True
    else:
        machine.run_program(text)
    machine.emit("===")
    machine.flush()
    return False


def main():
    # There is no cycle collector in C++. What programs leave behind is collected when it has nothing more to say.
    gc.disable()
    atexit.register(finish_at_exit)
    sys.unraisablehook = report_unraisable
    lines = []
    programs = 0
    for line in sys.stdin:
        if line != "===\n":
            lines.append(line)
            continue
        if run("".join(lines)):
            sys.excepthook = report_at_exit
            return
        lines.clear()
        programs += 1
        if programs % PROGRAMS_PER_COLLECTION == 0:
            gc.collect()


if __name__ == "__main__":
    main()
