"""The writer that uses a model of OpenAI, or of any server with the same Responses API.

Every call that writes sourced sentences contains text of one newsletter only, and its answer can cite only
that newsletter. A mail that injects instructions into the prompt can therefore change what is said about
itself, and nothing else. The call that plans the show sees the titles and hooks of all stories; its answer
orders them, and says nothing that has a source.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from itertools import chain
from typing import Any, TypeVar

import anyio.to_thread
import structlog
from pydantic import ValidationError

from audiobrew.lang.language import language_or_default
from audiobrew.mail.mail import MailSize
from audiobrew.mail.newsletter import Newsletter
from audiobrew.models.openai_client import OpenAICalls
from audiobrew.models.usage import (
    Bound,
    CallOnce,
    ModelResult,
    Usage,
    UsageMeter,
    max_token_count,
    output_tokens,
)
from audiobrew.ops.calls import gather_all, retry
from audiobrew.problems import Problem
from audiobrew.script.clear_notation import with_clear_notation
from audiobrew.script.framing import spoken_date
from audiobrew.script.gate.gate import Sources
from audiobrew.script.items import Item
from audiobrew.script.memory import recall
from audiobrew.script.nothing_to_tell import NOTHING_FOUND, explain_nothing_to_tell
from audiobrew.script.openai import points, prompts, verdicts
from audiobrew.script.openai.handovers import add_handovers
from audiobrew.script.openai.planned_story import story_data, story_from_slot
from audiobrew.script.openai.segment_builder import Share, build_segment, shares_of
from audiobrew.script.openai.show_plan import (
    ShowPlan,
    hook_of,
    key_of_story,
    plan_data,
    read_plan,
)
from audiobrew.script.running_order import is_speakable, pace, running_order
from audiobrew.script.script import Rejection, Segment, Sentence, Verdict
from audiobrew.script.suspects import add_suspects, without_suspects
from audiobrew.script.writer import Brief, NothingToTell, Rundown

# An answer that is cut off or does not match its schema is requested once more.
TRIES = 2
CHARACTERS_PER_TOKEN = 3.5
# Characters of a story in the input of the call that plans the show, and in its answer.
STORY_IN_PLAN, PLANNED_STORY_LENGTH = 330, 40
# JSON and numbers make an answer longer than its text by this factor.
JSON_OVERHEAD = 1.5
# The limit of an answer is the expected tokens times the factor, plus the extra tokens: some languages need
# more tokens for the same text. The server cuts off longer answers.
TOKEN_LIMIT_FACTOR, EXTRA_TOKENS = 4, 500
# Tokens that a model may use for reasoning, by effort. `max_output_tokens` includes them.
REASONING_TOKENS = {"none": 0, "low": 2_000, "medium": 8_000, "high": 24_000}
# The smallest `max_output_tokens` that OpenAI accepts.
MIN_OUTPUT_TOKENS = 16
# An upper bound for the tokens that a request has besides its texts.
REQUEST_OVERHEAD_TOKENS = 200


Shape = TypeVar("Shape", bound=prompts.Strict)
log = structlog.get_logger()


class WriterFailed(Problem):
    """The model gave no usable answer for a part of this episode. Retry it: finished parts are kept."""

    type = "writer-failed"
    status = HTTPStatus.BAD_GATEWAY


class AnswerTooLong(WriterFailed):
    """The model's answer was too long and was cut off. Retry this episode, with a higher cap if it has one:
    finished parts are kept."""

    type = "answer-too-long"
    status = HTTPStatus.BAD_GATEWAY


class OpenAIWriter:
    """Writes with a model. `effort` is its reasoning effort; with None the request does not mention it."""

    translates = True
    judges = True

    def __init__(self, calls: OpenAICalls, model: str, effort: str | None = "none") -> None:
        self._calls = calls
        self.model = model
        self._effort = effort

    @property
    def name(self) -> str:
        """It ends with the version of the instructions, which changes with each of their files."""
        return f"openai-{self.model}-{self._effort}-{prompts.VERSION}"

    def forecast(self, mails: Sequence[MailSize], brief: Brief) -> list[Usage]:
        """See `Writer.forecast`."""
        instructions = len(prompts.POINTS)
        point_calls = [
            self._usage(
                instructions + prompts.newsletter_length(mail.blocks, mail.characters), length
            )
            for mail, length in points.points_lengths(mails, brief, lambda mail: mail.characters)
        ]
        calls = max(1, len(mails))
        speeds = [pace(brief.language or mail.language, brief) for mail in mails]
        script = brief.minutes * 60 * sum(speeds) / calls
        plan_call = self._usage(
            len(prompts.PLAN) + calls * STORY_IN_PLAN, calls * PLANNED_STORY_LENGTH
        )
        instructions = len(prompts.STORIES)
        share = script / calls
        segment_call = self._usage(instructions + share * points.POINTS_FACTOR, share)
        judge_calls = [
            self._usage(len(prompts.JUDGE) + characters_in, characters_out)
            for mail in mails
            for characters_in, characters_out in [verdicts.forecast_lengths(mail, share)]
        ]
        return [*point_calls, plan_call, *[segment_call] * calls, *judge_calls]

    async def plan(
        self, newsletters: Sequence[Newsletter], brief: Brief, once: CallOnce
    ) -> Rundown:
        """See `Writer.plan`. Raises WriterFailed."""
        all_newsletters = newsletters
        newsletters = await anyio.to_thread.run_sync(without_suspects, all_newsletters)
        points_of = await self._find_items(newsletters, brief, once)
        memory = await anyio.to_thread.run_sync(recall, points_of, brief)
        items = memory.items
        slots = running_order(newsletters, brief, lambda one: items.get(one.digest, ()))
        if not slots and memory.repeated:
            language = brief.language or newsletters[0].language
            title = f"{brief.show}, {spoken_date(brief.day, language)}"
            return Rundown(title, language, (), repeats=memory.repeats, repeated=memory.repeated)
        if not slots:
            untold = [one for one in all_newsletters if not one.uncut_blocks]
            raise NothingToTell(explain_nothing_to_tell(untold) if untold else NOTHING_FOUND)
        show = await self._plan_show(newsletters, items, brief, once)
        slots = show.sort(slots, brief)
        keys = [key_of_story(slot.items) for slot in slots]
        hooks = dict(zip(keys, map(hook_of, slots), strict=True))
        language = slots[0].language
        title = f"{brief.show}, {spoken_date(brief.day, language)}"
        stories = add_handovers(
            [story_from_slot(slot, show, brief) for slot in slots], newsletters, brief
        )
        # The start of the show is in its first language.
        first_language = {
            key for key, slot in zip(keys, slots, strict=True) if slot.language == language
        }
        teaser = [hooks[key] for key in show.teaser if key in first_language]
        rundown = Rundown(
            title,
            language,
            stories,
            tuple(one.digest for one in newsletters if one.digest not in items),
            hooks[show.cold_open] if show.cold_open in first_language else None,
            tuple(hook for hook in teaser if hook),
            memory.repeats,
            memory.repeated,
        )
        return add_suspects(rundown, all_newsletters)

    async def _plan_show(
        self,
        newsletters: Sequence[Newsletter],
        items: points.ItemsByNewsletter,
        brief: Brief,
        once: CallOnce,
    ) -> ShowPlan:
        """Ask for the show plan. A show of one story needs none.

        The candidates are chosen with a fixed pace, so that a second plan sends the same request. Raises
        WriterFailed.
        """
        candidates = [
            slot.items
            for slot in running_order(
                newsletters, replace(brief, pace={}), lambda one: items.get(one.digest, ())
            )
        ]
        if len(candidates) == 1:
            return ShowPlan()
        style = prompts.describe_show(brief, "plan")
        instructions = prompts.PLAN.format(minutes=brief.minutes, style=style)
        length = len(candidates) * PLANNED_STORY_LENGTH
        data = prompts.as_data(plan_data(candidates, brief))
        answer = await self._ask(prompts.Show, instructions, data, length, once)
        return read_plan(candidates, answer, brief)

    async def write(
        self,
        rundown: Rundown,
        numbers: Sequence[int],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: CallOnce,
    ) -> list[Segment]:
        """See `Writer.write`. Raises WriterFailed."""
        shares = [share for number in numbers for share in shares_of(rundown, number)]
        digests = dict.fromkeys(share.newsletter for share in shares)
        groups = [[share for share in shares if share.newsletter == digest] for digest in digests]
        senders = {one.digest: one for one in newsletters}
        results = await gather_all(
            self._write_shares(rundown, group, senders[group[0].newsletter], brief, once)
            for group in groups
        )
        answers = dict(chain.from_iterable(result.items() for result in results))
        return [build_segment(rundown, number, answers, newsletters, brief) for number in numbers]

    async def _write_shares(
        self,
        rundown: Rundown,
        shares: Sequence[Share],
        newsletter: Newsletter,
        brief: Brief,
        once: CallOnce,
    ) -> dict[Share, list[prompts.SaidSentence]]:
        """The sentences for the shares of this newsletter."""
        stories = await anyio.to_thread.run_sync(
            lambda: [
                story_data(rundown, share, number, newsletter)
                for number, share in enumerate(shares)
            ]
        )
        style = prompts.describe_show(brief, "stories")
        names = {"host_names": brief.spoken_names} if brief.spoken_names else {}
        data = prompts.as_data({"hosts": brief.hosts, **names, "stories": stories})
        instructions = prompts.STORIES.format(style=style)
        length = sum(share.characters for share in shares)
        answer = await self._ask(prompts.Said, instructions, data, length, once)
        sentences = {story.story: story.sentences for story in answer.stories}
        return {share: sentences.get(number, []) for number, share in enumerate(shares)}

    async def reword(
        self,
        segment: Segment,
        rejections: Sequence[Rejection],
        newsletters: Sequence[Newsletter],
        brief: Brief,
        once: CallOnce,
    ) -> Segment:
        """See `Writer.reword`. Sentences that cite several newsletters, or none, are left as they are.

        Where the model answers with an empty text, the old sentence stays, and the gate drops and reports it.
        """
        blocks = {
            block.id: (one.digest, block.text)
            for one in map(with_clear_notation, newsletters)
            for block in one.uncut_blocks
        }
        groups: dict[frozenset[str], list[tuple[Rejection, list[str]]]] = {}
        for rejection in rejections:
            sources = [blocks[id] for id in rejection.sentence.cites if id in blocks]
            if sources:
                digests = frozenset(digest for digest, _ in sources)
                texts = [text for _, text in sources]
                groups.setdefault(digests, []).append((rejection, texts))
        results = await gather_all(
            self._reword_group(group, once)
            for digests, group in groups.items()
            if len(digests) == 1
        )
        rewordings = dict(chain.from_iterable(result.items() for result in results))
        texts_by_sentence = {
            sentence: " ".join(text.split())
            for sentence, text in rewordings.items()
            if text.strip()
        }
        sentences = tuple(
            replace(sentence, text=texts_by_sentence.get(sentence, sentence.text))
            for sentence in segment.sentences
        )
        return replace(segment, sentences=sentences)

    async def judge(
        self,
        sentences: Sequence[Sentence],
        language: str,
        newsletters: Sequence[Newsletter],
        once: CallOnce,
    ) -> dict[Sentence, Verdict]:
        """See `Writer.judge`."""
        ask = partial(self._ask, prompts.Judged, prompts.JUDGE, once=once)
        return await verdicts.judge_sentences(sentences, newsletters, ask, WriterFailed)

    async def _reword_group(
        self, rejections: Sequence[tuple[Rejection, Sequence[str]]], once: CallOnce
    ) -> dict[Sentence, str]:
        """New texts for rejected sentences of one newsletter, given with the texts that they cite."""
        sentences = [rejection.sentence for rejection, _ in rejections]
        length = sum(len(sentence.text) for sentence in sentences)
        data = prompts.rejections_as_data(rejections)
        instructions = prompts.REWORD
        answer = await self._ask(prompts.Mended, instructions, data, length, once)
        return dict(zip(sentences, answer.texts, strict=False))

    async def _find_items(
        self, newsletters: Sequence[Newsletter], brief: Brief, once: CallOnce
    ) -> points.ItemsByNewsletter:
        """Ask for the points of every newsletter. Newsletters without any are left out."""
        sources = Sources.of(newsletters, brief)
        code = brief.language or ""
        language = language_or_default(code).prompt_name or code or "its own language"

        async def find(newsletter: Newsletter, length: int) -> list[Item]:
            instructions = prompts.POINTS.format(characters=length, language=language)
            data = await anyio.to_thread.run_sync(
                prompts.newsletter_as_data, newsletter, brief.interests
            )
            answer = await self._ask(prompts.Points, instructions, data, length, once)
            return await anyio.to_thread.run_sync(
                points.items_from_points, newsletter, answer, sources, brief.language
            )

        lengths = points.points_lengths(newsletters, brief, points.length)
        results = await gather_all(find(newsletter, length) for newsletter, length in lengths)
        pairs = zip(lengths, results, strict=True)
        speakable = {
            newsletter.digest: [item for item in items if is_speakable(item, brief)]
            for (newsletter, _), items in pairs
        }
        return {digest: items for digest, items in speakable.items() if items}

    async def _ask(
        self, shape: type[Shape], instructions: str, data: str, length: float, once: CallOnce
    ) -> Shape:
        """An answer of this shape, with about `length` characters of text. Raises WriterFailed.

        Each try is a call of its own: it is reserved and charged.
        """
        # The keys of this dictionary are part of the cache key.
        question = {
            "model": self.name,
            "orders": instructions,
            "data": data,
            "shape": shape.__name__,
        }
        expected = self._bounded_usage(shape, instructions, data, length)

        async def call() -> ModelResult:
            request = self._request(shape, instructions, data)
            limit = {"max_output_tokens": output_tokens(expected.bound)}
            return await self._call(shape, request | limit, expected)

        answer = await retry(
            lambda: once("script", question, expected, call), [0] * (TRIES - 1), WriterFailed
        )
        return shape.model_validate(answer)

    async def _call(
        self, shape: type[Shape], request: dict[str, Any], expected: Usage
    ) -> ModelResult:
        """One call of the model. Raises WriterFailed."""
        meter = UsageMeter(expected)
        with meter.attach_to_problems():
            response = await self._calls.call_with_retries(
                lambda client: client.responses.create(**request), meter.add_cut_off_try
            )
            usage = response.usage
            units = meter.add_answer(
                {"text_in": usage.input_tokens, "text_out": usage.output_tokens} if usage else None
            )
            if response.status == "incomplete":
                details = response.incomplete_details
                reason = details.reason if details else None
                log.warning("writer.incomplete", reason=reason)
                raise AnswerTooLong if reason == "max_output_tokens" else WriterFailed
            try:
                answer = shape.model_validate_json(response.output_text)
            except ValidationError as error:
                log.warning("writer.unusable", status=response.status)
                raise WriterFailed from error
        return ModelResult(answer.model_dump(), usage=Usage(self.model, units))

    def _request(self, shape: type[Shape], instructions: str, data: str) -> dict[str, Any]:
        schema = shape.model_json_schema()
        text_format = {
            "type": "json_schema",
            "name": shape.__name__,
            "schema": schema,
            "strict": True,
        }
        effort = {"reasoning": {"effort": self._effort}} if self._effort else {}
        return {
            "model": self.model,
            "instructions": instructions,
            "input": data,
            "text": {"format": text_format},
            "store": False,
            **effort,
        }

    def _bounded_usage(
        self, shape: type[Shape], instructions: str, data: str, length: float
    ) -> Usage:
        """The expected usage of a call, with an upper bound of it."""
        expected = self._usage(len(instructions) + len(data), length)
        schema = json.dumps(shape.model_json_schema(), ensure_ascii=False)
        least = max(MIN_OUTPUT_TOKENS, math.ceil(expected.units["text_out"]))
        reasoning = REASONING_TOKENS.get(self._effort or "medium", REASONING_TOKENS["high"])
        bound = Bound(
            inputs={
                "text_in": max_token_count(instructions, data, schema) + REQUEST_OVERHEAD_TOKENS
            },
            outputs=("text_out",),
            max_tokens=least * TOKEN_LIMIT_FACTOR + EXTRA_TOKENS + reasoning,
            expected_tokens=least,
        )
        return replace(expected, bound=bound)

    def _usage(self, characters_in: float, characters_out: float) -> Usage:
        text_out = characters_out * JSON_OVERHEAD / CHARACTERS_PER_TOKEN
        return Usage(
            self.model, {"text_in": characters_in / CHARACTERS_PER_TOKEN, "text_out": text_out}
        )
