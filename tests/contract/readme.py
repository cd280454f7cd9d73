"""Run the program of the Python client's README: `python -m tests.contract.readme PYTHON`.

That Python has nothing but the wheel of the client, as somebody else's would. Types are checked first.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.product import SAMPLES, run_product

README = Path(__file__).parents[2] / "contracts" / "python" / "README.md"


def program() -> str:
    [found] = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    return str(found)


def main(python: str) -> int:
    with tempfile.TemporaryDirectory() as folder, run_product(Path(folder) / "data") as product:
        file = Path(folder, "program.py")
        file.write_text(program(), encoding="utf-8")
        there = {"AUDIOBREW_URL": product.url, "AUDIOBREW_TOKEN": product.token}
        mail = min(SAMPLES.glob("*.eml"))
        types = [sys.executable, "-m", "mypy", "--strict", "--python-executable", python]
        checked = subprocess.run([*types, file], check=False).returncode
        ran = subprocess.run([python, file, mail], env=os.environ | there, check=False).returncode
    return checked or ran


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
