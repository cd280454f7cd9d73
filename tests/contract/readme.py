"""Type-check and run the program in the Python client's README: `python -m tests.contract.readme PYTHON`.

PYTHON is an interpreter in whose environment only the client's wheel is installed.
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
    [code] = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    return str(code)


def main(python: str) -> int:
    with tempfile.TemporaryDirectory() as folder, run_product(Path(folder) / "data") as product:
        file = Path(folder, "program.py")
        file.write_text(program(), encoding="utf-8")
        variables = {"AUDIOBREW_URL": product.url, "AUDIOBREW_TOKEN": product.token}
        mail = min(SAMPLES.glob("*.eml"))
        mypy = [sys.executable, "-m", "mypy", "--strict", "--python-executable", python]
        type_check = subprocess.run([*mypy, file], check=False)
        program_run = subprocess.run([python, file, mail], env=os.environ | variables, check=False)
    return type_check.returncode or program_run.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
