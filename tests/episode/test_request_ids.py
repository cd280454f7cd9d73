"""The id of the request that ordered a brew is in the log lines of all its attempts, in any process."""

import json
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from audiobrew.account.listener_store import ListenerStore
from audiobrew.db.engine import migrate, open_database
from audiobrew.db.tables import episodes, origins
from audiobrew.episode.store import EpisodeStore
from audiobrew.models.request_ids import RequestIds

from tests.listeners import add_listener
from tests.product import run_product
from tests.row_factory import episode_row
from tests.serving import a_mail
from tests.settings_factory import connect_to_tables, make_settings

FIRST, SECOND = "1" * 32, "2" * 32


async def test_the_first_request_id_is_kept_and_known_to_retries(tmp_path: Path) -> None:
    settings = make_settings(data=tmp_path)
    await migrate(settings)
    engine = open_database(settings)
    listener = await add_listener(ListenerStore(engine))
    row = episode_row(listener, "waiting", datetime.now(UTC))
    async with engine.begin() as database:
        await database.execute(episodes.insert().values(row))
    request_ids, id = RequestIds(engine), row["id"]
    await request_ids.record(id, 1, FIRST)
    await request_ids.record(id, 1, SECOND)
    await request_ids.record(id, 2, SECOND)
    ids_by_attempt = [await request_ids.get(id, attempt) for attempt in (1, 2, 3)]
    await EpisodeStore(engine).delete(listener, id)
    await engine.dispose()

    assert ids_by_attempt == [
        {"request": FIRST},
        {"request": SECOND, "origin": FIRST},
        {"origin": FIRST},
    ]
    with connect_to_tables(tmp_path) as database:
        assert not database.execute(sa.select(origins)).all()


def test_log_lines_of_a_brew_have_the_request_id_of_its_order(tmp_path: Path) -> None:
    with run_product(tmp_path / "data") as product:
        product.upload("one.eml", a_mail())
        order_response = product.http.post(
            "/api/podcast/generate", json={"minutes": 1}, headers={"X-Request-ID": FIRST}
        )
        product.wait_until_ended(order_response.json()["id"])
        product.stop()
    lines = [json.loads(line) for line in product.lines if line.startswith("{")]
    story = [line["event"] for line in lines if line.get("request") == FIRST]
    steps = [line.get("step") for line in lines if line["event"] == "step.done"]

    assert order_response.headers["x-request-id"] == FIRST
    assert [event for event in story if event.startswith("brew.")] == [
        *("brew.ordered", "brew.begun", "brew.ended"),
    ]
    assert len(steps) == story.count("step.done") > 5
    assert order_response.json()["id"] not in "".join(product.lines)
