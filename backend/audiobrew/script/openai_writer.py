"""The writer that asks a model of OpenAI's, or of any server that speaks its Responses API."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from itertools import chain
from typing import Any, TypeVar

import anyio.to_thread
import structlog
from pydantic import ValidationError

from audiobrew.inbox.newsletter import Newsletter
from audiobrew.openai_calls import OpenAICalls
from audiobrew.paying import Answer, Once, Tally, Use
from audiobrew.problem import Problem
from audiobrew.script import asking, points
from audiobrew.script.framing import spoken_date
from audiobrew.script.gate import Sources
from audiobrew.script.items import Item
from audiobrew.script.running_order import Slot, pace, running_order
from audiobrew.script.script import Dropped, Segment, Sentence
from audiobrew.script.told_by_model import segment_of
from audiobrew.script.writer import USUAL_PACE, Brief, NothingToTell, Point, Rundown, Story

CALLS_A_STAGE = 8
"""More newsletters than that share calls: one round of waiting, however many there are."""
TRIES = 2
"""An answer that is cut off or not in shape is asked for once more."""
RICH = 1.25
"""Points are to hold so much more text than the script, to choose from."""
SHARED = 0.5
"""Newsletters that share a call, the shortest ones, say so much less: all calls end at about one time."""
MOST_POINTS = 2500
CHARACTERS_A_TOKEN = 3.5
OVERHEAD = 1.5
"""What JSON and numbers add to the text of an answer."""
LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian"}

Shape = TypeVar("Shape", bound=asking.Strict)
log = structlog.get_logger()


class WriterFailed(Problem):
    """The model gave no usable answer for a part of this episode. Retry it: finished parts are kept."""

    status = HTTPStatus.BAD_GATEWAY


class OpenAIWriter:
    """`effort` is the model's reasoning effort; without one the model is not told of it."""

    translates = True

    def __init__(self, calls: OpenAICalls, model: str, effort: str | None = "none") -> None:
        self._calls = calls
        self.model = model
        self._effort = effort

    @property
    def name(self) -> str:
        """The last number counts our own instructions: raise it when they would change an answer."""
        return f"openai-{self.model}-{self._effort}-1"

    def forecast(self, newsletters: Sequence[Newsletter], brief: Brief) -> list[Use]:
        """See `Writer.forecast`."""
        groups = points.balanced(newsletters, CALLS_A_STAGE, brief.language)
        wanted = _wanted(newsletters, brief)
        found = [
            self._use(len(asking.newsletters_as_data(one)), wanted * len(one)) for one in groups
        ]
        script = _script(newsletters, brief)
        calls = min(CALLS_A_STAGE, max(1, len(newsletters)))
        written = [self._use(script * RICH / calls, script / calls)] * calls
        return [*found, *written]

    async def plan(self, newsletters: Sequence[Newsletter], brief: Brief, once: Once) -> Rundown:
        """See `Writer.plan`. Raises WriterFailed."""
        found = await self._found(newsletters, brief, once)
        slots = running_order(newsletters, brief, lambda one: found.get(one.digest, ()))
        if not slots:
            raise NothingToTell
        language = slots[0].language
        title = f"{brief.show}, {spoken_date(brief.day, language)}"
        empty = tuple(one.digest for one in newsletters if one.digest not in found)
        return Rundown(title, language, tuple(_story(slot, brief) for slot in slots), empty)

    async def write(
        self,
        rundown: Rundown,
        numbers: Sequence[int],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: Once,
    ) -> list[Segment]:
        """See `Writer.write`. Raises WriterFailed."""
        data = asking.stories_as_data(
            [_asked(rundown, n, place) for place, n in enumerate(numbers)]
        )
        orders = asking.SEGMENTS.format(style=asking.STYLES[brief.style]) + asking.DATA
        length = sum(rundown.stories[number].characters for number in numbers)
        said = await self._ask(asking.Said, orders, data, length, once)
        told = {story.story: story.sentences for story in said.stories}
        stories = [rundown.stories[number] for number in numbers]
        return [
            segment_of(
                rundown,
                number,
                told.get(place, []),
                newsletters,
                brief,
                stories[:place] + stories[place + 1 :],
            )
            for place, number in enumerate(numbers)
        ]

    async def mend(
        self,
        segment: Segment,
        wrong: Sequence[Dropped],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: Once,
    ) -> Segment:
        """See `Writer.mend`: what cites something is said again, once."""
        texts = {block.id: block.text for one in newsletters for block in one.told}
        cited = [
            (one, [texts[id] for id in one.sentence.cites if id in texts])
            for one in wrong
            if one.sentence.cites
        ]
        if not cited:
            return segment
        length = sum(len(one.sentence.text) for one, _ in cited)
        data = asking.wrong_as_data(cited)
        mended = await self._ask(asking.Mended, asking.MEND + asking.DATA, data, length, once)
        again = dict(zip([one.sentence for one, _ in cited], mended.texts, strict=False))
        return _said_again(segment, again)

    async def _found(
        self, newsletters: Sequence[Newsletter], brief: Brief, once: Once
    ) -> points.Found:
        """Every newsletter's items. One that comes out empty beside others is asked for alone."""
        groups = points.balanced(newsletters, CALLS_A_STAGE, brief.language)
        found = await self._points(groups, newsletters, brief, once)
        beside = [one for group in groups if len(group) > 1 for one in group]
        alone = [[one] for one in beside if one.digest not in found]
        return {**found, **await self._points(alone, newsletters, brief, once)}

    async def _points(
        self,
        groups: Sequence[Sequence[Newsletter]],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: Once,
    ) -> dict[str, list[Item]]:
        sources = Sources.of(newsletters, brief)
        language = LANGUAGES.get(brief.language or "", brief.language) or "its own language"

        async def asked(group: Sequence[Newsletter]) -> dict[str, list[Item]]:
            wanted = round(_wanted(newsletters, brief) * (SHARED if len(group) > 1 else 1))
            orders = asking.POINTS.format(characters=wanted, language=language) + asking.DATA
            data = await anyio.to_thread.run_sync(asking.newsletters_as_data, group)
            told = await self._ask(asking.Points, orders, data, wanted * len(group), once)
            return await anyio.to_thread.run_sync(
                points.items_found, group, told, sources, brief.language
            )

        answers = await _all(asked(group) for group in groups)
        return dict(chain.from_iterable(answer.items() for answer in answers))

    async def _ask(
        self, shape: type[Shape], orders: str, data: str, length: float, once: Once
    ) -> Shape:
        """One answer in shape, `length` characters of text long. Raises WriterFailed.

        Asking once more is a call of its own: set aside and charged like the first.
        """
        asked = {"model": self.name, "orders": orders, "data": data, "shape": shape.__name__}
        expected = self._use(len(orders) + len(data), length)

        async def call() -> Answer:
            return await self._called(shape, self._request(shape, orders, data), expected)

        for last in [False] * (TRIES - 1) + [True]:
            try:
                return shape.model_validate(await once("script", asked, expected, call))
            except WriterFailed:
                if last:
                    raise
        raise AssertionError("every try returns or raises")

    async def _called(self, shape: type[Shape], request: dict[str, Any], expected: Use) -> Answer:
        tally = Tally(expected)
        with tally.kept():
            response = await self._calls.tried(
                lambda client: client.responses.create(**request), tally.cut_off
            )
            units = tally.answered(_units(response))
            try:
                told = shape.model_validate_json(response.output_text)
            except ValidationError as error:
                log.warning("writer.unusable", status=response.status)
                raise WriterFailed from error
        return Answer(told.model_dump(), use=Use(self.model, units))

    def _request(self, shape: type[Shape], orders: str, data: str) -> dict[str, Any]:
        effort = {"reasoning": {"effort": self._effort}} if self._effort else {}
        schema = shape.model_json_schema()
        form = {"type": "json_schema", "name": shape.__name__, "schema": schema, "strict": True}
        return {
            "model": self.model,
            "instructions": orders,
            "input": data,
            "text": {"format": form},
            "store": False,
            **effort,
        }

    def _use(self, characters_in: float, characters_out: float) -> Use:
        out = characters_out * OVERHEAD / CHARACTERS_A_TOKEN
        return Use(self.model, {"text_in": characters_in / CHARACTERS_A_TOKEN, "text_out": out})


async def _all(asked: Any) -> list[Any]:
    """Every answer; a trouble is told once all have ended, so that what was paid for is kept."""
    answers = await asyncio.gather(*asked, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers


def _units(response: Any) -> dict[str, float] | None:
    usage = response.usage
    return {"text_in": usage.input_tokens, "text_out": usage.output_tokens} if usage else None


def _script(newsletters: Sequence[Newsletter], brief: Brief) -> float:
    """Characters that the minutes hold."""
    speeds = [pace(brief.language or one.language, brief) for one in newsletters]
    return brief.minutes * 60 * sum(speeds) / max(1, len(speeds))


def _wanted(newsletters: Sequence[Newsletter], brief: Brief) -> int:
    """Characters of points a newsletter; by a usual pace, so that planning anew asks the same again."""
    share = brief.minutes * 60 * USUAL_PACE * RICH / max(1, len(newsletters))
    return int(min(MOST_POINTS, max(300, round(share, -2))))


def _story(slot: Slot, brief: Brief) -> Story:
    told = tuple(
        Point(line.text, item.newsletter.digest, line.blocks)
        for item in slot.items
        for line in item.lines
    )
    blocks = tuple(dict.fromkeys(block for point in told for block in point.blocks))
    return Story(
        id=hashlib.sha256("".join(blocks).encode()).hexdigest()[:16],
        title=slot.items[0].title,
        language=slot.language,
        newsletters=tuple(item.newsletter.digest for item in slot.items),
        blocks=blocks,
        characters=round(slot.seconds * pace(slot.language, brief)),
        points=told,
    )


def _asked(rundown: Rundown, number: int, place: int) -> dict[str, Any]:
    story = rundown.stories[number]
    around: dict[str, str] = {}
    if number:
        around["before"] = rundown.stories[number - 1].title
    if number + 1 < len(rundown.stories):
        around["next"] = rundown.stories[number + 1].title
    return asking.story_as_data(place, story.points, story.language, story.characters, around)


def _said_again(segment: Segment, again: Mapping[Sentence, str]) -> Segment:
    """An empty text takes nothing away: the gate drops the old sentence, and says so."""
    sentences = tuple(
        replace(one, text=" ".join(again[one].split())) if again.get(one, "").strip() else one
        for one in segment.sentences
    )
    return replace(segment, sentences=sentences)
