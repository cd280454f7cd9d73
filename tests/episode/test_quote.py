"""A quote is estimated from the sizes of mails. Their text is not read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import httpx2
import pytest
import sqlalchemy as sa
from audiobrew.account.listener_store import ListenerStore
from audiobrew.db.engine import open_database
from audiobrew.inbox.store import MailStore
from audiobrew.mail.mail import StoredMail
from audiobrew.script.openai.prompts import newsletter_as_data, newsletter_length

from tests.episode.fakes import TEXTS, make_newsletter
from tests.script.mails import bahn, roast, sport
from tests.serving import Service, service_settings, serving

MAILS, BLOCKS = 200, 20
LONG = " ".join(TEXTS) * 20


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that uses models, so that orders have a price, and that brews nothing."""
    settings = service_settings(
        tmp_path_factory.mktemp("quote"),
        side="vercel",
        openai_api_key="sk-stand-in",
        openai_base_url="http://127.0.0.1:9/v1",
    )
    with serving(settings) as running:
        yield running


async def test_a_quote_for_200_long_mails_reads_none_of_them(
    service: Service, owner: httpx2.Client
) -> None:
    mails = await long_mails(service)
    order = {"email_ids": [str(mail.id) for mail in mails], "minutes": 30}

    with statements(service) as executed:
        quote = owner.post("/api/podcast/quote", json=order).raise_for_status().json()
        everything_new = owner.post("/api/podcast/quote", json={"minutes": 30}).json()
        order_response = owner.post("/api/podcast/generate", json=order).raise_for_status().json()
    episode = owner.get(f"/api/podcast/{order_response['id']}").json()

    assert quote == everything_new
    assert quote["newsletters"] == MAILS
    assert quote["characters"] == MAILS * BLOCKS * len(LONG)
    assert quote["cost_usd"] > 0
    assert episode["bill"]["quoted_usd"] == quote["cost_usd"]
    assert any("told_characters" in one for one in executed)
    assert [one for one in executed if "blocks.text" in one] == []


def test_the_estimated_length_is_close_to_that_of_the_request() -> None:
    for newsletter in (roast(), sport(), bahn(), make_newsletter(1, [LONG] * 400)):
        size = StoredMail(UUID(int=0), newsletter, 0, 0).size
        actual = len(newsletter_as_data(newsletter))

        assert 0.98 * actual <= newsletter_length(size.blocks, size.characters) <= 1.05 * actual


async def long_mails(service: Service) -> list[StoredMail]:
    engine = open_database(service.settings)
    try:
        listener = await ListenerStore(engine).local()
        texts = [LONG] * BLOCKS
        newsletters = [make_newsletter(number, texts) for number in range(MAILS)]
        return [*await MailStore(engine).add(listener, newsletters)]
    finally:
        await engine.dispose()


@contextmanager
def statements(service: Service) -> Iterator[list[str]]:
    """The statements that the service executes within this block."""
    executed: list[str] = []
    engine = service.app.state.ports.database.sync_engine

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        executed.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield executed
    sa.event.remove(engine, "before_cursor_execute", note)
