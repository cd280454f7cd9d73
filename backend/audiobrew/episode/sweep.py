"""A search for what no row knows: objects in storage, the engine's memory, files on their way.

Deletions are written down before they are carried out (see `media/deletion_queue.py`). What is left after
that was put there by a process that died, or was cut off, between its storage and its database.
"""

import shutil
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from uuid import UUID

import structlog
from anyio import to_thread

from audiobrew.episode.store import Episodes
from audiobrew.media.deletion_queue import DeletionQueue, Kind
from audiobrew.media.folder import discard_older
from audiobrew.media.storage import ListedObject, Media
from audiobrew.problems import Problem

# What is younger may belong to a row that is about to be written: longer than any publishing takes.
GRACE = timedelta(hours=1)
LONGEST_WORK = timedelta(days=1)
# More than FEW objects without a row, and most of all objects, are a sign of a wrong database or bucket.
FEW, MOST = 50, 0.5
BATCH = 400
log = structlog.get_logger()


class TooManyOrphans(Problem):
    """Most objects in storage belong to no row of this database, so nothing was deleted. Is it the right
    database, and the right bucket? If they are, run `audiobrew sweep --yes`."""

    type = "too-many-orphans"
    status = HTTPStatus.CONFLICT


@dataclass(frozen=True, slots=True)
class SweepReport:
    """How many objects there were, and what was without a row; `left` deletions are tried again later."""

    objects: int
    orphans: int
    workflows: int
    files: int
    left: int


class Sweep:
    def __init__(
        self,
        episodes: Episodes,
        media: Media,
        deletions: DeletionQueue,
        workflows: Callable[[], AsyncIterator[list[str]]],
        work: Path,
        more_work: Iterable[Path] = (),
    ) -> None:
        """`work` has a folder for each brew that is being joined; `more_work` are other folders for files on
        their way."""
        self._episodes = episodes
        self._media = media
        self._deletions = deletions
        self._workflows = workflows
        self._work = work
        self._more_work = tuple(more_work)

    async def run(self, grace: timedelta = GRACE, *, force: bool = False) -> SweepReport:
        """Find and delete. Raises TooManyOrphans unless `force`, MediaUnavailable, SupabaseRefused."""
        objects, orphans = await self._orphans(grace)
        if not force and len(orphans) > FEW and len(orphans) > MOST * objects:
            raise TooManyOrphans
        for listed in orphans:
            await self._deletions.add(Kind.MEDIA, [listed.key], since=listed.modified)
        workflows = await self._forgotten_workflows()
        await self._deletions.add(Kind.WORKFLOW, workflows)
        left = await self._deletions.finish(grace)
        files = await self.discard_files(grace) + await self._media.discard_partial(grace)
        found = SweepReport(objects, len(orphans), len(workflows), files, left)
        log.info("sweep.done", objects=objects, orphans=len(orphans), files=files, left=left)
        return found

    async def find(self, grace: timedelta = GRACE) -> SweepReport:
        """The same, and nothing is deleted."""
        objects, orphans = await self._orphans(grace)
        workflows = await self._forgotten_workflows()
        return SweepReport(objects, len(orphans), len(workflows), 0, await self._deletions.count())

    async def discard_files(self, grace: timedelta = GRACE) -> int:
        """Delete what was left of a brew that is over; how many folders."""
        at_work = {str(episode.id) for episode in await self._episodes.open()}
        gone = await to_thread.run_sync(_discard_finished, self._work, at_work)
        for folder, age in ((self._work, LONGEST_WORK), *((one, grace) for one in self._more_work)):
            gone += await to_thread.run_sync(discard_older, folder, age)
        return gone

    async def _orphans(self, grace: timedelta) -> tuple[int, list[ListedObject]]:
        """How many objects there are, and which of them, old enough, no row needs."""
        before, objects = datetime.now(UTC) - grace, 0
        old, orphans = list[ListedObject](), list[ListedObject]()
        async for listed in self._media.list():
            objects += 1
            if listed.modified <= before:
                old.append(listed)
            if len(old) >= BATCH:
                orphans += await self._without_row(old)
                old = []
        return objects, orphans + await self._without_row(old)

    async def _without_row(self, some: list[ListedObject]) -> list[ListedObject]:
        needed = await self._deletions.referenced(one.key for one in some)
        return [one for one in some if one.key not in needed]

    async def _forgotten_workflows(self) -> list[str]:
        """Attempts of episodes that are no longer there."""
        found = list[str]()
        async for page in self._workflows():
            there = await self._episodes.existing({UUID(id.partition(".")[0]) for id in page})
            found += [id for id in page if UUID(id.partition(".")[0]) not in there]
        return found


def _discard_finished(work: Path, at_work: set[str]) -> int:
    gone = 0
    for folder in work.iterdir() if work.is_dir() else ():
        episode, dot, _ = folder.name.partition(".")
        if dot and folder.is_dir() and episode not in at_work:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone
