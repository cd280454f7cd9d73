"""The patterns that have been attacked and found linear. To attack all of them takes minutes.

`python -m tests.pattern_record` attacks what the record does not have, and writes it. The tests do the same
without writing, so that a record that lacks a pattern only makes them slower. A record of another attack
or of another Python counts for nothing.
"""

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from tests import pattern_growth
from tests.pattern_growth import Row, shape, superlinear

ROOT = Path(__file__).parents[1]
RECORD = Path(__file__).with_name("linear_patterns.txt")
DIGITS = 12


def collect() -> tuple[dict[str, Row], list[str]]:
    """All patterns with their places (`file:line pattern`), and what could not be collected."""
    program = [sys.executable, "-m", "tests.patterns"]
    done = subprocess.run(program, cwd=ROOT, check=True, capture_output=True)
    found = json.loads(done.stdout)
    return {f"{place} {row[0]}": tuple(row) for place, *row in found["patterns"]}, found["missing"]


def find_superlinear(patterns: dict[str, Row]) -> dict[str, str]:
    """How the time grows of those patterns that are not linear, by their places."""
    recorded = read_record()
    unknown = {place: row for place, row in patterns.items() if digest(row) not in recorded}
    by_shape = {shape(row): place for place, row in unknown.items()}
    places = list(by_shape.values())
    slow = superlinear([unknown[place] for place in places])
    return {places[number]: growth for number, growth in slow.items()}


def digest(row: Row) -> str:
    source, is_bytes, flags, methods = row
    return sha256(repr((source, is_bytes, flags, sorted(methods))).encode()).hexdigest()[:DIGITS]


def version() -> str:
    """Changes with the attack and with Python's engine for regular expressions."""
    attack = Path(pattern_growth.__file__).read_bytes() + repr(sys.version_info[:2]).encode()
    return sha256(attack).hexdigest()[:DIGITS]


def read_record() -> frozenset[str]:
    lines = RECORD.read_text().split() if RECORD.exists() else []
    return frozenset(lines[1:]) if lines[:1] == [version()] else frozenset()


def main() -> None:
    patterns, missing = collect()
    slow = find_superlinear(patterns)
    for place in missing:
        print(f"{place} could not be collected.")
    for place, growth in slow.items():
        print(f"{place}: {growth}")
    if missing or slow:
        sys.exit(1)
    lines = [version(), *sorted({digest(row) for row in patterns.values()})]
    RECORD.write_text("\n".join(lines) + "\n")
    print(f"{len(patterns):,} patterns are linear.")


if __name__ == "__main__":
    main()
