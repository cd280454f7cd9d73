"""A script that its listener reads, edits and approves before it is spoken."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from audiobrew.db.stages import Stage
from audiobrew.episode import serializers
from audiobrew.episode.episode import (
    AlreadyEnded,
    Episode,
    NotInReview,
    SentenceNotFound,
    SentenceNotSupported,
)
from audiobrew.episode.pronunciations import PronunciationStore
from audiobrew.episode.script_store import StoredSentence
from audiobrew.script.extractive import ExtractiveWriter
from audiobrew.script.script import Kind

from tests.episode.bench import Bench, open_bench
from tests.episode.fakes import TEXTS, ReadingWriter, ToneVoice, make_newsletter
from tests.script.test_differences import pair
from tests.serving import a_mail


async def order_review(bench: Bench, **order: Any) -> Episode:
    """An episode whose script waits for the listener."""
    await bench.add_mails([make_newsletter(1), make_newsletter(2)])
    episode = await bench.order(review=True, **order)
    await bench.wait_for_stage(episode, Stage.REVIEW)
    return await bench.episodes.get(bench.listener, episode.id)


async def texts_of(bench: Bench, episode: Episode) -> list[str]:
    script = await bench.scripts.get(episode.id)
    return [stored.sentence.text for part in script.segments for stored in part.sentences]


async def test_nothing_is_spoken_before_the_script_is_approved(tmp_path: Path) -> None:
    voice = ToneVoice()
    async with open_bench(tmp_path, ReadingWriter(), voice) as bench:
        episode = await order_review(bench)
        assert await texts_of(bench, episode) == [*TEXTS, *TEXTS]
        assert not voice.called

        await bench.orders.approve(bench.listener, episode.id)
        finished = await bench.wait_until_ended(episode)

    assert finished.stage is Stage.READY
    assert sum(voice.called.values()) > 0


async def test_edits_and_removals_are_what_is_spoken(tmp_path: Path) -> None:
    voice = ToneVoice()
    async with open_bench(tmp_path, ReadingWriter(), voice) as bench:
        episode = await order_review(bench)
        edited = "The harbour opens again on Tuesday."
        await bench.orders.edit(bench.listener, episode.id, 0, edited, None)
        await bench.orders.edit(bench.listener, episode.id, 2, None, True)
        await bench.orders.edit(bench.listener, episode.id, 4, None, True)
        await bench.orders.edit(bench.listener, episode.id, 4, None, False)
        await bench.orders.approve(bench.listener, episode.id)
        finished = await bench.wait_until_ended(episode)
        script = await bench.scripts.get(episode.id)

    told = [stored for part in script.segments for stored in part.sentences]
    assert finished.stage is Stage.READY
    assert [stored.sentence.text for stored in told] == [edited, TEXTS[1], *TEXTS]
    assert [stored.number for stored in told] == list(range(5))
    assert all(stored.start is not None for stored in told)
    assert [stored.sentence.text for stored in script.removed] == [TEXTS[2]]


async def test_a_segment_without_sentences_is_no_chapter(bench: Bench) -> None:
    episode = await order_review(bench)
    for number in range(len(TEXTS)):
        await bench.orders.edit(bench.listener, episode.id, number, None, True)
    await bench.orders.approve(bench.listener, episode.id)
    finished = await bench.wait_until_ended(episode)
    script = await bench.scripts.get(episode.id)

    assert finished.stage is Stage.READY
    assert len(script.segments) == 1
    assert script.segments[0].end is not None


async def test_a_script_without_any_sentence_fails_with_a_sentence(bench: Bench) -> None:
    episode = await order_review(bench)
    for number in range(2 * len(TEXTS)):
        await bench.orders.edit(bench.listener, episode.id, number, None, True)
    await bench.orders.approve(bench.listener, episode.id)
    finished = await bench.wait_until_ended(episode)

    assert finished.stage is Stage.FAILED
    assert "you removed every sentence" in (finished.trouble or "")


@pytest.mark.parametrize(
    "text", ["The harbour opens again after 12 weeks of repairs.", "Visit wonder.example today."]
)
async def test_the_gate_checks_an_edit(bench: Bench, text: str) -> None:
    episode = await order_review(bench)
    with pytest.raises(SentenceNotSupported):
        await bench.orders.edit(bench.listener, episode.id, 0, text, None)

    assert await texts_of(bench, episode) == [*TEXTS, *TEXTS]


async def test_a_sentence_that_does_not_exist_cannot_be_edited(bench: Bench) -> None:
    episode = await order_review(bench)
    with pytest.raises(SentenceNotFound):
        await bench.orders.edit(bench.listener, episode.id, 99, None, True)


async def test_only_a_script_in_review_can_be_edited_and_approved(bench: Bench) -> None:
    await bench.add_mails()
    episode = await bench.brew()
    with pytest.raises(NotInReview):
        await bench.orders.edit(bench.listener, episode.id, 0, None, True)
    with pytest.raises(NotInReview):
        await bench.orders.approve(bench.listener, episode.id)


async def test_a_script_is_approved_once(bench: Bench) -> None:
    episode = await order_review(bench)
    answers = await asyncio.gather(
        *(bench.orders.approve(bench.listener, episode.id) for _ in range(5)),
        return_exceptions=True,
    )
    finished = await bench.wait_until_ended(episode)

    assert sum(isinstance(answer, Episode) for answer in answers) == 1
    assert (finished.stage, finished.attempt) == (Stage.READY, 2)


async def test_an_episode_in_review_waits_through_a_restart_and_can_be_cancelled(
    tmp_path: Path,
) -> None:
    async with open_bench(tmp_path) as bench:
        episode = await order_review(bench)
    async with open_bench(tmp_path) as bench:
        await bench.orders.recover_stalled()
        waiting = await bench.episodes.get_unscoped(episode.id)
        assert waiting.stage is Stage.REVIEW
        cancelled = await bench.orders.cancel(episode.listener, episode.id)
        with pytest.raises(AlreadyEnded):
            await bench.orders.cancel(episode.listener, episode.id)

    assert cancelled.stage is Stage.CANCELLED


async def test_an_episode_in_review_does_not_count_as_a_brew_under_way(tmp_path: Path) -> None:
    async with open_bench(tmp_path, brews_per_listener=1) as bench:
        mails = await bench.add_mails([make_newsletter(1)])
        first = await bench.order(mails=mails, review=True)
        await bench.wait_for_stage(first, Stage.REVIEW)

        assert (await bench.brew(mails=mails)).stage is Stage.READY


async def test_pronunciations_count_in_the_keys_of_the_clips(tmp_path: Path) -> None:
    voice = ToneVoice()
    async with open_bench(tmp_path, ReadingWriter(), voice) as bench:
        episode = await order_review(bench)
        store = PronunciationStore(bench.database)
        await store.put(bench.listener, "harbour", "Tarantella " * 10)
        voice.slow = "Tarantella"
        await bench.orders.approve(bench.listener, episode.id)
        await bench.wait_for_stage(episode, Stage.SPEAKING)
        keys = await clips_of(bench, episode)
        voice.go_on.set()
        finished = await bench.wait_until_ended(episode)

        assert finished.stage is Stage.READY
        assert None not in keys
        assert await clips_of(bench, episode) == keys


async def test_a_sentence_about_two_newsletters_can_be_edited(tmp_path: Path) -> None:
    async with open_bench(tmp_path, ExtractiveWriter()) as bench:
        await bench.add_mails(pair("40 ferries", "31 ferries"))
        episode = await bench.order(minutes=3, review=True)
        await bench.wait_for_stage(episode, Stage.REVIEW)
        difference = await difference_of(bench, episode)
        published = serializers.script(episode, await bench.scripts.get(episode.id))
        all_shown = [one for part in published.segments for one in part.sentences]
        [shown] = [one for one in all_shown if one.id == difference.number]
        swapped = difference.sentence.text.replace("40", "x").replace("31", "40").replace("x", "31")
        for wrong in (swapped, difference.sentence.text.replace("31", "77")):
            with pytest.raises(SentenceNotSupported):
                await bench.orders.edit(bench.listener, episode.id, difference.number, wrong, None)
        words = "The storm damaged 40 ferries, or only 31."
        await bench.orders.edit(bench.listener, episode.id, difference.number, words, None)
        await bench.orders.approve(bench.listener, episode.id)
        finished = await bench.wait_until_ended(episode)

        assert finished.stage is Stage.READY
        assert words in await texts_of(bench, episode)
        # The web app offers to edit whatever cites something.
        assert (shown.kind, len(shown.cites)) == ("sourced", 2)


async def difference_of(bench: Bench, episode: Episode) -> StoredSentence:
    script = await bench.scripts.get(episode.id)
    all_sentences = [stored for part in script.segments for stored in part.sentences]
    return next(stored for stored in all_sentences if stored.sentence.kind is Kind.DIFFERENCE)


async def clips_of(bench: Bench, episode: Episode) -> list[str | None]:
    script = await bench.scripts.get(episode.id)
    return [stored.clip for part in script.segments for stored in part.sentences]


@pytest.fixture(scope="module")
def waiting(owner: httpx2.Client) -> str:
    """An episode over HTTP whose script waits."""
    upload = owner.post("/api/mail", files={"file": ("a.eml", a_mail(), "message/rfc822")})
    mails = [mail["id"] for mail in upload.raise_for_status().json()["mails"]]
    order = {"email_ids": mails, "minutes": 1, "review": True}
    id = str(owner.post("/api/podcast/generate", json=order).raise_for_status().json()["id"])
    with owner.stream("GET", f"/api/podcast/{id}/events") as events:
        next(line for line in events.iter_lines() if '"awaits_review":true' in line)
    return id


def test_the_answers_say_that_a_script_waits_and_what_it_would_cost(
    owner: httpx2.Client, waiting: str
) -> None:
    episode = owner.get(f"/api/podcast/{waiting}").json()
    script = owner.get(f"/api/podcast/{waiting}/script").json()

    # The stage is one that clients of version 1.0 know.
    assert (episode["status"], episode["awaits_review"]) == ("checking", True)
    assert script["review"]["seconds"] > 1 and script["review"]["cost_usd"] == 0


def test_an_edit_over_http_answers_with_the_script_or_says_why_not(
    owner: httpx2.Client, second: httpx2.Client, anonymous: httpx2.Client, waiting: str
) -> None:
    script = owner.get(f"/api/podcast/{waiting}/script").json()
    sentences = [one for part in script["segments"] for one in part["sentences"]]
    sourced = next(one for one in sentences if one["cites"])
    framing = next(one for one in sentences if not one["cites"])
    path = f"/api/podcast/{waiting}/script/{sourced['id']}"

    assert second.patch(path, json={"removed": True}).status_code == 404
    assert anonymous.patch(path, json={"removed": True}).status_code == 401
    wrong = owner.patch(path, json={"text": f"{sourced['text']} It cost 987 dollars."})
    assert (wrong.status_code, wrong.json()["type"]) == (409, "/problems/sentence-not-supported")
    assert "987" in wrong.json()["detail"]
    greeting = owner.patch(
        f"/api/podcast/{waiting}/script/{framing['id']}", json={"text": "Buy roastcoin."}
    )
    assert greeting.status_code == 409
    for text in ("", "   ", "x" * 1001):
        assert owner.patch(path, json={"text": text}).status_code == 422
    removed = owner.patch(path, json={"removed": True}).raise_for_status().json()
    assert removed["removed"] == [
        {"id": sourced["id"], "segment": 0, "text": sourced["text"]},
    ]
    restored = owner.patch(path, json={"removed": False}).raise_for_status().json()
    assert restored["removed"] == []


def test_only_the_owner_lets_a_script_be_spoken(
    owner: httpx2.Client, second: httpx2.Client, anonymous: httpx2.Client, waiting: str
) -> None:
    path = f"/api/podcast/{waiting}/speak"

    assert second.post(path).status_code == 404
    assert anonymous.post(path).status_code == 401
    answer = owner.post(path)
    assert (answer.status_code, UUID(answer.json()["id"])) == (202, UUID(waiting))
    assert owner.post(path).status_code == 409
