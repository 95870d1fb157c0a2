"""A program as its text says it: see README.md for the language."""


class Statement:
    __slots__ = ("line", "target", "verb", "operands", "block", "owned", "meanwhile")

    def __init__(self, words, line):
        self.line = line
        self.target = self.block = self.owned = self.meanwhile = self.verb = ""
        self.operands = []
        if len(words) > 1 and words[0] == "meanwhile":
            self.meanwhile = words[1]
            words = words[2:]
        if len(words) > 1 and words[1] == "=":
            self.target = words[0]
            words = words[2:]
        if words:
            self.verb = words[0]
        following = iter(words[1:])
        for word in following:
            if word in ("do", "with"):
                name = next(following, None)
                if name is None:
                    self.operands.append(word)
                elif word == "do":
                    self.block = name
                else:
                    self.owned = name
            else:
                self.operands.append(word)
        if self.verb == "drop" and self.operands:
            self.target = self.operands[0]
            self.operands = []


class Program:
    __slots__ = ("blocks", "statements", "exits")

    def __init__(self, text):
        self.blocks = {}
        self.statements = []
        self.exits = False
        into = self.statements
        for number, line in enumerate(text.split("\n"), 1):
            words = line.partition("#")[0].split()
            if not words:
                continue
            if words[0] == "block" and len(words) == 2:
                into = self.blocks[words[1]] = []
            elif words[0] == "end":
                into = self.statements
            elif words[0] == "exit":
                self.exits = True
            else:
                into.append(Statement(words, number))
