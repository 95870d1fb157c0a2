"""Checks table.md against the cases of weakref-conformance, and against CPython's own tests where they are installed.

check.py table.md weakref-conformance [CPython's folder of tests]

Every test of CPython has a row. Every row has a case, or is "not applicable" and gives a reason. Every case of a suite
that has the name of one of CPython's classes has a row.
"""

import ast
import pathlib
import re
import subprocess
import sys
import sysconfig

# Which tests of which of CPython's files the table is about.
TESTED_FILES = {
    "test_weakref.py": lambda name: True,
    "test_weakset.py": lambda name: True,
    "test_copy.py": lambda name: "weak" in name,
    "test_finalization.py": lambda name: True,
}
VERDICTS = ("as is", "adapted", "not applicable")


def rows_of(table):
    """(file, test, verdict, how or why) of every row; a heading names the file."""
    file = None
    for line in table.read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"## (\S+\.py).*", line):
            file = heading[1]
        elif row := re.fullmatch(r"\| `([\w.]+)` \|(.*)\|(.*)\|", line):
            yield file, row[1], row[2].strip(), row[3].strip()


def cases_of(program):
    """suite.case of every case of a Boost.Test program, which lists them as a tree."""
    listed = subprocess.run([program, "--list_content"], check=True, capture_output=True, text=True)
    suite = None
    for line in (listed.stdout + listed.stderr).splitlines():
        name = line.strip().rstrip("*")
        if not line.startswith(" "):
            suite = name
        elif name:
            yield f"{suite}.{name}"


class Module:
    """The classes of a file of tests, and what it imports from others."""

    def __init__(self, path):
        self.path = path
        tree = ast.parse(path.read_text(encoding="utf-8"))
        self.classes = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
        self.toplevel = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
        self.imported = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "test":
                self.imported.update({name.asname or name.name: name.name for name in node.names})
        self.doctests = [
            key.value
            for node in tree.body
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", None) == "__test__"
            for key in node.value.keys
        ]

    def base(self, node):
        """The module and the name of a base class; None for those of other packages, but unittest.TestCase."""
        if isinstance(node, ast.Name):
            return (self, node.id) if node.id in self.classes else None
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "unittest":
                return "unittest"
            if module := self.imported.get(node.value.id):
                path = self.path.parent / f"{module}.py"
                return (Module(path), node.attr) if path.exists() else None
        return None

    def tests(self, name):
        """The tests of a class, inherited ones included, and whether it is a test case."""
        found, runs = set(), False
        for node in self.classes[name].body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"):
                found.add(node.name)
        for base in map(self.base, self.classes[name].bases):
            if base == "unittest":
                runs = True
            elif base:
                inherited, inherited_runs = base[0].tests(base[1])
                found |= inherited
                runs |= inherited_runs
        return found, runs


def tests_of(path):
    """class.test of every test that unittest runs, or doctest."""
    module = Module(path)
    for name in module.toplevel:
        tests, runs = module.tests(name)
        if runs:
            yield from (f"{name}.{test}" for test in sorted(tests))
    yield from (f"doctest.{name}" for name in module.doctests)


def complaints(rows, cases, installed):
    """What is wrong with the table, or with the program."""
    verdicts = {}
    for file, test, verdict, reason in rows:
        if file is None:
            yield f"{test}: the row stands under no file"
        if test in verdicts:
            yield f"{test}: two rows"
        verdicts[test] = verdict
        if verdict not in VERDICTS:
            yield f"{test}: the verdict '{verdict}' is none of {', '.join(VERDICTS)}"
        if verdict == "not applicable":
            if not reason:
                yield f"{test}: no reason why it does not apply"
            if test in cases:
                yield f"{test}: does not apply, but has a case"
        elif test not in cases:
            yield f"{test}: no case"
    classes = {test.split(".")[0] for test in verdicts}
    for case in sorted(cases - verdicts.keys()):
        if case.split(".")[0] in classes:
            yield f"{case}: no row in the table"
    known = {(file, test) for file, test, _, _ in rows}
    for file, concerns in TESTED_FILES.items():
        if (installed / file).exists():
            for test in tests_of(installed / file):
                if concerns(test) and (file, test) not in known:
                    yield f"{file}: {test} is new: the table has no row for it"


def main(table, program, installed=None):
    installed = pathlib.Path(installed or pathlib.Path(sysconfig.get_path("stdlib")) / "test")
    rows = list(rows_of(pathlib.Path(table)))
    found = list(complaints(rows, set(cases_of(program)), installed))
    for complaint in found:
        print(complaint)
    missing = [file for file in TESTED_FILES if not (installed / file).exists()]
    if missing:
        print(f"Not checked, because {installed} does not have them: {', '.join(missing)}")
    applicable = sum(verdict != "not applicable" for _, _, verdict, _ in rows)
    print(f"{len(rows)} tests, {applicable} of which apply; {len(found)} complaints")
    return bool(found) or not rows


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
