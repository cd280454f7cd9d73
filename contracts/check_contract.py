"""Check that the contract follows the rules and that its version fits its changes:
`check_contract.py [publish [--first]]`.

Redocly lints `openapi.json` by the rules in `rules.yaml` and classifies every change since `published.json`,
the last contract that clients were promised. `publish` promises the present one, if it passes the checks.
`publish --first` skips the comparison, because before the first deployment nothing is promised.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

HERE = Path(__file__).parent
CONTRACT = HERE / "openapi.json"
PUBLISHED = HERE / "published.json"
REDOCLY = HERE / "node_modules" / "@redocly" / "cli" / "bin" / "cli.js"
ADVICE = """\
The changes (see above) need a higher version. Raise VERSION in
backend/audiobrew/http/openapi/introduction.py: a breaking change needs a new major version, an addition a
minor version, and a changed description a patch version. See "The contract" in CONTRIBUTING.md."""


def redocly(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run Redocly, and return what it prints.

    The output goes to a file: where a pipe is full, after 64 KB, Redocly's errors can split a character.
    """
    command = ["node", REDOCLY, *words, "--config", HERE / "rules.yaml"]
    settings = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    with TemporaryFile("w+", encoding="utf-8") as output:
        run = subprocess.run(
            command,
            cwd=HERE,
            env=os.environ | settings,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
        output.seek(0)
        return subprocess.CompletedProcess(command, run.returncode, output.read())


def lint(contract: Path, form: str = "stylish") -> subprocess.CompletedProcess[str]:
    return redocly("lint", contract, "--format", form)


def compare(published: Path, contract: Path) -> subprocess.CompletedProcess[str]:
    """Run the comparison. It fails unless `info.version` was raised as far as the changes need, or more."""
    with TemporaryDirectory() as folder:
        base = Path(folder, "published.json")
        base.write_text(json.dumps(add_new_zones(read(published), read(contract))))
        return redocly("diff", base, contract, "--fail-on", "none", "--check-version")


def add_new_zones(published: dict[str, Any], contract: dict[str, Any]) -> dict[str, Any]:
    """Add new time zones to the published contract. The zones come with `tzdata`; a new one breaks no client,
    a missing one does."""
    old, new = (spec["components"]["schemas"]["Zone"]["enum"] for spec in (published, contract))
    old.extend(zone for zone in new if zone not in old)
    return published


def read(contract: Path) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(contract.read_text(encoding="utf-8"))
    return spec


def version(contract: Path) -> str:
    return str(read(contract)["info"]["version"])


def check(first: bool) -> None:
    """Exit with an explanation if a check fails."""
    if (lint_run := lint(CONTRACT)).returncode:
        sys.exit(lint_run.stdout)
    if first:
        return
    if (comparison := compare(PUBLISHED, CONTRACT)).returncode:
        sys.exit(f"{comparison.stdout}\n{ADVICE}")
    print(
        f"Contract {version(CONTRACT)} follows the rules and is compatible with {version(PUBLISHED)}."
    )


def main(*arguments: str) -> None:
    check(first="--first" in arguments)
    if "publish" in arguments:
        shutil.copyfile(CONTRACT, PUBLISHED)
        print(f"Published: {version(PUBLISHED)}. Commit {PUBLISHED.name}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
