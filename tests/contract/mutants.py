"""Plants nine faults, one at a time in a copy of the project, and shows which check finds which.

`python -m tests.contract.mutants [NAME …]` prints a table, and fails if the fuzz misses one. For each fault,
four checks run: is the committed contract still that of the code (drift), is the new contract compatible with
the published one (version), the tests of the contract and of two listeners, and the fuzz.
"""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from tests.contract.fuzz_report import read
from tests.contract.planted_faults import FAULTS, Fault, plant

ROOT = Path(__file__).parents[2]
NOT_COPIED = {
    ".git",
    ".nox",
    "node_modules",
    "fuzz-report",
    "build",
    ".svelte-kit",
    "var",
    "__pycache__",
}
TESTS = ("tests/http/test_openapi.py", "tests/test_two_listeners.py", "tests/test_anonymous.py")
# How many copies of the project are tested at a time. Each has its own database, and mostly waits.
CONCURRENCY = 3
FUZZ = ("--seed", "1", "--max-examples", "5", "--max-failures", "1")


@dataclass
class Result:
    """What each check said about a fault. The text is empty if the check did not find it."""

    fault: Fault
    drift: str
    version: str
    tests: str
    fuzz: str

    def line(self) -> str:
        findings = (self.drift, self.version, self.tests, self.fuzz)
        return f"| {self.fault.name} | " + " | ".join(text or "–" for text in findings) + " |"


def main(names: list[str]) -> int:
    faults = [fault for fault in FAULTS if not names or fault.name in names]
    with ThreadPoolExecutor(CONCURRENCY) as pool:
        results = list(pool.map(check_fault, faults))
    print("\n| fault | drift | version | tests | fuzz |\n|---|---|---|---|---|")
    for result in results:
        print(result.line())
    missing = [result.fault.name for result in results if not result.fuzz]
    print(f"The fuzz found {len(results) - len(missing)} of {len(results)} faults.")
    for name in missing:
        print(f"  MISSED {name}")
    return 1 if missing else 0


def check_fault(fault: Fault) -> Result:
    with TemporaryDirectory(prefix="audiobrew-fault-") as name:
        tree = Path(name) / "audiobrew"
        shutil.copytree(ROOT, tree, ignore=lambda _, names: NOT_COPIED & set(names))
        plant(fault, tree / "backend" / "audiobrew")
        assert_copy_is_imported(tree)
        start = monotonic()
        print(f"{fault.name}: planted in {fault.file} …", flush=True)
        result = Result(fault, drift(tree), version(tree), tests(tree), fuzz(tree, fault.tag))
        print(f"{result.line()} {monotonic() - start:.0f} s", flush=True)
        return result


def assert_copy_is_imported(tree: Path) -> None:
    """The checks must import the copy, not an installed AudioBrew, which has no faults."""
    process = run(tree, sys.executable, "-c", "import audiobrew; print(audiobrew.__file__)")
    assert process.stdout.startswith(str(tree)), process.stdout + process.stderr


def drift(tree: Path) -> str:
    """Whether the code's contract differs from the committed one. The new one stays in the copy."""
    new = tree / "new.json"
    process = run(tree, sys.executable, "-m", "audiobrew", "contract", str(new))
    if process.returncode:
        return process.stderr.strip().splitlines()[-1].partition(":")[0]
    original = (tree / "contracts" / "openapi.json").read_bytes()
    return "drift" if new.read_bytes() != original else ""


def version(tree: Path) -> str:
    """Whether the code's contract, if it has one, breaks the published contract without a new version."""
    if not (tree / "new.json").exists():
        return ""
    comparison = f"check.compare(check.PUBLISHED, Path({str(tree / 'new.json')!r})).returncode"
    imports = "import sys; import check_contract as check; from pathlib import Path"
    process = subprocess.run(
        [sys.executable, "-c", f"{imports}; sys.exit({comparison})"],
        cwd=ROOT / "contracts",
        capture_output=True,
    )
    assert process.returncode in (0, 1), process.stderr.decode()
    return "breaking" if process.returncode else ""


def tests(tree: Path) -> str:
    """The name of the first test that fails."""
    options = ("-q", "-x", "-p", "no:cacheprovider")
    process = run(tree, sys.executable, "-m", "pytest", *options, *TESTS)
    failures = [line for line in process.stdout.splitlines() if line.startswith("FAILED ")]
    assert process.returncode in (0, 1), process.stdout
    return failures[0].split(" - ")[0].rpartition("::")[2] if failures else ""


def fuzz(tree: Path, tag: str) -> str:
    """The names of the fuzz checks that fail. Only the operations of one tag are fuzzed, to save time."""
    process = run(tree, sys.executable, "-m", "tests.contract.fuzz", *FUZZ, "--include-tag", tag)
    reports = sorted((tree / "fuzz-report").glob("*/events.ndjson"))
    if not reports:
        return "could not prepare: " + process.stderr.strip().splitlines()[-1][:60]
    return ", ".join(sorted({check for check, _ in read(reports[-1]).failures}))


def run(tree: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the copy, with the copy's code."""
    path = os.pathsep.join([str(tree / "backend"), str(tree)])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
