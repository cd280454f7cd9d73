"""Is the contract well made, and does its version say what changed? `check_contract.py [publish [--first]]`

Redocly lints it by the rules of `rules.yaml` and rates every change since `published.json`, the last
contract that clients were promised. `publish` makes the present one that promise, if it may be;
`publish --first` compares nothing, because before the first deployment nothing is promised to anybody.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).parent
CONTRACT = HERE / "openapi.json"
PUBLISHED = HERE / "published.json"
REDOCLY = HERE / "node_modules" / "@redocly" / "cli" / "bin" / "cli.js"
HOW = """\
The contract changed more than its version says (see above). Raise VERSION in
backend/audiobrew/http/openapi/introduction.py: a breaking change is a new major version, an addition a minor
one, another wording a patch. CONTRIBUTING.md, "The contract", says more."""


def redocly(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", REDOCLY, *words, "--config", HERE / "rules.yaml"],
        cwd=HERE,
        env={**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )


def lint(contract: Path, form: str = "stylish") -> subprocess.CompletedProcess[str]:
    return redocly("lint", contract, "--format", form)


def compare(published: Path, contract: Path) -> subprocess.CompletedProcess[str]:
    """Fails unless `info.version` moved as far as the changes ask for, and never backwards."""
    with TemporaryDirectory() as folder:
        base = Path(folder, "published.json")
        base.write_text(json.dumps(knowing_zones_of(read(published), read(contract))))
        return redocly("diff", base, contract, "--fail-on", "none", "--check-version")


def knowing_zones_of(published: dict[str, Any], contract: dict[str, Any]) -> dict[str, Any]:
    """The world's time zones come with `tzdata`: one more breaks no client, one less would."""
    old, new = (one["components"]["schemas"]["Zone"]["enum"] for one in (published, contract))
    old.extend(zone for zone in new if zone not in old)
    return published


def read(contract: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(contract.read_text(encoding="utf-8"))
    return told


def version(contract: Path) -> str:
    return str(read(contract)["info"]["version"])


def check(first: bool) -> None:
    """Ends the program, with what is wrong."""
    if (linted := lint(CONTRACT)).returncode:
        sys.exit(linted.stdout)
    if first:
        return
    if (compared := compare(PUBLISHED, CONTRACT)).returncode:
        sys.exit(f"{compared.stdout}\n{HOW}")
    print(
        f"Contract {version(CONTRACT)} is well made and keeps what {version(PUBLISHED)} promised."
    )


def main(*words: str) -> None:
    check(first="--first" in words)
    if "publish" in words:
        shutil.copyfile(CONTRACT, PUBLISHED)
        print(f"Published: {version(PUBLISHED)}. Commit {PUBLISHED.name}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
