"""Random programs, with a liking for what is nasty."""

import random

THINGS = "abcdef"
BLOCKS = ("B0", "B1", "B2", "B3")
KEYS = ("k1", "k2", "k3")
MEMBERS = ("x", "y")


class Writer:
    def __init__(self, rng):
        self.rng = rng
        self.subjects = rng.sample(SUBJECTS, rng.choice((1, 1, 2, 3)))

    def one_of(self, *choices):
        return self.rng.choice(choices)

    def often(self, chance):
        return self.rng.random() < chance

    def thing(self):
        return self.rng.choice(THINGS)

    def block(self):
        return self.rng.choice(BLOCKS)

    def with_block(self, statement, chance=0.6):
        if not self.often(chance):
            return statement
        owner = f" with {self.thing()}" if self.often(0.15) else ""
        return f"{statement} do {self.block()}{owner}"

    def make(self):
        value = self.one_of("", "", " 1", " 1", " 2", " 4", " large")
        return self.with_block(f"{self.thing()} = make{value}", 0.25).partition(" with")[0]

    def statement(self):
        if self.often(0.45):
            return general(self)
        return self.rng.choice(self.subjects)(self)

    def block_lines(self, name):
        lines = [f"block {name}"]
        for _ in range(self.rng.choice((0, 1, 1, 2, 2, 3, 4))):
            lines.append("  " + (in_block(self) if self.often(0.3) else self.statement()))
        if self.often(0.12):
            lines.insert(self.rng.randrange(1, len(lines) + 1), f"  raise oops{name[1]}")
        return lines + ["end"]

    def program(self):
        lines = []
        for name in BLOCKS:
            lines += self.block_lines(name)
        for name in self.rng.sample(THINGS, self.rng.choice((2, 3, 4))):
            lines.append(f"{name} = " + self.make().partition(" = ")[2])
        for subject in self.subjects:
            lines += SETUPS.get(subject, ())
        for _ in range(self.rng.randint(6, 24)):
            lines.append(self.statement())
        if self.often(0.02):
            lines.append("exit")
        return "\n".join(lines) + "\n"


def in_block(w):
    return w.one_of(f"{w.thing()} = alias it", f"{w.thing()} = call it", "call it", "show it", "drop it",
                    f"r = alias it", f"set it x {w.thing()}", f"set {w.thing()} y it", "count it", "list it",
                    f"is it {w.one_of(*'rst')}", f"r = ref it do {w.block()}", "hash it", f"p = proxy it do {w.block()}")


def general(w):
    a, b = w.thing(), w.thing()
    chance = w.rng.random()
    if chance < 0.25:
        return f"drop {a}"
    if chance < 0.45:
        return w.make()
    if chance < 0.52:
        return f"{a} = alias {b}"
    if chance < 0.66:
        return f"set {a} {w.rng.choice(MEMBERS)} {w.one_of(b, b, b, b, 'r', 'p', 'd1', 'k', 'u', 'z', 'n', 'm', 'h')}"
    if chance < 0.72:
        return f"{b} = get {a} {w.rng.choice(MEMBERS)}"
    if chance < 0.76:
        return f"del {a} {w.rng.choice(MEMBERS)}"
    if chance < 0.86:
        return w.with_block(f"{w.one_of(*'rst')} = ref {a}")
    return w.one_of(f"count {a}", f"list {a}", f"run do {w.block()}", f"eq {a} {b}", f"hash {a}", f"is {a} {b}",
                    f"repr {a}", f"{a} = call {w.one_of(*'rst')}", f"drop {w.one_of(*'rstpqkuizn', 'd1')}",
                    meanwhile(w, f"eq {a} {b}"))


def meanwhile(w, statement):
    return f"meanwhile {w.block()} {statement}"


def references(w):
    a, r, s = w.thing(), w.one_of(*"rst"), w.one_of(*"rst")
    return w.one_of(
        w.with_block(f"{r} = ref {a}"), w.with_block(f"{r} = ref {a}"), w.with_block(f"{r} = tagged {a}"),
        w.with_block(f"{r} = keyed {a} k1"), f"{a} = call {r}", f"callback {r}", f"eq {r} {s}", f"hash {r}",
        f"is {r} {s}", f"{r} = alias {s}", f"drop {r}", f"list {a}", f"l = list {a}", "drop l", f"count {a}", f"repr {r}",
        f"eq {r} {a}", meanwhile(w, f"eq {r} {s}"), f"set {a} x {r}")


def proxies(w):
    a, p, q = w.thing(), w.one_of(*"pq"), w.one_of(*"pq")
    return w.one_of(
        w.with_block(f"{p} = proxy {a}"), f"{p} = proxy {a}", f"r = ref {a} do {w.block()}", f"set {p} x {a}",
        f"{a} = get {p} x", f"del {p} x", f"len {p}", f"contains {p} x", f"eq {p} {q}", f"eq {p} {a}", f"eq {a} {p}",
        f"is {p} {q}", f"drop {p}", f"list {a}", f"count {a}", f"repr {p}", f"show {p}", meanwhile(w, f"eq {p} {a}"),
        f"set {p} x {p}", f"set {p} y {q}")


def methods(w):
    a, f, m, h = w.thing(), w.one_of("fn", "gn"), w.one_of(*"mo"), w.one_of("h", "j")
    return w.one_of(
        f"{f} = function do {w.block()}", f"{m} = method {a} {f}", f"{m} = method {a} {f}",
        f"{h} = weakmethod {m}", f"{h} = weakmethod {m} do {w.block()}", f"{m} = call {h}", f"call {m}",
        f"call {h}", f"drop {f}", f"drop {m}", f"drop {m}", f"drop {h}", f"eq {h} {w.one_of('h', 'j', 'r')}", f"hash {h}",
        f"repr {h}", f"{a} = self {m}", f"{f} = function_of {m}", f"eq m o", f"count {f}", f"count {a}", f"list {a}",
        f"eq r {h}")


def finalizers(w):
    a, z = w.thing(), w.one_of(*"yz")
    made = f"{z} = finalize {a} do {w.block()}" + (f" with {w.thing()}" if w.often(0.5) else "")
    return w.one_of(
        made, made, made, f"call {z}", f"alive {z}", f"peek {z}", f"detach {z}", f"atexit {z}", f"atexit {z} off",
        f"atexit {z} on", f"drop {z}", f"count {a}", f"repr {z}", f"drop {a}", f"show {z}")


def looked_up(w, statement):
    return meanwhile(w, statement) if w.often(0.1) else statement


def dictionaries(w, d, e, key):
    a, b = w.thing(), w.thing()
    return w.one_of(
        looked_up(w, f"set {d} {key} {b}"), f"set {d} {key} {b}", f"set {d} {key} {b}",
        looked_up(w, f"{a} = item {d} {key}"), looked_up(w, f"{a} = get {d} {key}"), f"{a} = get {d} {key} {b}",
        looked_up(w, f"del {d} {key}"), looked_up(w, f"{a} = pop {d} {key}"), f"{a} = pop {d} {key} {b}",
        f"popitem {d}", looked_up(w, f"{a} = setdefault {d} {key} {b}"), looked_up(w, f"contains {d} {key}"),
        f"len {d}", f"items {d}", f"items {d}", f"clear {d}", f"update {d} {e}", f"{e} = copy {d}", f"{e} = | {d} {e}",
        f"{d} = |= {d} {e}", f"eq {d} {e}", f"l = refs {d}", f"drop {d}", f"set {a} x {d}", "drop l",
        *iteration(w, d))


def iteration(w, d):
    n = w.one_of("n", "n", "n2")
    return (f"{n} = iter {d} {w.one_of('keys', 'values', 'items', 'refs')}", f"{n} = iter {d} {w.one_of('values', 'items')}",
            f"{w.thing()} = next {n}", f"next {n}", f"next {n}", f"drop {n}")


def value_dictionaries(w):
    if w.often(0.05):
        return w.one_of("d1 = WeakValueDictionary", "d2 = deepcopy d1")
    return dictionaries(w, *w.one_of(("d1", "d2"), ("d1", "d2"), ("d2", "d1")), w.rng.choice(KEYS))


def key_dictionaries(w):
    if w.often(0.05):
        return "k = WeakKeyDictionary"
    return dictionaries(w, *w.one_of(("k", "k2"), ("k", "k2"), ("k2", "k")), w.thing())


def identity_dictionaries(w):
    if w.often(0.05):
        return "i = WeakIdKeyDictionary"
    return dictionaries(w, *w.one_of(("i", "i2"), ("i", "i2"), ("i2", "i")), w.thing())


def sets(w, s, t, made):
    a, b = w.thing(), w.thing()
    other = w.one_of(t, t, s, f"{a} {b}")
    named = w.one_of("union", "intersection", "difference", "symmetric_difference", "issubset", "issuperset", "isdisjoint")
    updated = w.one_of("update", "intersection_update", "difference_update", "symmetric_difference_update")
    return w.one_of(
        looked_up(w, f"add {s} {a}"), f"add {s} {a}", f"add {t} {b}", f"{s} = {made} {a} {b}",
        looked_up(w, f"discard {s} {a}"), looked_up(w, f"remove {s} {a}"), f"{a} = pop {s}",
        looked_up(w, f"contains {s} {a}"), f"len {s}", f"items {s}", f"items {s}", f"clear {s}", f"{t} = copy {s}",
        f"{t} = {named} {s} {other}", f"{named} {s} {other}", f"{updated} {s} {other}",
        f"{t} = {w.one_of(*'|&-^')} {s} {t}", f"{s} = {w.one_of(*'|&-^')}= {s} {t}",
        f"{w.one_of('eq', '<', '>', '<=', '>=')} {s} {t}", f"repr {s}", f"drop {s}", *iteration(w, s))


def weak_sets(w):
    return sets(w, *w.one_of(("u", "u2"), ("u2", "u")), "WeakSet")


def identity_sets(w):
    return sets(w, *w.one_of(("v", "v2"), ("v2", "v")), "WeakIdSet")


SUBJECTS = (references, proxies, methods, finalizers, value_dictionaries, key_dictionaries, identity_dictionaries,
            weak_sets, identity_sets)
SETUPS = {
    value_dictionaries: ("d1 = WeakValueDictionary", "set d1 k1 a", "set d1 k2 b", "d2 = copy d1"),
    key_dictionaries: ("k = WeakKeyDictionary", "set k a b", "set k b c", "k2 = copy k"),
    identity_dictionaries: ("i = WeakIdKeyDictionary", "set i a b", "set i b c", "i2 = copy i"),
    weak_sets: ("u = WeakSet a b c", "u2 = copy u"),
    identity_sets: ("v = WeakIdSet a b c", "v2 = copy v"),
    methods: ("fn = function do B0", "m = method a fn", "h = weakmethod m do B1"),
}


def program(seed, index):
    """The same for the same seed and index, whatever Python it is."""
    return Writer(random.Random(f"{seed}:{index}")).program()
