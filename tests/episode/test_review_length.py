"""A script in review is as long as its listener was told, and as long as was ordered."""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from audiobrew.audio.espeak import EspeakVoice
from audiobrew.db.stages import Stage
from audiobrew.episode.episode import Episode
from audiobrew.inbox.samples import SampleMailbox
from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.extractive import ExtractiveWriter
from audiobrew.script.script import DropReason

from tests.episode.bench import Bench, open_bench
from tests.episode.fakes import ReadingWriter, ToneVoice, make_newsletter
from tests.script.mails import newsletter

NAMES = ["Northwind", "Ellery", "Tamber", "Velloway", "Brandt", "Halvorsen", "Marlow", "Pinder"]
FORMS = (
    "{name} rose {a}.{b}% to ${c}.{d}.",
    "Sales at {name} hit ${a}.{b}bn in Q3 2026.",
    "{name} cut {c},{d}0 jobs.",
    "The {name} index fell {c} points.",
    "{name} paid €{c}m for {d}% of {other}.",
)
ORDERED = 180


def samples() -> list[Newsletter]:
    return [one for one in SampleMailbox().newsletters() if one.bulk]


def figures() -> list[Newsletter]:
    """Short sentences that are longer to say than to read."""
    source = random.Random(7)

    def sentence() -> str:
        name, other = source.sample(NAMES, 2)
        numbers = {"a": source.randint(1, 99), "b": source.randint(1, 9)}
        more = {"c": source.randint(100, 999), "d": source.randint(10, 99)}
        return source.choice(FORMS).format(name=name, other=other, **numbers, **more)

    def text() -> str:
        return "\n\n".join(" ".join(sentence() for _ in range(4)) for _ in range(15))

    return [newsletter(f"Ticker {n}", "Markets", text()) for n in range(2)]


async def review(bench: Bench, newsletters: Sequence[Newsletter], minutes: int = 3) -> Episode:
    await bench.add_mails(newsletters)
    episode = await bench.order(minutes=minutes, review=True)
    await bench.wait_for_stage(episode, Stage.REVIEW)
    return await bench.episodes.get(bench.listener, episode.id)


async def speak(bench: Bench, episode: Episode) -> tuple[float, Episode]:
    """The estimate, and the episode once it is spoken."""
    estimate = await bench.orders.estimate(episode, await bench.scripts.get(episode.id))
    await bench.orders.approve(bench.listener, episode.id)
    finished = await bench.wait_until_ended(episode)
    assert estimate and finished.stage is Stage.READY, finished.trouble
    return estimate.seconds, finished


@pytest.mark.parametrize("make", [samples, figures])
async def test_the_script_has_the_estimated_and_the_ordered_length(
    tmp_path: Path, make: Callable[[], list[Newsletter]]
) -> None:
    async with open_bench(tmp_path, ExtractiveWriter(), EspeakVoice()) as bench:
        episode = await review(bench, make())
        seconds, finished = await speak(bench, episode)

    assert seconds == pytest.approx(finished.seconds, rel=0.05)
    assert finished.seconds == pytest.approx(ORDERED, rel=0.05)


async def test_the_next_estimate_follows_the_measured_pace(tmp_path: Path) -> None:
    voice = ToneVoice(speed=0.5)
    async with open_bench(tmp_path, ReadingWriter(), voice) as bench:
        before, first = await speak(
            bench, await review(bench, [make_newsletter(n) for n in range(4)])
        )
        after, second = await speak(
            bench, await review(bench, [make_newsletter(n) for n in range(5, 9)])
        )

    assert before < 0.7 * (first.seconds or 0)
    assert after == pytest.approx(second.seconds, rel=0.05)


async def test_a_recording_that_is_too_long_loses_no_sentence_of_the_listener(
    tmp_path: Path,
) -> None:
    voice = ToneVoice(speed=0.8)
    async with open_bench(tmp_path, ReadingWriter(), voice) as bench:
        episode = await review(bench, [make_newsletter(n) for n in range(5)], minutes=1)
        script = await bench.scripts.get(episode.id)
        last = [segment.sentences[-1] for segment in script.segments]
        edited = last[0].sentence.text.replace("small ", "")
        await bench.orders.edit(bench.listener, episode.id, last[0].number, edited, None)
        await bench.orders.edit(bench.listener, episode.id, last[1].number, None, True)
        await bench.orders.edit(bench.listener, episode.id, last[1].number, None, False)
        _, finished = await speak(bench, episode)
        spoken = await bench.scripts.get(episode.id)

    texts = [one.sentence.text for part in spoken.segments for one in part.sentences]
    left_out = [one for one in spoken.dropped if one.why == DropReason.TIME]
    assert edited in texts
    assert last[1].sentence.text in texts
    assert left_out
    count = f"{len(left_out)} sentence{'s' * (len(left_out) > 1)}"
    note = f"To keep to 1 minute, {count} of your script had to be left out."
    assert (finished.note or "").endswith(note)
    assert all(one.start is not None for part in spoken.segments for one in part.sentences)
