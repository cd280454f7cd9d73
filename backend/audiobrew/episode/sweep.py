"""Finds and deletes what no row of the database refers to: objects in storage, workflows, temporary files.

Deletions are queued before they are carried out (see `media/deletion_queue.py`). What remains was left by a
process that died between writing to storage and writing to the database.
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

from audiobrew.episode.store import EpisodeStore
from audiobrew.media.deletion_queue import DeletionQueue, Kind
from audiobrew.media.folder import discard_older
from audiobrew.media.storage import ListedObject, Media
from audiobrew.problems import Problem

# Younger objects may belong to a row that is about to be written. No publishing takes this long.
GRACE = timedelta(hours=1)
LONGEST_WORK = timedelta(days=1)
# If more objects than this have no row, and they are more than this share of all, it is probably the wrong
# database or bucket.
MAX_ORPHANS, MAX_ORPHAN_SHARE = 50, 0.5
BATCH = 400
log = structlog.get_logger()


class TooManyOrphans(Problem):
    """Most objects in storage belong to no row of this database, so nothing was deleted. Is it the right
    database, and the right bucket? If they are, run `audiobrew sweep --yes`."""

    type = "too-many-orphans"
    status = HTTPStatus.CONFLICT


@dataclass(frozen=True, slots=True)
class SweepReport:
    """`objects`: how many objects are in storage. `orphans` and `workflows`: how many have no row.

    `files`: how many temporary files were deleted. `pending`: how many deletions are still pending.
    """

    objects: int
    orphans: int
    workflows: int
    files: int
    pending: int


class Sweep:
    def __init__(
        self,
        episodes: EpisodeStore,
        media: Media,
        deletions: DeletionQueue,
        workflows: Callable[[], AsyncIterator[list[str]]],
        work: Path,
        more_work: Iterable[Path] = (),
    ) -> None:
        """`work` has a folder for each brew that is being joined. `more_work` are other temporary folders.

        `workflows` returns the ids of all workflows that the engine knows, page by page.
        """
        self._episodes = episodes
        self._media = media
        self._deletions = deletions
        self._workflows = workflows
        self._work = work
        self._more_work = tuple(more_work)

    async def run(self, grace: timedelta = GRACE, *, force: bool = False) -> SweepReport:
        """Find and delete. Raises TooManyOrphans unless `force`, MediaUnavailable, SupabaseRefused."""
        objects, orphans = await self._orphans(grace)
        if not force and len(orphans) > MAX_ORPHANS and len(orphans) > MAX_ORPHAN_SHARE * objects:
            raise TooManyOrphans
        for listed in orphans:
            await self._deletions.add(Kind.MEDIA, [listed.key], since=listed.modified)
        workflows = await self._orphaned_workflows()
        await self._deletions.add(Kind.WORKFLOW, workflows)
        pending = await self._deletions.finish(grace)
        files = await self.discard_files(grace) + await self._media.discard_partial(grace)
        report = SweepReport(objects, len(orphans), len(workflows), files, pending)
        log.info("sweep.done", objects=objects, orphans=len(orphans), files=files, left=pending)
        return report

    async def find(self, grace: timedelta = GRACE) -> SweepReport:
        """What `run` would find. Deletes nothing."""
        objects, orphans = await self._orphans(grace)
        workflows = await self._orphaned_workflows()
        return SweepReport(objects, len(orphans), len(workflows), 0, await self._deletions.count())

    async def discard_files(self, grace: timedelta = GRACE) -> int:
        """Delete temporary files of brews that have ended. Returns the number of files and folders."""
        open_episodes = {str(episode.id) for episode in await self._episodes.open()}
        count = await to_thread.run_sync(_discard_finished, self._work, open_episodes)
        for folder, age in ((self._work, LONGEST_WORK), *((one, grace) for one in self._more_work)):
            count += await to_thread.run_sync(discard_older, folder, age)
        return count

    async def _orphans(self, grace: timedelta) -> tuple[int, list[ListedObject]]:
        """The number of objects, and those that are older than `grace` and that no row refers to."""
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
        needed = await self._deletions.find_referenced(one.key for one in some)
        return [one for one in some if one.key not in needed]

    async def _orphaned_workflows(self) -> list[str]:
        """The attempts of episodes that no longer exist."""
        orphans = list[str]()
        async for page in self._workflows():
            existing = await self._episodes.existing({UUID(id.partition(".")[0]) for id in page})
            orphans += [id for id in page if UUID(id.partition(".")[0]) not in existing]
        return orphans


def _discard_finished(work: Path, open_episodes: set[str]) -> int:
    """Delete the folders of episodes that are not open. A folder is named `<episode>.<attempt>-…`."""
    count = 0
    for folder in work.iterdir() if work.is_dir() else ():
        episode, dot, _ = folder.name.partition(".")
        if dot and folder.is_dir() and episode not in open_episodes:
            shutil.rmtree(folder, ignore_errors=True)
            count += 1
    return count
