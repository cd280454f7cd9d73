"""Which side serves a listener, and how the rollout is changed, stored and cached."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep

import anyio
import httpx2
import pytest
import sqlalchemy as sa
from audiobrew.__main__ import main
from audiobrew.app import create_app
from audiobrew.db.engine import DatabaseUnavailable, migrate, open_database
from audiobrew.rollout import store
from audiobrew.rollout.sides import Rollout, bucket, side_of
from audiobrew.rollout.store import NoRollout, Rollouts
from audiobrew.settings import Settings
from audiobrew.wiring import open_ports

from tests.serving import Service
from tests.settings_factory import make_settings, sqlite_only

PINNED = Path(__file__).parents[2] / "frontend-client" / "src" / "lib" / "rollout" / "pinned.json"
MANY = [f"listener-{number}" for number in range(20_000)]


def make_rollout(percent: float, *, kill: bool = False, salt: str = "s1") -> Rollout:
    return Rollout(percent, salt, kill, datetime.now(UTC))


def on_railway(rollout: Rollout) -> set[str]:
    return {one for one in MANY if side_of(rollout, one) == "railway"}


def test_the_app_and_the_service_put_a_listener_into_the_same_bucket() -> None:
    for example in json.loads(PINNED.read_text(encoding="utf-8")):
        assert bucket(example["salt"], example["listener"]) == example["bucket"]


@pytest.mark.parametrize("percent", [0, 0.5, 10, 25, 50, 99.99, 100])
def test_the_share_of_moved_listeners_matches_the_percentage(percent: float) -> None:
    assert abs(len(on_railway(make_rollout(percent))) / len(MANY) - percent / 100) < 0.01


def test_moved_listeners_stay_when_the_percentage_rises() -> None:
    steps = [on_railway(make_rollout(percent)) for percent in (0, 1, 10, 25, 50, 100)]

    assert all(before < after for before, after in pairwise(steps))
    assert (steps[0], steps[-1]) == (set(), set(MANY))


def test_the_kill_switch_moves_everybody_back() -> None:
    assert on_railway(make_rollout(100, kill=True)) == set()


def test_visitors_who_have_not_signed_in_move_last() -> None:
    assert [side_of(make_rollout(percent), None) for percent in (0, 99.99, 100)] == [
        "vercel", "vercel", "railway",
    ]  # fmt: skip


async def test_a_rollout_begins_changes_and_ends(tmp_path: Path) -> None:
    settings = make_settings(data=tmp_path)
    await migrate(settings)
    engine = open_database(settings)
    rollouts = Rollouts(engine)

    assert await rollouts.read() is None
    with pytest.raises(NoRollout, match="rollout set 0"):
        await rollouts.kill()
    begun = await rollouts.set(10)
    killed, more = await rollouts.kill(), await rollouts.set(50)
    resumed = await rollouts.resume()
    assert (begun.percent, begun.kill) == (10, False)
    assert (killed.percent, killed.kill, more.kill) == (10, True, True)
    assert (resumed.percent, resumed.kill, resumed.salt) == (50, False, begun.salt)
    await rollouts.end()
    assert await rollouts.read() is None
    await engine.dispose()


async def test_page_loads_share_one_database_query(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = 0.0
    monkeypatch.setattr(store, "monotonic", lambda: seconds)
    settings = make_settings(data=tmp_path)
    await migrate(settings)
    engine, statements = open_database(settings), []
    watched = "before_cursor_execute"
    sa.event.listen(engine.sync_engine, watched, lambda *arguments: statements.append(arguments[2]))
    rollouts = Rollouts(engine)
    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(rollouts.read_cached)
    before = len(statements)
    await rollouts.set(25)
    stale = await rollouts.read_cached()
    seconds = store.CACHE_SECONDS

    assert before == 1
    assert stale is None
    assert (rollout := await rollouts.read_cached()) and rollout.percent == 25
    await engine.dispose()


async def test_the_first_read_raises_the_databases_error(tmp_path: Path) -> None:
    nowhere = Settings(data=tmp_path, database_url="postgresql://nobody@127.0.0.1:9/none")
    engine = open_database(nowhere)

    with pytest.raises(DatabaseUnavailable):
        await Rollouts(engine).read_cached()
    await engine.dispose()


def test_the_app_sees_a_change_within_seconds(service: Service, anonymous: httpx2.Client) -> None:
    before = anonymous.get("/api/config").json()
    assert main(["rollout", "set", "25", "--data", str(service.settings.data)]) == 0
    late = monotonic() + 10
    while (now := anonymous.get("/api/config").json())["rollout"] is None:
        assert monotonic() < late
        sleep(0.1)

    assert before["rollout"] is None
    assert set(now["rollout"]) == {"percent", "salt", "kill"}
    assert (now["rollout"]["percent"], now["rollout"]["kill"]) == (25, False)
    assert now["side"] == "railway"


async def test_each_process_reports_its_side(tmp_path: Path) -> None:
    settings = make_settings(data=tmp_path, side="vercel")
    await migrate(settings)
    async with open_ports(settings) as ports:
        app = create_app(settings, ports)
        app.state.ports = ports
        there = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=there, base_url="http://127.0.0.1") as anonymous:
            answer = await anonymous.get("/api/config")

    assert answer.json()["side"] == "vercel"


@pytest.fixture
def run_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The output of `audiobrew rollout`."""

    def run(*words: str) -> str:
        assert main(["rollout", *words, "--data", str(tmp_path)]) == 0
        return capsys.readouterr().out

    return run


@sqlite_only
def test_the_command_shows_and_changes_the_rollout(run_command: Callable[..., str]) -> None:
    none, begun = run_command("show"), run_command("set", "12.5")
    killed, facts = run_command("kill"), json.loads(run_command("show", "--json"))
    resumed, whose = run_command("resume"), run_command("show", "--listener", "ada")
    ended = run_command("end")

    assert "one side" in none and ended == none
    assert "12.5 %" in begun and "87.5 %" in begun
    assert "kill switch is on" in killed and "100 %" in killed
    assert (facts["begun"], facts["percent"], facts["kill"]) == (True, 12.5, True)
    assert "12.5 %" in resumed and "kill" not in resumed
    side = side_of(make_rollout(12.5, salt=facts["salt"]), "ada")
    assert f"This listener is served by {side}." in whose
    assert json.loads(run_command("show", "--json")) == {"begun": False}


@pytest.mark.parametrize(
    "words", ["set 101", "set -1", "set nan", "set 1.234", "set many", "set", "", "destroy"]
)
def test_invalid_arguments_are_refused_with_an_explanation(
    capsys: pytest.CaptureFixture[str], words: str
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["rollout", *words.split()])

    assert refused.value.code == 2
    assert "rollout" in capsys.readouterr().err


@sqlite_only
@pytest.mark.parametrize("act", ["kill", "resume"])
def test_without_a_rollout_there_is_no_other_side(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], act: str
) -> None:
    assert main(["rollout", act, "--data", str(tmp_path)]) == 2
    assert "rollout set 0" in capsys.readouterr().err
