"""Newsletters in, episode out: the one path every episode takes.

The engine remembers each finished step. After a crash it takes up the first unfinished one again,
so a step may run twice, but never after it succeeded. What it remembers are ids, keys and counts;
mails, scripts and sound stay in our own tables and folders.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import structlog
from dbos import DBOS, StepOptions

from audiobrew.db.engine import TRANSIENT_ERRORS
from audiobrew.db.stages import Stage
from audiobrew.episode.brew_context import BrewContext
from audiobrew.episode.episode import BrewFailed, BrewStopped
from audiobrew.problems import EpisodeNotFound, Problem, type_of

MAX_PLANS = 2
"""A script is planned anew once to meet the minutes; finished clips are used again."""
TRIES = 4
LONGEST_WAIT_SECONDS = 8.0
RECOVERIES = 2
"""A brew that took its process down with it, and so often was begun again, is set aside the third time."""
OUR_SIDE = str(BrewFailed())
Step = Callable[..., Awaitable[Any]]
log = structlog.get_logger()


class StepFailed(Exception):
    """A step could not be done, the sentence that tells the listener why, and the problem's type."""

    def __init__(self, sentence: str, type: str | None) -> None:
        super().__init__(sentence)
        self.type = type


class ProcessContext:
    """The context of this process. The engine allows one a process."""

    open: BrewContext | None = None


@DBOS.workflow(name="brew", max_recovery_attempts=RECOVERIES)
async def brew(id: str) -> str:
    """Brew one episode; `id` is `<episode>.<attempt>`. Answers with how it ended."""
    with structlog.contextvars.bound_contextvars(**await _story(id)):
        return await _told(id)


async def _story(id: str) -> dict[str, Any]:
    """What every line of a brew says: which attempt, and the request that asked for it."""
    episode, attempt = id.split(".")
    assert ProcessContext.open
    try:
        requests = await ProcessContext.open.request_ids.get(UUID(episode), int(attempt))
    except (Problem, OSError):  # the steps wait for a database that is away; a line does not
        requests = {}
    return {"attempt": int(attempt), **requests}


async def _told(id: str) -> str:
    log.info("brew.begun")
    outcome = await _ended(id)
    log.info("brew.ended", outcome=outcome)
    return outcome


async def _ended(id: str) -> str:
    try:
        await _brewed(id)
    except BrewStopped:
        return "stopped"
    except StepFailed as trouble:
        await step(fail, id, str(trouble), trouble.type)
        return "failed"
    return "ready"


async def _brewed(id: str) -> None:
    from audiobrew.episode import publishing, writing  # see `_steps`

    await step(writing.gather, id)
    pace, told = 1.0, None
    for _ in range(MAX_PLANS):
        rundown, parts = await step(writing.plan, id, pace)
        asked = [(id, pace, rundown, numbers, _stories(parts)) for numbers in parts]
        keys = await run_parallel_steps(writing.write, asked)
        recorded = await _recorded(id, await step(writing.gate, id, pace, rundown, keys))
        measured = await step(publishing.measure, id, pace)
        if measured == pace or recorded == told:
            break
        pace, told = measured, recorded
    await step(publishing.fit, id)
    await step(publishing.publish, id)


def _stories(parts: Sequence[Sequence[int]]) -> int:
    return sum(len(numbers) for numbers in parts)


async def _recorded(id: str, counts: Sequence[int]) -> list[str]:
    """The clips' keys; `counts` says how many each segment has."""
    from audiobrew.episode import recording

    clips = [(id, part, n, sum(counts)) for part, count in enumerate(counts) for n in range(count)]
    return await run_parallel_steps(recording.speak, clips)


async def fail(context: BrewContext, id: str, trouble: str, type: str | None = None) -> None:
    episode = await context.episode(id)
    await context.episodes.end(episode.id, Stage.FAILED, trouble, type)


async def step(function: Step, *arguments: Any) -> Any:
    """Run one step, or take its remembered result."""
    options = StepOptions(name=function.__name__)
    return _result(await DBOS.run_step_async(options, _attempted, function.__name__, *arguments))


async def run_parallel_steps(function: Step, arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Several steps at once, at most `at_once` of them at work.

    Their places in the engine's memory are drawn up front: a task that draws its own when it starts
    would find another's result there after a crash. All end before a trouble is told, so that what
    was paid for is kept.
    """
    assert ProcessContext.open
    places = [DBOS.reserve_step() for _ in arguments]
    room = asyncio.Semaphore(ProcessContext.open.at_once)
    options = StepOptions(name=function.__name__)

    async def one(place: Any, given: tuple[Any, ...]) -> Any:
        async with room:
            return await place.run_async(options, _attempted, function.__name__, *given)

    tasks = (one(place, given) for place, given in zip(places, arguments, strict=True))
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    return [_result(answer) for answer in answers]


@cache
def _steps() -> dict[str, Step]:
    """By name. Slow to import: a process imports them with its first brew, and not to start."""
    from audiobrew.episode import publishing, recording, writing

    steps = (
        *(writing.gather, writing.plan, writing.write, writing.gate, recording.speak),
        *(publishing.measure, publishing.fit, publishing.publish, fail),
    )
    return {function.__name__: function for function in steps}


async def _attempted(name: str, *arguments: Any) -> dict[str, Any]:
    """What the engine keeps of a step: its result, or a sentence; never an error's own text."""
    assert ProcessContext.open
    trouble: Problem = BrewFailed()
    for attempt in _tries(name):
        if attempt:
            await asyncio.sleep(min(2.0**attempt / 2, LONGEST_WAIT_SECONDS))
        try:
            result = await _steps()[name](ProcessContext.open, *arguments)
            log.info("step.done", step=name)
            return {"result": result}
        except (BrewStopped, EpisodeNotFound):
            return {"stopped": True}
        except (OSError, *TRANSIENT_ERRORS) as error:  # it may pass
            _end_if_cancelled()
            log.warning("step.again", step=name, tried=attempt + 1, error=type(error).__name__)
            trouble = error if isinstance(error, Problem) else BrewFailed()
        except Problem as problem:
            trouble = problem
            break
        except Exception as error:  # a brew must not vanish: the listener is told
            if await _is_over(arguments[0]):
                return {"stopped": True}
            log.error("step.crashed", step=name, exc_info=error)
            trouble = BrewFailed()
            break
    return {"trouble": str(trouble), "type": type_of(type(trouble))}


async def _is_over(id: str) -> bool:
    """Whether what a step stumbled over is that its episode was deleted, or ended, while it was at work."""
    assert ProcessContext.open
    try:
        await ProcessContext.open.episode(id)
    except (BrewStopped, EpisodeNotFound):
        return True
    except (Problem, OSError):
        return False
    return False


def _end_if_cancelled() -> None:
    """Who is cancelled while a library waits may meet that library's trouble instead."""
    task = asyncio.current_task()
    if task and task.cancelling():
        raise asyncio.CancelledError


def _tries(name: str) -> Iterable[int]:
    """Telling the listener of a failure is tried for ever: given up, the brew would stand still unsaid."""
    return itertools.count() if name == fail.__name__ else range(TRIES)


def _result(kept: dict[str, Any] | BaseException) -> Any:
    if isinstance(kept, BaseException):
        raise kept
    if kept.get("stopped"):
        raise BrewStopped
    if trouble := kept.get("trouble"):
        raise StepFailed(trouble, kept.get("type"))
    return kept["result"]
