"""Fuzz the service against its contract, as two listeners who must not see each other's things.

By default the service is started as Railway would start it: with the commands of `railway.toml`, production
settings, Postgres, and a stand-in for every vendor. `--url` fuzzes a deployed service, with the tokens of two
test listeners in FUZZ_TOKEN and FUZZ_SECOND_TOKEN; `deployed.py` says what is never done to it. `--home`
fuzzes what a server of one's own has besides: accounts, sign-in and sources, as its owner and a listener.
Options that are not listed below, such as `--phases` or `--checks`, are passed on to Schemathesis.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory
from time import monotonic

import httpx2

from tests.contract.at_home import at_home
from tests.contract.deployed import SAFETY, open_deployed
from tests.contract.destructive_operations import EXERCISES
from tests.contract.fuzz_context import FuzzContext
from tests.contract.fuzz_report import CONTRACT, Run, operations, read
from tests.contract.fuzz_target import FuzzTarget
from tests.contract.railway import on_railway

HERE = Path(__file__).parent
REPORTS = HERE.parents[1] / "fuzz-report"
CASES, BREWS = 10, 8


def options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="noxfile.py -s fuzz --",
        description=__doc__,
        epilog=SAFETY,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--url", help="address of a deployed AudioBrew (default: start one)")
    parser.add_argument("--home", action="store_true", help="fuzz a server of one's own")
    parser.add_argument("--seed", type=int, help="repeat a run (default: a random seed)")
    parser.add_argument(
        "--max-examples", type=int, default=CASES, help="random cases per operation"
    )
    parser.add_argument("--brews", type=int, default=BREWS, help="maximum number of episodes")
    return parser


def main(words: Sequence[str]) -> int:
    """Return 0 for success, 1 for failures, and 2 if the service could not be fuzzed."""
    try:
        return fuzz(words)
    except httpx2.HTTPError as error:
        say(f"The service could not be prepared or restored: {error}")
        return 2


def fuzz(words: Sequence[str]) -> int:
    arguments, more = options().parse_known_args(words)
    seed = SystemRandom().randrange(2**31) if arguments.seed is None else arguments.seed
    report = REPORTS / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-seed-{seed}"
    report.mkdir(parents=True)
    with TemporaryDirectory() as name:
        folder = Path(name)
        with open_target(arguments, folder) as target:
            say(
                f"Fuzzing {target.url}, seed {seed}. The report is in {report.relative_to(Path.cwd())}."
            )
            size = ["--seed", str(seed), "--max-examples", str(arguments.max_examples), *more]
            start = monotonic()
            code = run_schemathesis(target, folder, report, arguments.brews, size)
            seconds = monotonic() - start
            runs_exercises = not (target.is_deployed or target.paths or code > 1)
            destructive = run_exercises(target, folder) if runs_exercises else {}
            save_log(target, report)
    if code > 1:
        say(f"The fuzz could not run: Schemathesis ended with {code}; see above.")
        return code
    return summarize(target, read(report / "events.ndjson"), code, destructive, seed, seconds)


def open_target(arguments: argparse.Namespace, folder: Path) -> AbstractContextManager[FuzzTarget]:
    if arguments.home:
        say("Preparing a server of one's own …")
        return at_home(folder)
    say(f"Preparing {arguments.url or 'the service as railway.toml starts it'} …")
    return (
        open_deployed(arguments.url.rstrip("/"), os.environ)
        if arguments.url
        else on_railway(folder)
    )


def run_schemathesis(
    target: FuzzTarget, folder: Path, report: Path, brews: int, words: Sequence[str]
) -> int:
    """Return the exit code of Schemathesis: 0 for success, 1 for failures, more if it could not run."""
    variables = FuzzContext.of(target, brews).write(folder / "context.json")
    hooks = {"SCHEMATHESIS_HOOKS": "tests.contract.hooks", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = ["schemathesis", "--config-file", str(configuration(target, folder))]
    where = ["run", str(CONTRACT), "--url", target.url, "--no-color"]
    if target.paths:
        where += ["--include-path-regex", target.paths]
    files = ["--report-ndjson-path", "events.ndjson", "--report-json-path", "summary.json"]
    reports = ["--report-dir", str(report)]
    for name, path in zip(files[::2], files[1::2], strict=True):
        reports += [name, str(report / path)]
    return subprocess.run(
        [*command, *where, *reports, *words], env={**os.environ, **hooks, **variables}
    ).returncode


def configuration(target: FuzzTarget, folder: Path) -> Path:
    """Write `schemathesis.toml` with the values and listeners of this run added."""
    parts = [(HERE / "schemathesis.toml").read_text(encoding="utf-8")]
    placeholder = ["00000000-0000-4000-8000-000000000000"]
    for name, values in target.dictionary.items():
        parts.append(f"[dictionaries.{name}]\nvalues = {json.dumps(values or placeholder)}\n")
    parts += [
        f'[[operations]]\ninclude-operation-id = "{name}"\nenabled = false\n'
        for name in target.excluded
    ]
    if target.metrics_token:
        header = f'headers = {{ Authorization = "Bearer {target.metrics_token}" }}'
        parts.append(f'[[operations]]\ninclude-operation-id = "getMetrics"\n{header}\n')
    names = json.dumps([listener.name for listener in target.listeners])
    parts.append(f'[auth.wfc]\npath = "{peers(target, folder)}"\npeers = {names}\n')
    file = folder / "schemathesis.toml"
    file.write_text("\n".join(parts), encoding="utf-8")
    return file


def peers(target: FuzzTarget, folder: Path) -> Path:
    """Write both listeners in the format that Schemathesis reads."""
    auth = [
        {
            "name": listener.name,
            "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {listener.token}"}],
        }
        for listener in target.listeners
    ]
    file = folder / "listeners.yaml"
    file.write_text(json.dumps({"auth": auth}), encoding="utf-8")  # JSON is YAML too
    return file


def run_exercises(target: FuzzTarget, folder: Path) -> dict[str, str]:
    """Call the destructive operations. Returns an error message, or an empty text, for each operation."""
    errors = {}
    for name, exercise in EXERCISES.items():
        say(f"After the fuzz: {exercise.__doc__}")
        try:
            errors |= dict.fromkeys(exercise(target, folder), "")
        except AssertionError as error:
            errors[name] = str(error)
    return errors


def save_log(target: FuzzTarget, report: Path) -> None:
    if target.log:
        (report / "service.log").write_bytes(target.log.read_bytes())


def summarize(
    target: FuzzTarget, run: Run, code: int, destructive: dict[str, str], seed: int, seconds: float
) -> int:
    """Print a summary. Returns 0 if all checks passed and every operation succeeded at least once."""
    all_operations = {
        name for (_, path), name in operations().items() if re.search(target.paths, path)
    }
    in_fuzz = run.successful_operations()
    after_fuzz = {name for name, error in destructive.items() if not error} - in_fuzz
    is_partial = target.is_deployed or target.paths
    exceptions = (target.excluded | target.impossible) if is_partial else {}
    missing = all_operations - in_fuzz - after_fuzz - set(exceptions)
    errors = {name: error for name, error in destructive.items() if error}
    say("")
    say(
        f"{len(all_operations)} operations: {len(in_fuzz)} succeeded in the fuzz, {len(after_fuzz)} after it."
    )
    for name, reason in sorted((target.excluded | target.impossible).items()):
        say(f"  {name}: {reason}")
    checks = sum(run.checks.values())
    say(
        f"{run.cases} cases, {checks} checks of {len(run.checks)} kinds, {seconds:.0f} s, seed {seed}."
    )
    for check, operation in sorted(run.failures):
        say(f"  FAILED {check}: {operation}")
    for name, error in errors.items():
        say(f"  FAILED after the fuzz, {name}: {error}")
    if missing:
        say(f"  FAILED {len(missing)} operations never succeeded, so they are not tested:")
        for line in run.describe_operations():
            if line.partition(":")[0] in missing:
                say(f"    {line}")
    failures = len(run.failures) + len(errors) + len(missing)
    home = "--home " if target.paths else ""
    say(f"{failures} failures. Repeat with: python3 noxfile.py -s fuzz -- {home}--seed {seed}")
    return 1 if failures or code else 0


def say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
