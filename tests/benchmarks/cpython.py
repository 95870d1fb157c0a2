"""Writes CPython's figures for references with callbacks and for its WeakValueDictionary, as the program does.

The callback is a C function, the quickest that CPython can call, and the loop's own time is taken off, so
that the operations are measured and not the interpreter around them.
"""

import itertools
import platform
import random
import time
import weakref
from collections import deque


class Payload:
    __slots__ = ("a", "b", "c", "d", "__weakref__")


ignore = deque(maxlen=0).append


def empty(times):
    for _ in times:
        pass


def callback_reference(times, ref=weakref.ref, callback=ignore):
    owner = Payload()
    for _ in times:
        ref(owner, callback)


def sixteen_callbacks(times, r=weakref.ref, c=ignore):
    for _ in times:
        o = Payload()
        references = [r(o, c), r(o, c), r(o, c), r(o, c), r(o, c), r(o, c), r(o, c), r(o, c),
                      r(o, c), r(o, c), r(o, c), r(o, c), r(o, c), r(o, c), r(o, c), r(o, c)]
        del o
        del references


keys = [f"image-{i}" for i in range(10_000)]
fresh = [f"fresh-{i}" for i in range(10_000)]
random.Random(1).shuffle(keys)
values = [Payload() for _ in keys]
dictionary = weakref.WeakValueDictionary(zip(keys, values))
random.Random(2).shuffle(keys)


def dictionary_lookup(times):
    for _, key in zip(times, itertools.cycle(keys)):
        dictionary[key]


def dictionary_insert(times):
    for _, key in zip(times, itertools.cycle(fresh)):
        dictionary[key] = Payload()


def least(function, times, repetitions=15):
    durations = []
    for _ in range(repetitions):
        repeated = itertools.repeat(None, times)
        start = time.process_time_ns()
        function(repeated)
        durations.append(time.process_time_ns() - start)
    return min(durations) / times


loop = least(empty, 200_000)
name = f"CPython {'.'.join(platform.python_version_tuple()[:2])}"
for function, times in (
    (callback_reference, 200_000),
    (sixteen_callbacks, 20_000),
    (dictionary_lookup, 100_000),
    (dictionary_insert, 50_000),
):
    print("any", function.__name__, name, least(function, times) - loop, sep="\t")
