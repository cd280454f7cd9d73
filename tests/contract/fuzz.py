"""Fuzz the running service against its contract, as two listeners who must not see each other's things.

By default the service is started here as Railway would start it: the start command of `railway.toml`,
production settings, a Postgres, and a stand-in for every vendor. `--url` fuzzes a deployed one, with
the tokens of two test listeners in FUZZ_TOKEN and FUZZ_SECOND_TOKEN; see `deployed.py` for what is
never done to it. Whatever is not named below goes on to schemathesis, such as `--phases` or `--checks`.
"""

import argparse
import json
import os
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

from tests.contract.deployed import SAFETY, at
from tests.contract.destructive_operations import EXERCISES
from tests.contract.fuzz_context import Told
from tests.contract.fuzz_report import CONTRACT, Run, operations, read
from tests.contract.fuzz_target import Host
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
    parser.add_argument("--url", help="a deployed AudioBrew; without it, one is started here")
    parser.add_argument("--seed", type=int, help="repeat a run; without it, a new one is drawn")
    parser.add_argument("--max-examples", type=int, default=CASES, help="random cases an operation")
    parser.add_argument("--brews", type=int, default=BREWS, help="at most so many episodes")
    return parser


def main(words: Sequence[str]) -> int:
    """0 fine, 1 failures, 2 when there is nothing that could be fuzzed."""
    try:
        return fuzz(words)
    except httpx2.HTTPError as error:
        say(f"The service could not be prepared, or not be left as it was: {error}")
        return 2


def fuzz(words: Sequence[str]) -> int:
    asked, more = options().parse_known_args(words)
    seed = SystemRandom().randrange(2**31) if asked.seed is None else asked.seed
    report = REPORTS / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-seed-{seed}"
    report.mkdir(parents=True)
    with TemporaryDirectory() as name:
        folder = Path(name)
        say(f"Preparing {asked.url or 'the service as railway.toml starts it'} …")
        with host_of(asked.url, folder) as host:
            say(
                f"Fuzzing {host.url}, seed {seed}. The report goes to {report.relative_to(Path.cwd())}."
            )
            sized = ["--seed", str(seed), "--max-examples", str(asked.max_examples), *more]
            began = monotonic()
            code = schemathesis(host, folder, report, asked.brews, sized)
            took = monotonic() - began
            outside = {} if host.deployed or code > 1 else exercised(host, folder)
            keep_log(host, report)
    if code > 1:
        say(f"The fuzz could not run: schemathesis ended with {code}; see above.")
        return code
    return told(host, read(report / "events.ndjson"), code, outside, seed, took)


def host_of(url: str | None, folder: Path) -> AbstractContextManager[Host]:
    return at(url.rstrip("/"), os.environ) if url else on_railway(folder)


def schemathesis(host: Host, folder: Path, report: Path, brews: int, words: Sequence[str]) -> int:
    """Its own exit code: 0 fine, 1 failures, more for a run that could not be."""
    variables = Told.of(host, brews).write(folder / "told.json")
    hooks = {"SCHEMATHESIS_HOOKS": "tests.contract.hooks", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = ["schemathesis", "--config-file", str(configuration(host, folder))]
    where = ["run", str(CONTRACT), "--url", host.url, "--no-color"]
    files = ["--report-ndjson-path", "events.ndjson", "--report-json-path", "summary.json"]
    reports = ["--report-dir", str(report)]
    for name, path in zip(files[::2], files[1::2], strict=True):
        reports += [name, str(report / path)]
    done = subprocess.run(
        [*command, *where, *reports, *words], env={**os.environ, **hooks, **variables}
    )
    return done.returncode


def configuration(host: Host, folder: Path) -> Path:
    """The committed one, with this run's things and listeners."""
    parts = [(HERE / "schemathesis.toml").read_text(encoding="utf-8")]
    nothing = ["00000000-0000-4000-8000-000000000000"]
    for name, values in host.shown.items():
        parts.append(f"[dictionaries.{name}]\nvalues = {json.dumps(values or nothing)}\n")
    parts += [
        f'[[operations]]\ninclude-operation-id = "{name}"\nenabled = false\n'
        for name in host.left_out
    ]
    if host.metrics:
        header = f'headers = {{ Authorization = "Bearer {host.metrics}" }}'
        parts.append(f'[[operations]]\ninclude-operation-id = "getMetrics"\n{header}\n')
    names = json.dumps([own.name for own in host.listeners])
    parts.append(f'[auth.wfc]\npath = "{peers(host, folder)}"\npeers = {names}\n')
    file = folder / "schemathesis.toml"
    file.write_text("\n".join(parts), encoding="utf-8")
    return file


def peers(host: Host, folder: Path) -> Path:
    """Both listeners in the form schemathesis reads."""
    auth = [
        {
            "name": own.name,
            "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {own.token}"}],
        }
        for own in host.listeners
    ]
    file = folder / "listeners.yaml"
    file.write_text(json.dumps({"auth": auth}), encoding="utf-8")  # JSON is YAML too
    return file


def exercised(host: Host, folder: Path) -> dict[str, str]:
    """What random requests must not do; an operation's trouble, or nothing, by its name."""
    found = {}
    for name, exercise in EXERCISES.items():
        say(f"Outside of the fuzz: {exercise.__doc__}")
        try:
            found |= dict.fromkeys(exercise(host, folder), "")
        except AssertionError as error:
            found[name] = str(error)
    return found


def keep_log(host: Host, report: Path) -> None:
    if host.log:
        (report / "service.log").write_bytes(host.log.read_bytes())


def told(host: Host, run: Run, code: int, outside: dict[str, str], seed: int, took: float) -> int:
    """The summary, in words; 0 when everything held and everything could be reached."""
    every = set(operations().values())
    inside = run.succeeded()
    outside_only = {name for name, trouble in outside.items() if not trouble} - inside
    excused = (host.left_out | host.closed) if host.deployed else {}
    missing = every - inside - outside_only - set(excused)
    broken = {name: trouble for name, trouble in outside.items() if trouble}
    say("")
    say(
        f"{len(every)} operations: {len(inside)} succeeded in the fuzz, {len(outside_only)} outside of it."
    )
    for name, why in sorted((host.left_out | host.closed).items()):
        say(f"  {name}: {why}")
    checks = sum(run.checks.values())
    say(
        f"{run.cases} cases, {checks} checks of {len(run.checks)} kinds, {took:.0f} s, seed {seed}."
    )
    for check, operation in sorted(run.failed):
        say(f"  FAILED {check}: {operation}")
    for name, trouble in broken.items():
        say(f"  FAILED outside of the fuzz, {name}: {trouble}")
    if missing:
        say(f"  FAILED {len(missing)} operations never succeeded, so nothing is known of them:")
        for line in run.busiest():
            if line.partition(":")[0] in missing:
                say(f"    {line}")
    failures = len(run.failed) + len(broken) + len(missing)
    say(f"{failures} failures. Repeat with: python3 noxfile.py -s fuzz -- --seed {seed}")
    return 1 if failures or code else 0


def say(words: str) -> None:
    print(words, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
