"""The private names of DBOS that we use. A test fails if the library changes one of them."""

import ast
import inspect
import threading
from pathlib import Path
from typing import Any, cast

import pytest
from audiobrew.episode import engine_private as private
from audiobrew.episode.engine import QUEUE
from dbos import DBOS

from tests.episode.bench import open_bench, wait_until
from tests.episode.fakes import ToneVoice
from tests.settings_factory import sqlite_only

EPISODE = Path(private.__file__).parent
PRIVATE = {"_recover_pending_workflows", "_workflow_tasks", "background_thread_stop_events"}


def test_recovery_takes_executor_ids() -> None:
    parameters = inspect.signature(DBOS._recover_pending_workflows).parameters

    assert next(iter(parameters)) == "executor_ids"


async def test_running_brews_and_queue_threads_are_found(tmp_path: Path) -> None:
    voice = ToneVoice()
    voice.slow = "harvest"
    async with open_bench(tmp_path, voice=voice) as bench:
        await bench.add_mails()
        await bench.order()
        await wait_until(lambda: voice.at_once == 1)
        engine = cast("Any", DBOS(config={"name": "audiobrew"}))  # the one that runs
        tasks, threads = private.tasks_at_work(engine), private.queue_threads(QUEUE)
        private.stop_background_threads(engine)
        for thread in threads:
            thread.join(10)

        assert len(tasks) == 1
        assert len(threads) == 1
        assert not threads[0].is_alive()


def test_a_queue_thread_that_is_only_just_starting_is_not_joined(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`threading.enumerate` lists it, but joining it raises RuntimeError."""
    starting = threading.Thread(name=f"queue-worker-{QUEUE}")
    monkeypatch.setattr(threading, "enumerate", lambda: [starting])

    assert private.queue_threads(QUEUE) == []


def test_no_other_module_uses_a_private_name_of_the_engine() -> None:
    uses = {
        (file.name, node.attr)
        for file in EPISODE.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in PRIVATE
    }

    assert uses == {("engine_private.py", name) for name in PRIVATE}


@sqlite_only
async def test_the_database_files_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        files = list(bench.settings.data.glob("*.sqlite*"))
        modes = {file.name: file.stat().st_mode & 0o777 for file in files}

    assert {"audiobrew.sqlite", "engine.sqlite"} <= modes.keys()
    assert set(modes.values()) == {0o600}
