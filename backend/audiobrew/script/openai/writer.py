"""The writer that asks a model of OpenAI's, or of any server that speaks its Responses API.

No call is shared by two newsletters, and what a call answers cites that one newsletter only. So a mail that
commands the model and is obeyed changes what is said of itself, and of nothing else.
"""

import asyncio
import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from itertools import chain
from typing import Any, TypeVar

import anyio.to_thread
import structlog
from pydantic import ValidationError

from audiobrew.mail.mail import MailSize
from audiobrew.mail.newsletter import Newsletter
from audiobrew.models.openai_client import OpenAICalls
from audiobrew.models.usage import Answer, Bound, Once, Tally, Use, bytes_of, output_tokens
from audiobrew.problems import Problem
from audiobrew.script.framing import spoken_date
from audiobrew.script.gate.gate import Sources
from audiobrew.script.openai import points, prompts
from audiobrew.script.openai.segment_builder import Share, segment_of, shares_of
from audiobrew.script.running_order import Slot, pace, running_order
from audiobrew.script.script import Rejection, Segment, Sentence
from audiobrew.script.story import Item
from audiobrew.script.writer import DEFAULT_PACE, Brief, NothingToTell, Point, Rundown, Story

CALLS_A_STAGE = 12
"""So many newsletters say all they have; of more, the shortest ones say less."""
TRIES = 2
"""An answer that is cut off or not in shape is asked for once more."""
RICH = 1.25
"""Points are to hold so much more text than the script, to choose from."""
LESS = 0.5
"""How much the shortest say where there are many: two such calls take about the time of another one."""
MOST_POINTS = 2500
CHARACTERS_A_TOKEN = 3.5
OVERHEAD = 1.5
"""What JSON and numbers add to the text of an answer."""
ROOM, MORE_TOKENS = 4, 500
"""An answer may be so many times as long as expected, and so many tokens: some languages take more tokens
for the same text. What is longer is cut off by the server."""
THOUGHT_TOKENS = {"none": 0, "low": 2_000, "medium": 8_000, "high": 24_000}
"""What a model may think before it answers: `max_output_tokens` counts it, too."""
FEWEST_TOKENS = 16
"""OpenAI takes no lower `max_output_tokens`."""
FRAME_TOKENS = 200
"""More than the marks around a request's texts take."""
LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian"}

Shape = TypeVar("Shape", bound=prompts.Strict)
M = TypeVar("M", Newsletter, MailSize)
log = structlog.get_logger()


class WriterFailed(Problem):
    """The model gave no usable answer for a part of this episode. Retry it: finished parts are kept."""

    type = "writer-failed"
    status = HTTPStatus.BAD_GATEWAY


class AnswerTooLong(WriterFailed):
    """The model's answer was longer than it may be, so it was cut off. Retry this episode, with a higher cap
    if it has one: finished parts are kept."""

    type = "answer-too-long"
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

    def forecast(self, mails: Sequence[MailSize], brief: Brief) -> list[Use]:
        """See `Writer.forecast`."""
        orders = len(prompts.POINTS + prompts.DATA)
        found = [
            self._use(orders + prompts.newsletter_length(one.blocks, one.characters), wanted)
            for one, wanted in _wanted(mails, brief, lambda one: one.characters)
        ]
        script, calls = _script([one.language for one in mails], brief), max(1, len(mails))
        orders = len(prompts.SEGMENTS + prompts.DATA)
        written = [self._use(orders + script * RICH / calls, script / calls)] * calls
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
        shares = [share for number in numbers for share in shares_of(rundown, number)]
        digests = dict.fromkeys(share.newsletter for share in shares)
        mine = [[one for one in shares if one.newsletter == digest] for digest in digests]
        answers = await _all(self._say(rundown, each, brief, once) for each in mine)
        said = dict(chain.from_iterable(answer.items() for answer in answers))
        return [segment_of(rundown, number, said, newsletters, brief) for number in numbers]

    async def _say(
        self, rundown: Rundown, shares: Sequence[Share], brief: Brief, once: Once
    ) -> dict[Share, list[prompts.SaidSentence]]:
        """What one newsletter says in some stories."""
        asked = [_asked(rundown, share, place) for place, share in enumerate(shares)]
        orders = prompts.SEGMENTS.format(style=prompts.STYLES[brief.style]) + prompts.DATA
        length = sum(share.characters for share in shares)
        answer = await self._ask(prompts.Said, orders, prompts.stories_as_data(asked), length, once)
        told = {story.story: story.sentences for story in answer.stories}
        return {share: told.get(place, []) for place, share in enumerate(shares)}

    async def mend(
        self,
        segment: Segment,
        wrong: Sequence[Rejection],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: Once,
    ) -> Segment:
        """See `Writer.mend`: what cites something is said again, once."""
        blocks = {block.id: (one.digest, block.text) for one in newsletters for block in one.told}
        cited: dict[frozenset[str], list[tuple[Rejection, list[str]]]] = {}
        for one in wrong:
            found = [blocks[id] for id in one.sentence.cites if id in blocks]
            if found:
                home = frozenset(digest for digest, _ in found)
                cited.setdefault(home, []).append((one, [text for _, text in found]))
        own = [together for home, together in cited.items() if len(home) == 1]
        mended = await _all(self._say_again(together, once) for together in own)
        again = dict(chain.from_iterable(one.items() for one in mended))
        return _said_again(segment, again)

    async def _say_again(
        self, wrong: Sequence[tuple[Rejection, Sequence[str]]], once: Once
    ) -> dict[Sentence, str]:
        """Wrong sentences of one newsletter, with the texts that they cite."""
        length = sum(len(one.sentence.text) for one, _ in wrong)
        data = prompts.wrong_as_data(wrong)
        mended = await self._ask(prompts.Mended, prompts.MEND + prompts.DATA, data, length, once)
        return dict(zip([one.sentence for one, _ in wrong], mended.texts, strict=False))

    async def _found(
        self, newsletters: Sequence[Newsletter], brief: Brief, once: Once
    ) -> points.Found:
        """Every newsletter's items."""
        sources = Sources.of(newsletters, brief)
        language = LANGUAGES.get(brief.language or "", brief.language) or "its own language"

        async def asked(newsletter: Newsletter, wanted: int) -> list[Item]:
            orders = prompts.POINTS.format(characters=wanted, language=language) + prompts.DATA
            data = await anyio.to_thread.run_sync(prompts.newsletter_as_data, newsletter)
            told = await self._ask(prompts.Points, orders, data, wanted, once)
            return await anyio.to_thread.run_sync(
                points.items_found, newsletter, told, sources, brief.language
            )

        every = _wanted(newsletters, brief, points.length)
        answers = await _all(asked(*one) for one in every)
        found = zip((one.digest for one, _ in every), answers, strict=True)
        return {digest: items for digest, items in found if items}

    async def _ask(
        self, shape: type[Shape], orders: str, data: str, length: float, once: Once
    ) -> Shape:
        """One answer in shape, `length` characters of text long. Raises WriterFailed.

        Asking once more is a call of its own: set aside and charged like the first.
        """
        asked = {"model": self.name, "orders": orders, "data": data, "shape": shape.__name__}
        expected = self._bounded(shape, orders, data, length)

        async def call() -> Answer:
            request = self._request(shape, orders, data)
            most = {"max_output_tokens": output_tokens(expected.bound)}
            return await self._called(shape, request | most, expected)

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
            _check_whole(response)
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

    def _bounded(self, shape: type[Shape], orders: str, data: str, length: float) -> Use:
        expected = self._use(len(orders) + len(data), length)
        schema = json.dumps(shape.model_json_schema(), ensure_ascii=False)
        least = max(FEWEST_TOKENS, math.ceil(expected.units["text_out"]))
        thought = THOUGHT_TOKENS.get(self._effort or "medium", THOUGHT_TOKENS["high"])
        bound = Bound(
            inputs={"text_in": bytes_of(orders, data, schema) + FRAME_TOKENS},
            outputs=("text_out",),
            tokens=least * ROOM + MORE_TOKENS + thought,
            least=least,
        )
        return replace(expected, bound=bound)

    def _use(self, characters_in: float, characters_out: float) -> Use:
        out = characters_out * OVERHEAD / CHARACTERS_A_TOKEN
        return Use(self.model, {"text_in": characters_in / CHARACTERS_A_TOKEN, "text_out": out})


def _check_whole(response: Any) -> None:
    """Raises AnswerTooLong, WriterFailed."""
    if response.status == "incomplete":
        why = response.incomplete_details.reason if response.incomplete_details else None
        log.warning("writer.incomplete", reason=why)
        raise AnswerTooLong if why == "max_output_tokens" else WriterFailed


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


def _script(languages: Sequence[str], brief: Brief) -> float:
    """Characters that the minutes hold."""
    speeds = [pace(brief.language or language, brief) for language in languages]
    return brief.minutes * 60 * sum(speeds) / max(1, len(speeds))


def _wanted(mails: Sequence[M], brief: Brief, length: Callable[[M], int]) -> list[tuple[M, int]]:
    """Characters of points, the longest newsletter first; by a usual pace, so that planning anew asks the
    same again."""
    share = brief.minutes * 60 * DEFAULT_PACE * RICH / max(1, len(mails))
    whole = int(min(MOST_POINTS, max(300, round(share, -2))))
    longest = sorted(mails, key=length, reverse=True)
    rich = (
        max(0, 2 * CALLS_A_STAGE - len(longest)) if len(longest) > CALLS_A_STAGE else len(longest)
    )
    return [
        (one, whole if place < rich else round(whole * LESS)) for place, one in enumerate(longest)
    ]


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


def _asked(rundown: Rundown, share: Share, place: int) -> dict[str, Any]:
    """Neighbours are named where they are the same newsletter's: a title is made of a mail's words, too."""
    around: dict[str, str] = {}
    for name, number in (("before", share.story - 1), ("next", share.story + 1)):
        beside = rundown.stories[number] if 0 <= number < len(rundown.stories) else None
        if beside and beside.newsletters == (share.newsletter,):
            around[name] = beside.title
    language = rundown.stories[share.story].language
    return prompts.story_as_data(place, share.points, language, share.characters, around)


def _said_again(segment: Segment, again: Mapping[Sentence, str]) -> Segment:
    """An empty text takes nothing away: the gate drops the old sentence, and says so."""
    sentences = tuple(
        replace(one, text=" ".join(again[one].split())) if again.get(one, "").strip() else one
        for one in segment.sentences
    )
    return replace(segment, sentences=sentences)
