"""Babel is imported before threads need it: several that import its modules at once can deadlock."""

import subprocess
import sys

PROGRAM = """
import asyncio
import sys
from audiobrew.episode import brew

assert not any(name.startswith("babel") for name in sys.modules)


def check_babel():
    assert {"babel.core", "babel.dates", "babel.numbers", "babel.units"} <= sys.modules.keys()
    return "checked in the thread"


brew._steps = check_babel
assert asyncio.run(brew.load_steps()) == "checked in the thread"
"""


def test_the_first_brew_of_a_process_imports_babel_before_any_thread() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=120)
