"""Makes a diverging program small."""

import re

import comparison

SIMPLER = [
    (r"meanwhile \S+ ", ""),
    (r" with \S+", ""),
    (r" do \S+", ""),
    (r"make (\d+|large)", "make"),
    (r"^(\s*)\S+ = (?!make|ref|alias|call)", r"\1"),
]


def without(lines, start, count):
    """Without these lines; a block's end stays for as long as its beginning does."""
    kept = []
    inside_removed_block = False
    for i, line in enumerate(lines):
        removed = start <= i < start + count
        if line.startswith("block"):
            inside_removed_block = removed
            if removed:
                continue
        if line == "end":
            if not inside_removed_block:
                kept.append(line)
            inside_removed_block = False
            continue
        if not removed and not inside_removed_block:
            kept.append(line)
    return kept


def first_diverging(commands, candidates):
    texts = ["\n".join(lines) + "\n" for lines in candidates]
    diverging = comparison.diverging(commands, texts) if texts else []
    return candidates[diverging[0]] if diverging else None


def shorter(commands, lines):
    size = max(1, len(lines) // 2)
    while size >= 1:
        candidates = [without(lines, start, size) for start in range(0, len(lines), size)]
        found = first_diverging(commands, [lesser for lesser in candidates if lesser != lines])
        if found is None:
            size //= 2
        else:
            lines = found
            size = min(size, max(1, len(lines) // 2))
    return lines


def simpler(commands, lines):
    while True:
        candidates = []
        for i, line in enumerate(lines):
            for pattern, replacement in SIMPLER:
                changed = re.sub(pattern, replacement, line)
                if changed != line:
                    candidates.append(lines[:i] + [changed] + lines[i + 1:])
        found = first_diverging(commands, candidates)
        if found is None:
            return lines
        lines = found


def shrink(commands, text):
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
    size = None
    while lines != size:
        size = lines
        lines = simpler(commands, shorter(commands, lines))
    return "\n".join(lines) + "\n"
