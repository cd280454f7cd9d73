"""The durable workflow that turns newsletters into an episode.

The engine stores the result of each finished step. After a crash it continues with the first unfinished one,
so a step may run twice, but never after it has succeeded. It stores only ids, keys and counts: mails, scripts
and audio stay in our own tables and in storage.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import anyio.to_thread
import structlog
from dbos import DBOS, StepOptions

from audiobrew.db.engine import TRANSIENT_ERRORS
from audiobrew.db.stages import Stage
from audiobrew.episode.brew_context import BrewContext
from audiobrew.episode.episode import BrewFailed, BrewStopped
from audiobrew.ops.calls import backoff, retry
from audiobrew.problems import EpisodeNotFound, Problem, type_of

# A script is planned a second time if the first one is too long or too short. Finished clips are used again.
# In review, nothing was spoken yet, and the listener's script is to have the right length at once.
MAX_PLANS, MAX_PLANS_IN_REVIEW = 2, 3
TRIES = 4
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 1.0, 8.0
# A brew that crashed its process is started again this many times. After the next crash it is set aside.
RECOVERIES = 2
Step = Callable[..., Awaitable[Any]]
log = structlog.get_logger()


class StepFailed(Exception):
    """A step failed for good. Carries the sentence for the listener, and the problem's type."""

    def __init__(self, sentence: str, type: str | None) -> None:
        super().__init__(sentence)
        self.type = type


class ProcessContext:
    """The context of this process's brews. DBOS, the engine, can run once per process."""

    current: BrewContext | None = None


def current_context() -> BrewContext:
    assert ProcessContext.current, "the engine is not started"
    return ProcessContext.current


@DBOS.workflow(name="brew", max_recovery_attempts=RECOVERIES)
async def brew(id: str) -> str:
    """Brew one episode; `id` is `<episode>.<attempt>`. Returns `ready`, `review`, `stopped` or `failed`."""
    with structlog.contextvars.bound_contextvars(**await _log_context(id)):
        log.info("brew.begun")
        try:
            outcome = await _run_steps(id)
        except BrewStopped:
            outcome = "stopped"
        except StepFailed as failure:
            await step("fail", id, str(failure), failure.type)
            outcome = "failed"
        log.info("brew.ended", outcome=outcome)
        return outcome


async def _log_context(id: str) -> dict[str, Any]:
    """What each log line of this brew contains: the attempt, and the ids of the requests that ordered it."""
    episode, attempt = id.split(".")
    try:
        requests = await current_context().request_ids.get(UUID(episode), int(attempt))
    except (Problem, OSError):  # unlike steps, log lines do not wait for the database
        requests = {}
    return {"attempt": int(attempt), **requests}


async def _run_steps(id: str) -> str:
    """Returns `ready`, or `review` if the script waits for the listener: another attempt speaks it."""
    gathered = await step("gather", id)
    if isinstance(gathered, list):  # clips of each segment, as the listener has approved them
        await _speak(id, gathered)
        if spare := await step("find_spare", id):
            await step("leave_out", id, spare)
            await _speak(id, await step("gather", id))
        await step("publish", id)
        return "ready"
    pace, previous_clips = 1.0, None
    for number in itertools.count(1):
        rundown, parts = await step("plan", id, pace)
        stories = sum(len(numbers) for numbers in parts)
        part_keys = await run_parallel_steps(
            "write", [(id, pace, rundown, numbers, stories) for numbers in parts]
        )
        # The number of clips of each segment, or None if the listener wants to read the script first.
        counts = await step("gate", id, pace, rundown, part_keys)
        clips = None if counts is None else await _speak(id, counts)
        measured_pace = await step("measure", id, pace)
        is_last = number == (MAX_PLANS_IN_REVIEW if counts is None else MAX_PLANS)
        if is_last or measured_pace == pace or (clips and clips == previous_clips):
            break
        pace, previous_clips = measured_pace, clips
    await step("fit", id)
    if counts is None:
        await step("pause", id)
        return "review"
    await step("publish", id)
    return "ready"


async def _speak(id: str, counts: Sequence[int]) -> list[str]:
    """Make the clips of all segments. Returns their keys in order."""
    return await run_parallel_steps(
        "speak",
        [(id, part, n, sum(counts)) for part, count in enumerate(counts) for n in range(count)],
    )


async def fail(
    context: BrewContext, id: str, trouble: str, trouble_type: str | None = None
) -> None:
    """End the episode as failed, with the sentence for the listener."""
    episode = await context.episode(id)
    await context.episodes.end(episode.id, Stage.FAILED, trouble, trouble_type)


async def load_steps() -> dict[str, Step]:
    """The steps by name, after their modules were imported.

    That takes a quarter of a second, so a process does it with its first brew, not at its start, and in a
    thread: requests do not wait meanwhile.
    """
    from audiobrew.lang.cldr import import_babel

    import_babel()
    return await anyio.to_thread.run_sync(_steps)


@cache
def _steps() -> dict[str, Step]:
    """The engine stores these names: a step in a running brew is found again by it."""
    from audiobrew.episode import length, publishing, recording, writing

    return {
        "gather": writing.gather,
        "plan": writing.plan,
        "write": writing.write,
        "gate": writing.gate,
        "speak": recording.speak,
        "measure": length.measure,
        "fit": length.trim_to_length,
        "find_spare": length.find_spare_sentences,
        "leave_out": length.leave_out,
        "pause": length.pause,
        "publish": publishing.publish,
        "fail": fail,
    }


async def step(name: str, *arguments: Any) -> Any:
    """Run one step, or return its stored result. Raises BrewStopped, StepFailed."""
    return _unwrap(
        await DBOS.run_step_async(StepOptions(name=name), _run_with_retries, name, *arguments)
    )


async def run_parallel_steps(name: str, arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Run one step several times, at most `at_once` at a time. Returns the results in order.

    The engine numbers steps in the order in which they start. The numbers are reserved up front, because
    otherwise, after a crash, a task could find the stored result of another one under its number. All tasks
    end before an error is raised, so that everything paid for is stored.
    """
    reservations = [DBOS.reserve_step() for _ in arguments]
    semaphore = asyncio.Semaphore(current_context().at_once)

    async def run(reservation: Any, step_arguments: tuple[Any, ...]) -> Any:
        async with semaphore:
            options = StepOptions(name=name)
            return await reservation.run_async(options, _run_with_retries, name, *step_arguments)

    tasks = map(run, reservations, arguments)
    results = await asyncio.gather(*tasks, return_exceptions=True)
    return [_unwrap(result) for result in results]


async def _run_with_retries(name: str, *arguments: Any) -> dict[str, Any]:
    """Run a step, with retries. Returns what the engine stores: a result, or a sentence for the listener.

    An error's own text is never stored, because it may quote a mail.
    """
    tries = itertools.count(1)

    async def run() -> Any:
        number = next(tries)
        try:
            steps = await load_steps()
            return await steps[name](current_context(), *arguments)
        except (OSError, *TRANSIENT_ERRORS) as error:
            _raise_if_cancelled()
            log.warning("step.again", step=name, tried=number, error=type(error).__name__)
            raise

    # The step `fail` is retried without limit: giving up would leave the listener without an answer.
    waits = backoff(None if name == "fail" else TRIES - 1, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS)
    trouble: Problem = BrewFailed()
    try:
        result = await retry(run, waits, OSError, *TRANSIENT_ERRORS)
        log.info("step.done", step=name)
        return {"result": result}
    except (BrewStopped, EpisodeNotFound):
        return {"stopped": True}
    except Problem as problem:
        trouble = problem
    except (OSError, *TRANSIENT_ERRORS):
        pass  # logged above
    except Exception as error:  # a bug must not end the brew without an answer for the listener
        if await _has_ended(arguments[0]):
            return {"stopped": True}
        log.error("step.crashed", step=name, exc_info=error)
    return {"trouble": str(trouble), "type": type_of(type(trouble))}


async def _has_ended(id: str) -> bool:
    """Whether a step may have crashed because its episode was deleted or ended while it ran."""
    try:
        await current_context().episode(id)
    except (BrewStopped, EpisodeNotFound):
        return True
    except (Problem, OSError):
        return False
    return False


def _raise_if_cancelled() -> None:
    """Raise the cancellation of this task, which a library may have replaced by an error of its own."""
    task = asyncio.current_task()
    if task and task.cancelling():
        raise asyncio.CancelledError


def _unwrap(stored: dict[str, Any] | BaseException) -> Any:
    if isinstance(stored, BaseException):
        raise stored
    if stored.get("stopped"):
        raise BrewStopped
    if trouble := stored.get("trouble"):
        raise StepFailed(trouble, stored.get("type"))
    return stored["result"]
