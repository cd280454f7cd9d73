"""What `/ready` and `audiobrew doctor` say when a vendor, or the database, is out: which part, in words."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import httpx2
import pytest

from tests.production import KEY, Production, clean_environment, production

ALWAYS = 10_000


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    with production(tmp_path_factory.mktemp("out")) as made:
        yield made


def lacking(made: Production) -> dict[str, str]:
    """The parts that are not ready, each with what is said of it."""
    details = {"Authorization": "Bearer figures"}
    answer = httpx2.get(f"{made.url}/ready", headers=details, timeout=60)
    checks = answer.json()["checks"]
    assert answer.json()["ready"] is (answer.status_code == 200)
    assert answer.json()["ready"] is all(check["ready"] for check in checks)
    return {check["name"]: check["told"] for check in checks if not check["ready"]}


def until(made: Production, parts: set[str], within: float = 180) -> dict[str, str]:
    late = monotonic() + within
    while (found := lacking(made)).keys() != parts:
        assert monotonic() < late, found
        sleep(0.2)
    return found


def test_each_part_that_is_out_is_named_and_found_again(made: Production) -> None:
    supabase, google, openai = made.vendors.supabase, made.vendors.google, made.vendors.openai
    supabase.inject("/auth/v1", times=ALWAYS)
    supabase.inject("/storage/v1", times=ALWAYS)
    google.inject("token", "503", times=ALWAYS)
    openai.key = "sk-another"
    made.serve()
    everything = {"media", "sign-in", "browser key", "writer", "voice", "gmail"}
    said = until(made, everything)
    openai.key, openai.models = KEY, set()
    no_model = until(made, everything)
    openai.models = {"gpt-6-luna"}
    until(made, everything - {"writer"})
    openai.models |= {"gpt-realtime-2.1-mini"}
    google.faults.clear()
    until(made, {"media", "sign-in", "browser key"})
    supabase.faults.clear()
    until(made, set())
    made.postgres.stop()
    down = until(made, {"database"})
    health = httpx2.get(f"{made.url}/health").status_code
    made.postgres.start()
    until(made, set())

    assert "OPENAI_API_KEY" in said["writer"]
    assert "gpt-realtime-2.1-mini" in no_model["voice"]
    assert "Postgres" in down["database"]
    assert health == 200
    secrets = [KEY, "sk-another", supabase.secret_key, supabase.publishable_key, "GOCSPX"]
    told = " ".join([*said.values(), *no_model.values(), *down.values(), made.log.read_text()])
    assert not [secret for secret in secrets if secret in told]


def test_the_doctor_needs_no_environment(tmp_path: Path) -> None:
    seen = subprocess.run(
        [sys.executable, "-m", "audiobrew", "doctor"],
        env=clean_environment() | {"AUDIOBREW_DATA": str(tmp_path / "data")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert seen.returncode == 0, seen.stdout + seen.stderr
    told = {line.split()[0]: line for line in seen.stdout.splitlines() if line}
    assert "embedded: this machine only" in told["mode"]
    assert "SQLite" in told["database"]
    assert "espeak" in told["voice"]
    assert " missing " not in seen.stdout


def test_the_doctor_finds_a_whole_environment_well_once_it_is_migrated(made: Production) -> None:
    before = made.run("doctor")
    assert made.run("migrate").returncode == 0
    seen = made.run("doctor")

    assert before.returncode == 1
    [missing] = [line for line in before.stdout.splitlines() if " missing " in line]
    assert missing.split()[0] == "database"
    assert "run `audiobrew migrate`" in " ".join(before.stdout.split())

    assert seen.returncode == 0, seen.stdout + seen.stderr
    parts = [line.split()[0] for line in seen.stdout.splitlines() if " ready " in line]
    assert parts == ["mode", "data", "database", "media", "sign-in", "browser", "writer", "voice",
                     "gmail", "deletions", "spending", "web"]  # fmt: skip
    assert "missing" not in seen.stdout
    assert_no_values(made, seen.stdout)


def test_the_doctor_says_what_of_a_whole_environment_does_not_work(made: Production) -> None:
    assert made.run("migrate").returncode == 0
    made.vendors.openai.key = "sk-another"
    made.vendors.google.inject("token", "503", times=ALWAYS)
    made.environment |= {"SUPABASE_PUBLISHABLE_KEY": "sb_publishable_of_another_project"}
    seen = made.run("doctor")

    assert seen.returncode == 1
    missing = [line.split()[0] for line in seen.stdout.splitlines() if " missing " in line]
    assert missing == ["browser", "writer", "voice", "gmail"]
    assert "Traceback" not in seen.stdout + seen.stderr
    assert_no_values(made, seen.stdout)


def test_the_doctor_names_what_half_an_environment_lacks(made: Production) -> None:
    for name in ("OPENAI_API_KEY", "GOOGLE_CLIENT_SECRET", "DATABASE_URL"):
        del made.environment[name]
    seen = made.run("doctor")

    assert seen.returncode == 2
    lines = [line.split() for line in seen.stdout.splitlines() if line]
    assert {line[0] for line in lines if line[1] == "missing"} == {
        "OPENAI_API_KEY", "GOOGLE_CLIENT_SECRET", "DATABASE_URL",
    }  # fmt: skip
    assert ["SUPABASE_URL", "ready", "set"] in lines
    assert "Production does not start with these settings" in seen.stdout
    assert "Traceback" not in seen.stdout + seen.stderr
    assert_no_values(made, seen.stdout)


def test_the_doctor_says_that_a_database_is_down(made: Production) -> None:
    made.postgres.stop()
    seen = made.run("doctor")
    made.postgres.start()

    assert seen.returncode == 1
    assert "Traceback" not in seen.stderr
    told = " ".join(seen.stdout.split())
    assert "database missing Postgres, by DATABASE_URL: The database cannot be reached" in told
    assert_no_values(made, seen.stdout)


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_without_its_database_nothing_starts_and_a_sentence_says_so(
    made: Production, command: str
) -> None:
    made.postgres.stop()
    seen = made.run(command)
    made.postgres.start()

    assert seen.returncode == 2
    assert seen.stderr.startswith("audiobrew: The database cannot be reached right now.")
    assert len(seen.stderr.splitlines()) == 1


def assert_no_values(made: Production, told: str) -> None:
    """Nothing that a screenshot of it would give away."""
    secret = {"SUPABASE_SECRET_KEY", "DATABASE_URL", "GOOGLE_CLIENT_SECRET", "OPENAI_API_KEY"}
    assert not [made.environment[name] for name in secret & made.environment.keys()
                if made.environment[name] in told]  # fmt: skip
