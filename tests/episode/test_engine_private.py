"""The private names of the engine's library that we use: each is gone the day one of these fails."""

import ast
import inspect
from pathlib import Path
from typing import Any, cast

from audiobrew.episode import engine_private as private
from audiobrew.episode.engine import QUEUE
from dbos import DBOS

from tests.episode.bench import open_bench, until
from tests.episode.fakes import ToneVoice
from tests.settings_factory import sqlite_only

EPISODE = Path(private.__file__).parent
PRIVATE = {"_recover_pending_workflows", "_workflow_tasks", "background_thread_stop_events"}


def test_what_dead_processes_left_is_asked_for_by_their_ids() -> None:
    parameters = inspect.signature(DBOS._recover_pending_workflows).parameters

    assert next(iter(parameters)) == "executor_ids"


async def test_brews_at_work_and_the_engines_threads_are_found(tmp_path: Path) -> None:
    voice = ToneVoice()
    voice.slow = "harvest"
    async with open_bench(tmp_path, voice=voice) as bench:
        await bench.add_mails()
        await bench.order()
        await until(lambda: voice.at_once == 1)
        engine = cast("Any", DBOS(config={"name": "audiobrew"}))  # the one that runs
        tasks, threads = private.tasks_at_work(engine), private.queue_threads(QUEUE)
        private.stop_background_threads(engine)
        for thread in threads:
            thread.join(10)

        assert len(tasks) == 1
        assert len(threads) == 1
        assert not threads[0].is_alive()


def test_no_other_module_uses_a_private_name_of_the_engines() -> None:
    uses = {
        (file.name, node.attr)
        for file in EPISODE.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in PRIVATE
    }

    assert uses == {("engine_private.py", name) for name in PRIVATE}


@sqlite_only
async def test_only_this_user_may_read_what_the_engine_remembers(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench:
        files = list(bench.settings.data.glob("*.sqlite*"))
        modes = {file.name: file.stat().st_mode & 0o777 for file in files}

    assert {"audiobrew.sqlite", "engine.sqlite"} <= modes.keys()
    assert set(modes.values()) == {0o600}
