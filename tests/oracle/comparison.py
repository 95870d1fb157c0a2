"""Runs many programs in one process on each side, and compares the traces."""

import difflib
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
END = "===\n"
SECONDS = 60  # A process that takes longer hangs.


def interpreters(build):
    """CPython first."""
    return ([sys.executable, "-B", "-S", str(HERE / "oracle.py")], [str(build / "tests/oracle/weakref-oracle")])


class Process:
    """An interpreter at work on some programs."""

    def __init__(self, command, texts):
        self.command = command
        self.texts = texts
        self.traces = []
        self.start()

    def start(self):
        self.output = tempfile.TemporaryFile()
        self.errors = tempfile.TemporaryFile()
        programs = tempfile.TemporaryFile()
        programs.write("".join(text + END for text in self.texts[len(self.traces):]).encode())
        programs.seek(0)
        self.process = subprocess.Popen(self.command, stdin=programs, stdout=self.output, stderr=self.errors)
        self.deadline = time.monotonic() + SECONDS

    def finish(self):
        """The traces of all programs. One that ended its process has what is known of that."""
        while True:
            try:
                status = self.process.wait(max(0.1, self.deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                status = "hangs"
            self.output.seek(0)
            *complete, rest = ("\n" + self.output.read().decode(errors="replace")).split("\n===")
            self.traces += complete
            if len(self.traces) >= len(self.texts):
                return self.traces
            self.errors.seek(0)
            message = self.errors.read().decode(errors="replace")[-4000:]
            self.traces.append(f"{rest}\nended: {status}\n{message}")
            if len(self.traces) == len(self.texts):
                return self.traces
            self.start()


class Running:
    def __init__(self, commands, texts):
        self.processes = [Process(command, texts) for command in commands]

    def traces(self):
        return [process.finish() for process in self.processes]

    def diverging(self):
        """The indexes of the programs whose traces differ."""
        expected, found = self.traces()
        return [i for i, trace in enumerate(expected) if trace != found[i]]


def begin(commands, texts):
    return Running(commands, texts)


def diverging(commands, texts):
    return begin(commands, texts).diverging()


def difference(commands, text):
    (expected,), (found,) = begin(commands, [text]).traces()
    return "\n".join(difflib.unified_diff(expected.strip().split("\n"), found.strip().split("\n"), "CPython", "weakref",
                                          lineterm="", n=100))
