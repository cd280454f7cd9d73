"""Babel is imported before threads need it: several that import its modules at once can deadlock."""

import subprocess
import sys

PROGRAM = """
import sys
from audiobrew.episode.brew import _steps

assert not any(name.startswith("babel") for name in sys.modules)
_steps()
assert {"babel.core", "babel.dates", "babel.numbers", "babel.units"} <= sys.modules.keys()
"""


def test_the_first_brew_of_a_process_imports_babel_before_any_thread() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, timeout=120)
