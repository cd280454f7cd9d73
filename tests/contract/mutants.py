"""Nine faults planted one at a time in a copy of the project: which check finds which?

`python -m tests.contract.mutants [NAME …]` prints a table, and fails when the fuzz finds one not. For
each, the committed contract is compared with the code (drift), with the published one (gate), the
tests of the contract and of two listeners run, and the running service is fuzzed.
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
ASIDE = {
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
AT_ONCE = 3
"""Copies of the project, each with a database of its own; half of the time goes into waiting."""
FUZZ = ("--seed", "1", "--max-examples", "5", "--max-failures", "1")


@dataclass
class Found:
    """By each check what it said, or nothing."""

    fault: Fault
    drift: str
    gate: str
    tests: str
    fuzz: str

    def by_anything(self) -> bool:
        return bool(self.drift or self.gate or self.tests or self.fuzz)

    def line(self) -> str:
        told = (self.drift, self.gate, self.tests, self.fuzz)
        return f"| {self.fault.name} | " + " | ".join(one or "–" for one in told) + " |"


def main(names: list[str]) -> int:
    chosen = [fault for fault in FAULTS if not names or fault.name in names]
    with ThreadPoolExecutor(AT_ONCE) as several:
        found = list(several.map(look_for, chosen))
    print("\n| fault | drift | gate | tests | fuzz |\n|---|---|---|---|---|")
    for one in found:
        print(one.line())
    missed = [one.fault.name for one in found if not one.by_anything()]
    missed += [one.fault.name for one in found if not one.fuzz]
    print(f"{len(found) - len(set(missed))} of {len(found)} faults found as they should be.")
    for name in sorted(set(missed)):
        print(f"  MISSED {name}")
    return 1 if missed else 0


def look_for(fault: Fault) -> Found:
    with TemporaryDirectory(prefix="audiobrew-fault-") as name:
        tree = Path(name) / "audiobrew"
        shutil.copytree(ROOT, tree, ignore=lambda _, names: ASIDE & set(names))
        plant(fault, tree / "backend" / "audiobrew")
        assert_its_own_code(tree)
        began = monotonic()
        print(f"{fault.name}: planted in {fault.file} …", flush=True)
        found = Found(fault, drift(tree), gate(tree), tests(tree), fuzz(tree, fault.tag))
        print(f"{found.line()} {monotonic() - began:.0f} s", flush=True)
        return found


def assert_its_own_code(tree: Path) -> None:
    """An installed AudioBrew must not stand in for the copy, which would find nothing."""
    asked = run(tree, sys.executable, "-c", "import audiobrew; print(audiobrew.__file__)")
    assert asked.stdout.startswith(str(tree)), asked.stdout + asked.stderr


def drift(tree: Path) -> str:
    """Whether the code tells another contract than the committed one; it is left in the copy."""
    made = run(tree, sys.executable, "-m", "audiobrew", "contract", str(tree / "made.json"))
    if made.returncode:
        return made.stderr.strip().splitlines()[-1].partition(":")[0]
    committed = (tree / "contracts" / "openapi.json").read_bytes()
    return "drift" if (tree / "made.json").read_bytes() != committed else ""


def gate(tree: Path) -> str:
    """Whether the contract that the code now tells, if any, breaks the published one, unsaid."""
    if not (tree / "made.json").exists():
        return ""
    compared = f"check.compare(check.PUBLISHED, Path({str(tree / 'made.json')!r})).returncode"
    asked = f"import sys; import check_contract as check; from pathlib import Path; sys.exit({compared})"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT / "contracts", capture_output=True
    )
    assert done.returncode in (0, 1), done.stderr.decode()
    return "breaking" if done.returncode else ""


def tests(tree: Path) -> str:
    done = run(tree, sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *TESTS)
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED ")]
    assert done.returncode in (0, 1), done.stdout
    return failed[0].split(" - ")[0].rpartition("::")[2] if failed else ""


def fuzz(tree: Path, tag: str) -> str:
    """The checks that failed first. Asked are the operations of one tag, for it is done nine times."""
    done = run(tree, sys.executable, "-m", "tests.contract.fuzz", *FUZZ, "--include-tag", tag)
    reports = sorted((tree / "fuzz-report").glob("*/events.ndjson"))
    if not reports:
        return "could not prepare: " + done.stderr.strip().splitlines()[-1][:60]
    failed = sorted({check for check, _ in read(reports[-1]).failed})
    return ", ".join(failed)


def run(tree: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """In the copy, with the copy's code."""
    path = os.pathsep.join([str(tree / "backend"), str(tree)])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
