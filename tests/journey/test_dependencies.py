"""`/ready` and `audiobrew doctor` name the part that does not work if a vendor or the database is down."""

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
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    with production(tmp_path_factory.mktemp("out")) as running:
        yield running


def failing_parts(product: Production) -> dict[str, str]:
    """The parts that are not ready, with their messages."""
    details = {"Authorization": "Bearer figures"}
    answer = httpx2.get(f"{product.url}/ready", headers=details, timeout=60)
    checks = answer.json()["checks"]
    assert answer.json()["ready"] is (answer.status_code == 200)
    assert answer.json()["ready"] is all(check["ready"] for check in checks)
    return {check["name"]: check["told"] for check in checks if not check["ready"]}


def wait_for(product: Production, parts: set[str], within: float = 180) -> dict[str, str]:
    deadline = monotonic() + within
    while (failing := failing_parts(product)).keys() != parts:
        assert monotonic() < deadline, failing
        sleep(0.2)
    return failing


def test_each_part_that_fails_is_named_until_it_works_again(product: Production) -> None:
    supabase, google, openai = (
        product.vendors.supabase,
        product.vendors.google,
        product.vendors.openai,
    )
    supabase.inject("/auth/v1", times=ALWAYS)
    supabase.inject("/storage/v1", times=ALWAYS)
    google.inject("token", "503", times=ALWAYS)
    openai.key = "sk-another"
    product.serve()
    everything = {"media", "sign-in", "browser key", "writer", "voice", "gmail"}
    messages = wait_for(product, everything)
    openai.key, openai.models = KEY, set()
    no_model = wait_for(product, everything)
    openai.models = {"gpt-6-luna"}
    wait_for(product, everything - {"writer"})
    openai.models |= {"gpt-realtime-2.1-mini"}
    google.faults.clear()
    wait_for(product, {"media", "sign-in", "browser key"})
    supabase.faults.clear()
    wait_for(product, set())
    product.postgres.stop()
    down = wait_for(product, {"database"})
    health = httpx2.get(f"{product.url}/health").status_code
    product.postgres.start()
    wait_for(product, set())

    assert "OPENAI_API_KEY" in messages["writer"]
    assert "gpt-realtime-2.1-mini" in no_model["voice"]
    assert "Postgres" in down["database"]
    assert health == 200
    secrets = [KEY, "sk-another", supabase.secret_key, supabase.publishable_key, "GOCSPX"]
    texts = [*messages.values(), *no_model.values(), *down.values(), product.log.read_text()]
    assert not [secret for secret in secrets if secret in " ".join(texts)]


def test_the_doctor_needs_no_environment(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "audiobrew", "doctor"],
        env=clean_environment() | {"AUDIOBREW_DATA": str(tmp_path / "data")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    lines = {line.split()[0]: line for line in result.stdout.splitlines() if line}
    assert "embedded: this machine only" in lines["mode"]
    assert "SQLite" in lines["database"]
    [voice] = [line for line in result.stdout.splitlines() if line.startswith("voice  ")]
    assert "espeak" in voice
    assert " missing " not in result.stdout


def test_a_complete_environment_is_ready_after_the_migration(product: Production) -> None:
    before = product.run("doctor")
    assert product.run("migrate").returncode == 0
    result = product.run("doctor")

    assert before.returncode == 1
    [missing] = [line for line in before.stdout.splitlines() if " missing " in line]
    assert missing.split()[0] == "database"
    assert "run `audiobrew migrate`" in " ".join(before.stdout.split())

    assert result.returncode == 0, result.stdout + result.stderr
    parts = [line.split()[0] for line in result.stdout.splitlines() if " ready " in line]
    assert parts == [
        *(
            "mode",
            "data",
            "database",
            "media",
            "sign-in",
            "addresses",
            "browser",
            "writer",
            "voice",
        ),
        *("gmail", "hearing", "deletions", "imports", "spending", "sounds", "web"),
    ]
    assert "missing" not in result.stdout
    assert_no_values(product, result.stdout)


def test_the_doctor_names_what_does_not_work_in_a_complete_environment(product: Production) -> None:
    assert product.run("migrate").returncode == 0
    product.vendors.openai.key = "sk-another"
    product.vendors.google.inject("token", "503", times=ALWAYS)
    product.environment |= {"SUPABASE_PUBLISHABLE_KEY": "sb_publishable_of_another_project"}
    result = product.run("doctor")

    assert result.returncode == 1
    missing = [line.split()[0] for line in result.stdout.splitlines() if " missing " in line]
    assert missing == ["browser", "writer", "voice", "gmail"]
    assert "Traceback" not in result.stdout + result.stderr
    assert_no_values(product, result.stdout)


def test_the_doctor_names_missing_variables(product: Production) -> None:
    for name in ("OPENAI_API_KEY", "GOOGLE_CLIENT_SECRET", "DATABASE_URL"):
        del product.environment[name]
    result = product.run("doctor")

    assert result.returncode == 2
    lines = [line.split() for line in result.stdout.splitlines() if line]
    assert {line[0] for line in lines if line[1] == "missing"} == {
        "OPENAI_API_KEY", "GOOGLE_CLIENT_SECRET", "DATABASE_URL",
    }  # fmt: skip
    assert ["SUPABASE_URL", "ready", "set"] in lines
    assert "Production does not start with these settings" in result.stdout
    assert "Traceback" not in result.stdout + result.stderr
    assert_no_values(product, result.stdout)


def test_the_doctor_says_that_a_database_is_down(product: Production) -> None:
    product.postgres.stop()
    result = product.run("doctor")
    product.postgres.start()

    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    text = " ".join(result.stdout.split())
    assert "database missing Postgres, by DATABASE_URL: The database cannot be reached" in text
    assert_no_values(product, result.stdout)


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_without_the_database_a_command_ends_with_one_sentence(
    product: Production, command: str
) -> None:
    product.postgres.stop()
    result = product.run(command)
    product.postgres.start()

    assert result.returncode == 2
    assert result.stderr.startswith("audiobrew: The database cannot be reached right now.")
    assert len(result.stderr.splitlines()) == 1


def assert_no_values(product: Production, output: str) -> None:
    """The output contains no secret, so that a screenshot of it reveals none."""
    secret = {"SUPABASE_SECRET_KEY", "DATABASE_URL", "GOOGLE_CLIENT_SECRET", "OPENAI_API_KEY"}
    assert not [product.environment[name] for name in secret & product.environment.keys()
                if product.environment[name] in output]  # fmt: skip
