"""Episodes on several days: nothing is told twice, what is new is told as an update, and no listener hears of
another one's memory."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from audiobrew.db.stages import Stage
from audiobrew.db.tables import episodes as episodes_table
from audiobrew.db.tables import paid, paid_uses
from audiobrew.episode.episode import ALL_TOLD, Episode, NothingToBrew
from audiobrew.inbox.coverage import LeftOut
from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.reader import read_mail
from audiobrew.models.openai_client import OpenAICalls
from audiobrew.script.extractive import ExtractiveWriter
from audiobrew.script.openai.writer import OpenAIWriter

from tests.episode.bench import Bench, open_bench
from tests.episode.fakes import make_newsletter
from tests.script.mails import RUIZ_ELSEWHERE, TUNNEL, newsletter
from tests.standins.openai import OpenAI
from tests.standins.openai.fake_model import FakeModel
from tests.standins.openai.local_server import serving

STORY = TUNNEL.split("\n\n", maxsplit=1)[0]
NEWS = "The fish market will stay open until June, the port authority of Port Ellery decided on Wednesday."
OTHER = newsletter("Ellery Runner", "A record marathon", RUIZ_ELSEWHERE, day=24)


@pytest.fixture(params=["extractive", "model"])
async def either_bench(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """A bench with the extractive writer, and one with a model that is a stand-in."""
    if request.param == "extractive":
        async with open_bench(tmp_path / "data", writer=ExtractiveWriter()) as bench:
            yield bench
        return
    stand_in = OpenAI(FakeModel())
    with serving(stand_in) as url:
        calls = OpenAICalls(stand_in.key, url, 8, 30)
        writer = OpenAIWriter(calls, "gpt-6-luna")
        async with open_bench(tmp_path / "data", writer=writer) as bench:
            yield bench
        await calls.aclose()


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path / "data", writer=ExtractiveWriter()) as bench:
        yield bench


def raw_mail(text: str = STORY, subject: str = "Tunnel approved", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    fields = {
        "From": "The Roast <news@the-roast.example>",
        "Subject": subject,
        "List-Id": "<the-roast.example>",
        "Date": "23 Nov 2026 07:00:00 +0000",
        "Message-ID": "<1@the-roast.example>",
    }
    for name, value in {
        **fields,
        **{key.replace("_", "-"): one for key, one in headers.items()},
    }.items():
        if value:
            mail[name] = value
    mail.set_content(f"{text}\n")
    return mail


def read(mail: EmailMessage) -> Newsletter:
    return read_mail(bytes(mail), limits=Limits())


TODAY = "24 Nov 2026 06:30:00 +0000"
COPIES = {
    "resent": raw_mail(Date=TODAY, Message_ID="<2@the-roast.example>"),
    "corrected": raw_mail(
        STORY.replace("412", "421"),
        "[Correction] Tunnel approved",
        Date=TODAY,
        Message_ID="<3@the-roast.example>",
    ),
    "forwarded": raw_mail(
        "Have you seen this?\n\n---------- Forwarded message ---------\n"
        "From: The Roast <news@the-roast.example>\nDate: Mon, Nov 23, 2026 at 7:00 AM\n"
        f"Subject: Tunnel approved\nTo: <list@the-roast.example>\n\n{STORY}",
        "Fwd: Tunnel approved",
        From="Ben Frost <ben@example.org>",
        Date=TODAY,
        Message_ID="<4@example.org>",
        List_Id="",
    ),
    "in two folders": raw_mail(X_Folder="Archive"),
    "list-reply": raw_mail(
        "I doubt it.\n\nOn Mon, 23 Nov 2026 at 07:00, The Roast <news@the-roast.example> wrote:\n"
        + "\n".join(f"> {line}" for line in STORY.split(". ")),
        "Re: [roast] Tunnel approved",
        From="Ben Frost <ben@example.org>",
        Date=TODAY,
        Message_ID="<5@example.org>",
        In_Reply_To="<1@the-roast.example>",
    ),
}  # fmt: skip


async def spoken_texts(bench: Bench, episode: Episode) -> list[str]:
    script = await bench.scripts.get(episode.id)
    return [
        one.sentence.text
        for segment in script.segments
        for one in segment.sentences
        if one.start is not None and one.sentence.cites
    ]


async def brew_day(bench: Bench, day: int, **more: object) -> Episode:
    order = replace(bench.make_order(minutes=2, **more), day=date(2026, 11, day))
    return await bench.wait_until_ended(await bench.orders.start(bench.listener, order, None))


@pytest.mark.parametrize("kind", sorted(COPIES.keys() - {"corrected"}))
async def test_the_same_mail_again_is_told_once(either_bench: Bench, kind: str) -> None:
    bench = either_bench
    await bench.add_mails([read(raw_mail())])
    monday = await brew_day(bench, 23)
    first = await spoken_texts(bench, monday)
    await bench.add_mails([read(COPIES[kind]), OTHER])
    tuesday = await brew_day(bench, 24)

    assert monday.stage is tuesday.stage is Stage.READY, (monday.trouble, tuesday.trouble)
    assert first
    assert set(await spoken_texts(bench, tuesday)).isdisjoint(first)
    assert not any("tunnel" in text for text in await spoken_texts(bench, tuesday))


async def test_a_corrected_figure_is_told_once_as_an_update_with_a_link(
    either_bench: Bench,
) -> None:
    bench = either_bench
    await bench.add_mails([read(raw_mail())])
    monday = await brew_day(bench, 23)
    await bench.add_mails([read(COPIES["corrected"])])
    tuesday = await brew_day(bench, 24)
    [segment] = (await bench.scripts.get(tuesday.id)).segments

    texts = await spoken_texts(bench, tuesday)
    assert [text for text in texts if "421" in text] == texts
    assert len(texts) == 1
    assert segment.update_of is not None
    assert (segment.update_of.episode, segment.update_of.day) == (monday.id, date(2026, 11, 23))
    again = raw_mail(
        STORY.replace("412", "421"),
        "[Correction] Tunnel approved",
        Date="25 Nov 2026 06:30:00 +0000",
        Message_ID="<6@the-roast.example>",
    )
    await bench.add_mails([read(again)])
    with pytest.raises(NothingToBrew, match=ALL_TOLD):
        await bench.brew()


@pytest.mark.parametrize("kind", COPIES)
async def test_the_same_mail_twice_on_one_day_is_told_once(either_bench: Bench, kind: str) -> None:
    bench = either_bench
    await bench.add_mails([read(raw_mail()), read(COPIES[kind])])
    monday = await brew_day(bench, 23)
    texts = await spoken_texts(bench, monday)

    assert len(texts) == len(set(texts)) > 0
    assert sum("million euros" in text for text in texts) == 1


async def test_a_development_is_told_as_an_update_with_a_link(either_bench: Bench) -> None:
    bench = either_bench
    await bench.add_mails([read(raw_mail())])
    monday = await brew_day(bench, 23)
    await bench.add_mails([newsletter("Tide Lines", "Fish market", f"{STORY} {NEWS}", day=24)])
    tuesday = await brew_day(bench, 24)
    script = await bench.scripts.get(tuesday.id)
    [segment] = script.segments

    assert await spoken_texts(bench, tuesday) == [NEWS]
    assert segment.update_of is not None
    assert (segment.update_of.episode, segment.update_of.day) == (monday.id, date(2026, 11, 23))
    told = await bench.scripts.get(monday.id)
    numbers = {one.number: one for part in told.segments for one in part.sentences}
    assert numbers[segment.update_of.number].sentence.cites
    assert {repeat.text for repeat in script.repeats} == set(await spoken_texts(bench, monday))
    assert all(numbers[one.earlier.number].sentence.text == one.text for one in script.repeats)


async def test_a_newsletter_without_news_counts_as_told_and_says_where(bench: Bench) -> None:
    await bench.add_mails([read(raw_mail())])
    monday = await brew_day(bench, 23)
    [repeat, _] = await bench.add_mails([newsletter("Tide Lines", "Port", STORY, day=24), OTHER])
    tuesday = await brew_day(bench, 24)
    newsletters = {one.mail: one for one in await bench.episodes.newsletters(tuesday.id)}

    assert newsletters[repeat].left_out is LeftOut.REPEAT
    assert tuesday.newsletters_told == 2
    assert tuesday.note is not None
    assert "Told in earlier episodes: Tide Lines." in tuesday.note
    earlier = (await bench.mails.list_repeats(bench.listener, [repeat]))[repeat]
    assert earlier.episode == monday.id
    assert await bench.mails.list_repeats(uuid4(), [repeat]) == {}
    with pytest.raises(NothingToBrew, match=ALL_TOLD):
        await bench.brew()


async def test_if_nothing_is_new_the_listener_is_told_and_can_order_it_by_name(
    bench: Bench,
) -> None:
    await bench.add_mails([read(raw_mail())])
    await brew_day(bench, 23)
    [repeat] = await bench.add_mails([newsletter("Tide Lines", "Port", STORY, day=24)])
    tuesday = await brew_day(bench, 24)
    again = await brew_day(bench, 25, mails=[repeat])

    assert tuesday.stage is Stage.FAILED
    assert tuesday.trouble is not None
    assert "Monday, November 23" in tuesday.trouble
    assert (await bench.scripts.get(tuesday.id)).repeats
    assert again.stage is Stage.READY
    assert any("412 million" in text for text in await spoken_texts(bench, again))


async def test_an_order_by_name_tells_again_at_once_and_only_news_where_there_is_some(
    bench: Bench,
) -> None:
    await bench.add_mails([read(raw_mail())])
    await brew_day(bench, 23)
    repeat, update = await bench.add_mails(
        [
            newsletter("Tide Lines", "Port", STORY, day=24),
            newsletter("Harbour Post", "Fish market", f"{STORY} {NEWS}", day=24),
        ]
    )
    again = await brew_day(bench, 24, mails=[repeat])
    news = await brew_day(bench, 24, mails=[update])

    assert (again.stage, news.stage) == (Stage.READY, Stage.READY), again.trouble
    assert again.newsletters_told == 1
    assert any("412 million" in text for text in await spoken_texts(bench, again))
    assert await spoken_texts(bench, news) == [NEWS]


async def test_what_a_deleted_episode_told_is_new_again(bench: Bench) -> None:
    await bench.add_mails([read(raw_mail())])
    monday = await brew_day(bench, 23)
    [repeat, _] = await bench.add_mails([newsletter("Tide Lines", "Port", STORY, day=24), OTHER])
    tuesday = await brew_day(bench, 24)
    await bench.episodes.delete(bench.listener, monday.id)

    assert repeat in [one.id for one in await bench.mails.list_new_sizes(bench.listener)]
    repeats = (await bench.scripts.get(tuesday.id)).repeats
    assert repeats
    assert all(
        (one.earlier.episode, one.earlier.day) == (None, date(2026, 11, 23)) for one in repeats
    )


async def test_another_listeners_episodes_are_not_remembered(bench: Bench) -> None:
    await bench.add_mails([read(raw_mail())])
    await brew_day(bench, 23)
    other = uuid4()
    await bench.listeners.join(other)
    heard = await bench.scripts.heard_stories(other, uuid4(), datetime.now(UTC))

    assert heard == []
    assert await bench.scripts.heard_stories(bench.listener, uuid4(), datetime.now(UTC))


async def test_only_the_last_seven_episodes_of_two_weeks_are_remembered(bench: Bench) -> None:
    await bench.add_mails([read(raw_mail())])
    monday = await brew_day(bench, 23)
    now = datetime.now(UTC)

    async def remembered(before: datetime = now, episode: UUID | None = None) -> set[UUID]:
        stories = await bench.scripts.heard_stories(bench.listener, episode or uuid4(), before)
        return {story.episode for story in stories}

    assert await remembered() == {monday.id}
    assert await remembered(episode=monday.id) == set()
    assert await remembered(now + timedelta(days=15)) == set()
    async with bench.database.begin() as database:
        row = (await database.execute(sa.select(episodes_table))).one()._mapping
        for number in range(7):
            newer = {"id": uuid4(), "published_at": now + timedelta(hours=number), "title": "Newer"}
            await database.execute(episodes_table.insert().values({**row, **newer}))
    assert await remembered() == set()


async def test_a_retry_finds_the_plan_of_the_first_attempt(bench: Bench) -> None:
    """The episode itself is no memory, and an episode of other stories does not change its plan."""
    await bench.add_mails([read(raw_mail())])
    await brew_day(bench, 23)
    await bench.add_mails([newsletter("Tide Lines", "Fish market", f"{STORY} {NEWS}", day=24)])
    bench.voice.refuses = "fish market"
    failed = await brew_day(bench, 24)
    bench.voice.refuses = None
    plans = await rundowns(bench, failed)
    [other] = await bench.add_mails([make_newsletter(1)])
    assert (await brew_day(bench, 24, mails=[other])).stage is Stage.READY
    await bench.orders.retry(bench.listener, failed.id)
    retried = await bench.wait_until_ended(failed)

    assert failed.stage is Stage.FAILED
    assert retried.stage is Stage.READY
    assert plans
    assert plans <= await rundowns(bench, retried)
    assert await spoken_texts(bench, retried) == [NEWS]


async def rundowns(bench: Bench, episode: Episode) -> set[str]:
    """The keys of the stored plans of an episode."""
    query = (
        sa.select(paid.c.key)
        .join_from(paid, paid_uses)
        .where(paid_uses.c.episode_id == episode.id, paid.c.kind == "rundown")
    )
    async with bench.database.connect() as database:
        return set((await database.execute(query)).scalars())
