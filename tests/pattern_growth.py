"""Measures how the time of regular expressions grows, with attack strings made from their parse trees.

Run as a program, it reads `[[number, [pattern, is_bytes, flags, methods]], …]` as JSON and prints a line
for each attack before it runs it and for each verdict. An attack that never ends is ended by a limit on
CPU time, which kills the process: a match holds the interpreter, so that nothing inside could stop it.

A text is `prefix + unit * count + suffix`. An attack is worth a second look when it took more than
SUSPICIOUS seconds a character, and more than GROWTH times as long as a quarter of it. Its text then becomes
four and sixteen times as long: linear time grows by 4 each time, n log n by less than 5, quadratic time by
16. A pattern is superlinear when its time grows by more than GROWTH each time. These are ratios of CPU time
in one process on one machine, so that neither a slow nor a busy machine changes the verdict. A repeat with
a bound of up to 2,000 may look quadratic at first, but not at sixteen times the length.
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from time import thread_time
from typing import Any, NamedTuple

UNITS, CHARACTERS = 600, 6_000
SUSPICIOUS = 0.1e-6
GROWTH = 7
LIMIT = 0.5
"""Seconds of CPU for a text of at most 6,000 characters: linear time takes some thousandths of it."""
LONG = 8
"""A repeat of at most so many is no loop."""
MOST_ATTACKS = 800
COMMON = "aZ1_ \n\t.,-@<>\"'()[]:/=é中\x07"
REPEATS = {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}
SETS = {sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY}
Node = tuple[Any, Any]
Row = tuple[str, bool, int, list[str]]
"""A pattern, whether it is one for bytes, its flags and the methods that are called."""


class Attack(NamedTuple):
    prefix: str
    unit: str
    suffix: str

    def text(self, times: float = 1) -> str:
        count = min(UNITS, CHARACTERS // len(self.unit)) * times
        return self.prefix + self.unit * int(count) + self.suffix


class Loop(NamedTuple):
    """A long repeat: what leads to it (several samples) and its body."""

    before: tuple[str, ...]
    body: list[Node]


def attacks(pattern: re.Pattern[Any]) -> list[Attack]:
    """Attacks on each loop, the most promising first; a fixed sample of the rest."""
    source = (
        pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    )
    tree = list(parser.parse(source, pattern.flags & ~re.UNICODE))
    folds = bool(pattern.flags & re.IGNORECASE)
    letters = representatives(tree, folds)
    generator = random.Random(2026)
    candidates: dict[Attack, None] = {}
    for loop in loops(tree, ("",) * 3):
        for prefix, unit in dict.fromkeys(pumps(loop, letters, folds)):
            for suffix in suffixes(loop, letters, folds):
                candidates[Attack(prefix, unit, suffix)] = None
    words = [sample([node], variant) for node in tree for variant in range(2)]
    alphabet = [*letters, *filter(None, words)]
    for _ in range(24):
        unit = "".join(generator.choices(alphabet, k=generator.randint(1, 4)))
        candidates[Attack("", unit, "\x07")] = None
    return thin(list(candidates), generator)


def thin(candidates: list[Attack], generator: random.Random) -> list[Attack]:
    if len(candidates) <= MOST_ATTACKS:
        return candidates
    return sorted(generator.sample(candidates, MOST_ATTACKS), key=candidates.index)


def shape(row: Row) -> object:
    """What rows have in common that differ in the letters of words only: one attack tells about all of them.

    Words are alike as long as no loop names letters: then each loop matches all letters or none.
    """
    source, _, flags, methods = row
    tree = list(parser.parse(source, flags & ~re.UNICODE))
    has_letters = any(names_letters(node) for node in atoms_of_loops(tree))
    return source if has_letters else outline(tree), flags, tuple(sorted(methods))


def names_letters(node: Node) -> bool:
    op, argument = node
    characters = [chr(argument)] if op in (sre.LITERAL, sre.NOT_LITERAL) else members(argument)
    return any(letter.isalpha() for letter in characters)


def outline(nodes: list[Node]) -> tuple[object, ...]:
    """The tree, with one word for a run of letters, and each kind of alternative once."""
    parts: list[object] = []
    for op, argument in nodes:
        part: object
        if op is sre.IN or op is sre.LITERAL:
            node = freeze(op, argument)
            is_letter = names_letters(node) and not (op is sre.IN and has_more(node))
            part = "word" if is_letter else node
        elif op in REPEATS:
            part = op, argument[0], argument[1], outline(list(argument[2]))
        elif op is sre.BRANCH:
            part = op, tuple(dict.fromkeys(outline(branch) for branch in branches(op, argument)))
        elif inner := branches(op, argument):
            part = op, str(argument[:-1]), tuple(outline(branch) for branch in inner)
        else:
            part = op, argument
        if part != "word" or parts[-1:] != ["word"]:
            parts.append(part)
    return tuple(parts)


def has_more(node: Node) -> bool:
    """Whether a set has more than the letters that it names."""
    return any(op not in (sre.LITERAL, sre.RANGE) for op, _ in node[1]) or not all(
        letter.isalpha() for letter in members(node[1])
    )


def pumps(loop: Loop, letters: list[str], folds: bool) -> Iterator[tuple[str, str]]:
    """Prefixes and units: what the body matches, what begins the whole anew, and both together."""
    inside = [c for c in letters if any(holds(node, c, folds) for node in sets(loop.body))]
    outside = [c for c in letters if c not in inside]  # such a prefix evades what is anchored
    before = list(dict.fromkeys(loop.before))
    bodies = [sample(loop.body, variant) or " " for variant in range(3)]
    for prefix in dict.fromkeys(("", *before, *outside[:1])):
        for unit in dict.fromkeys((*inside, *bodies)):
            yield prefix, unit
    for start in filter(None, before):
        yield "", start
        for tail in (*inside[:5], *bodies):
            yield "", start + tail
            yield "", tail + start
        for first, second in product(inside[:4], repeat=2):
            yield "", start + first + second
    for first, second in product(inside[:4], repeat=2):
        yield "", first + second


def suffixes(loop: Loop, letters: list[str], folds: bool) -> list[str]:
    """Ends that the loop does not match, so that what follows it must fail."""
    outside = [c for c in letters if not any(holds(node, c, folds) for node in sets(loop.body))]
    return list(dict.fromkeys(("\x07", outside[-1] if outside else "", "\n\x07")))[:2]


def loops(nodes: list[Node], before: tuple[str, ...]) -> Iterator[Loop]:
    """Every loop of the tree; `before` has one sample for each variant."""
    for op, argument in nodes:
        if op in REPEATS:
            least, most, body = argument[0], argument[1], list(argument[2])
            if most > LONG:
                yield Loop(before, body)
            yield from loops(body, before)
            more = [sample(body, v) * max(least, min(v, most)) for v in range(3)]
        else:
            for branch in branches(op, argument):
                yield from loops(branch, before)
            more = [sample([(op, argument)], v) for v in range(3)]
        before = tuple((old + new)[-200:] for old, new in zip(before, more, strict=True))


def branches(op: Any, argument: Any) -> list[list[Node]]:
    if op is sre.BRANCH:
        return [list(branch) for branch in argument[1]]
    if op is sre.SUBPATTERN:
        return [list(argument[3])]
    if op is sre.ATOMIC_GROUP:
        return [list(argument)]
    if op in (sre.ASSERT, sre.ASSERT_NOT):
        return [list(argument[1])]
    if op is sre.GROUPREF_EXISTS:
        return [list(branch) for branch in argument[1:] if branch]
    return []


def sample(nodes: list[Node], variant: int) -> str:
    """A string that these match, mostly."""
    return "".join(sample_of(op, argument, variant) for op, argument in nodes)


def sample_of(op: Any, argument: Any, variant: int) -> str:
    if op is sre.LITERAL:
        return chr(argument)
    if op in SETS:
        letters = fitting(freeze(op, argument))
        return letters[variant % len(letters)]
    if op in REPEATS:
        return sample(list(argument[2]), variant) * max(argument[0], min(variant, argument[1], 1))
    if op is sre.ASSERT_NOT:
        return ""
    inner = branches(op, argument)
    if op is sre.ASSERT:
        return ""
    return sample(inner[variant % len(inner)], variant) if inner else ""


def freeze(op: Any, argument: Any) -> Node:
    return op, tuple(argument) if op is sre.IN else argument


@cache
def fitting(node: Node) -> list[str]:
    """Some characters of a set."""
    for letters in ("a 1.Z-\n<é", map(chr, range(256)), members(node[1])):
        if candidates := [letter for letter in letters if holds(node, letter, folds=False)]:
            return candidates
    return ["a"]


def members(argument: Any) -> list[str]:
    """The characters that a set names."""
    characters = []
    for op, value in argument if isinstance(argument, tuple) else []:
        if op is sre.LITERAL:
            characters.append(chr(value))
        elif op is sre.RANGE:
            characters += [chr(value[0]), chr(value[1])]
    return characters


def representatives(tree: list[Node], folds: bool) -> list[str]:
    """One character for each way to be matched, or not, by the sets of loops and assertions."""
    atoms = list(dict.fromkeys((*atoms_of_loops(tree), *atoms_of_assertions(tree))))
    characters = [c for node in dict.fromkeys(sets(tree)) for c in members(node[1])]
    characters += [chr(value) for op, value in sets(tree) if op in (sre.LITERAL, sre.NOT_LITERAL)]
    kinds: dict[tuple[bool, ...], str] = {}
    for letter in dict.fromkeys((*COMMON, *characters)):
        kinds.setdefault(tuple(holds(node, letter, folds) for node in atoms), letter)
    return list(kinds.values())[:14]


def atoms_of_loops(tree: list[Node]) -> Iterator[Node]:
    for loop in loops(tree, ("",) * 3):
        yield from sets(loop.body)


def atoms_of_assertions(nodes: list[Node]) -> Iterator[Node]:
    for op, argument in nodes:
        inner = [list(argument[2])] if op in REPEATS else branches(op, argument)
        for branch in inner:
            is_assertion = op in (sre.ASSERT, sre.ASSERT_NOT)
            yield from sets(branch) if is_assertion else atoms_of_assertions(branch)


def sets(nodes: list[Node]) -> Iterator[Node]:
    """All sets of characters of the tree."""
    for op, argument in nodes:
        if op in SETS:
            yield freeze(op, argument)
        elif op in REPEATS:
            yield from sets(list(argument[2]))
        else:
            for branch in branches(op, argument):
                yield from sets(branch)


CATEGORIES: dict[Any, Callable[[str], bool]] = {
    sre.CATEGORY_SPACE: str.isspace,
    sre.CATEGORY_NOT_SPACE: lambda letter: not letter.isspace(),
    sre.CATEGORY_DIGIT: str.isdecimal,
    sre.CATEGORY_NOT_DIGIT: lambda letter: not letter.isdecimal(),
    sre.CATEGORY_WORD: lambda letter: letter.isalnum() or letter == "_",
    sre.CATEGORY_NOT_WORD: lambda letter: not (letter.isalnum() or letter == "_"),
}


@cache
def holds(node: Node, letter: str, folds: bool) -> bool:
    """Whether a set has the character."""
    forms = {letter, letter.lower(), letter.upper()} if folds else {letter}
    op, argument = node
    if op is sre.ANY:
        return letter != "\n"
    if op is sre.LITERAL:
        return chr(argument) in forms
    if op is sre.NOT_LITERAL:
        return chr(argument) not in forms
    negative = argument[0][0] is sre.NEGATE
    return negative != any(member(item, form) for item in argument for form in forms)


def member(item: Node, letter: str) -> bool:
    op, argument = item
    if op is sre.LITERAL:
        return letter == chr(argument)
    if op is sre.RANGE:
        return len(letter) == 1 and argument[0] <= ord(letter) <= argument[1]
    return op is sre.CATEGORY and CATEGORIES[argument](letter)


def growth(pattern: re.Pattern[Any], methods: list[str], attack: Attack) -> str | None:
    """How the time grows where it grows too fast."""
    for name in methods:
        run = getattr(pattern, name)
        text = encode(pattern, attack.text())
        small = seconds(run, text, LIMIT)
        if small < SUSPICIOUS * len(text):
            continue
        part = encode(pattern, attack.text(0.25))
        if small <= GROWTH * min(seconds(run, part, LIMIT) for _ in range(2)):
            continue
        small = min(small, *(seconds(run, text, LIMIT) for _ in range(2)))
        middle = least(run, encode(pattern, attack.text(4)), small)
        if middle <= GROWTH * small:
            continue
        large = least(run, encode(pattern, attack.text(16)), middle)
        if large > GROWTH * middle:
            return f"{name} takes {small:.4f}, {middle:.4f}, {large:.4f} s for 1, 4, 16 times"
    return None


def least(run: Callable[[Any], object], text: Any, before: float) -> float:
    """The lesser of two runs where the second may change the verdict; 40 times as long is killed."""
    limit = max(LIMIT, 40 * before)
    duration = seconds(run, text, limit)
    if GROWTH * before < duration < 12 * before:
        return min(duration, seconds(run, text, limit))
    return duration


def encode(pattern: re.Pattern[Any], text: str) -> Any:
    return text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")


def seconds(run: Callable[[Any], object], text: Any, limit: float) -> float:
    """CPU time of one run; the process dies when it takes longer than the limit.

    The clock is the thread's: while a timer runs, Linux counts the time of a process in ticks.
    """
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    start = thread_time()
    run(text)
    duration = thread_time() - start
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return duration


def say(*line: object) -> None:
    os.write(1, (json.dumps(line) + "\n").encode())


def main() -> None:
    for number, (source, is_bytes, flags, methods) in json.load(sys.stdin):
        pattern = re.compile(source.encode("latin-1") if is_bytes else source, flags)
        verdict = None
        for attack in attacks(pattern):
            say(number, "attack", attack)
            if description := growth(pattern, methods, attack):
                verdict = f"{description} {attack}"
                break
        say(number, "verdict", verdict)


def superlinear(patterns: list[Row]) -> dict[int, str]:
    """The patterns, by their numbers, whose time grows faster than their text, and how."""
    slow: dict[int, str] = {}
    pending = list(enumerate(patterns))
    while pending:
        lines = run_child(pending)
        verdicts = {number: verdict for number, what, verdict in lines if what == "verdict"}
        slow |= {number: verdict for number, verdict in verdicts.items() if verdict}
        pending = [row for row in pending if row[0] not in verdicts]
        if pending:
            number, _, attack = lines[-1]
            assert number == pending[0][0], "the process ended between two patterns"
            slow[number] = f"killed at its limit of CPU time: {Attack(*attack)}"
            pending = pending[1:]
    return slow


def run_child(pending: list[tuple[int, Row]]) -> list[Any]:
    """What one process has said before it ended or was killed by its limit."""
    with tempfile.TemporaryFile() as output:
        child = subprocess.run(
            [sys.executable, str(Path(__file__))],
            input=json.dumps(pending).encode(),
            stdout=output,
            check=False,
        )
        assert child.returncode in (0, -signal.SIGVTALRM), f"exit status {child.returncode}"
        output.seek(0)
        return [json.loads(line) for line in output.read().splitlines()]


if __name__ == "__main__":
    main()
