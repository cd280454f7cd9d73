"""Old podcasts become episodes: sound first, then the row, so that what is seen is whole."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyio import to_thread

from audiobrew.audio.duration import NoSound, seconds_of_file
from audiobrew.db.engine import DATABASE_ERRORS
from audiobrew.db.stages import Stage
from audiobrew.episode.script_store import segment_rows, sentence_rows
from audiobrew.legacy.old_rows import NO_SOUND, AudioState, OldPodcast
from audiobrew.legacy.script import script_of
from audiobrew.media.deletion_queue import Kind
from audiobrew.media.supabase import MediaUnavailable
from audiobrew.script.script import Script

if TYPE_CHECKING:
    from audiobrew.legacy.import_store import ImportedPodcast, ImportStore
    from audiobrew.legacy.old_audio import OldAudio
    from audiobrew.media.deletion_queue import DeletionQueue
    from audiobrew.media.storage import Media

BEFORE = "Made by the application before AudioBrew, which kept no sources."
CUT_AFTER = 4_000
"""Characters of a script that the application before spoke; then it stopped."""
CUT = " What is heard ends after the first 4,000 characters of the text."
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class ImportedAudio:
    """An old episode's sound as it is here now. `seconds` are measured on the file."""

    state: AudioState
    seconds: float | None = None
    bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class PodcastImporter:
    """Where old episodes come from and go to; `work` is a folder for files on their way."""

    adopted: "ImportStore"
    old_audio: "OldAudio"
    media: "Media"
    deletions: "DeletionQueue"
    work: Path

    def sweep(self) -> None:
        """Away with what a killed run left on its way."""
        for left in self.work.iterdir():
            shutil.rmtree(left)

    async def take(self, old: OldPodcast) -> AudioState | None:
        """May be done twice. None for one that its listener deleted here: it stays deleted.

        Raises MediaUnavailable, SupabaseRefused, DiskFull, DatabaseBusy.
        """
        before = await self.adopted.find(old.id)
        if before and not before.here:
            await self.adopted.seen(old.id, old.changed_at)
            return None
        heard = await self._sound(old, before)
        script = await to_thread.run_sync(script_of, old.title, old.script)
        parts = segment_rows(old.id, script), sentence_rows(old.id, script)
        try:
            episode, taken = _episode(old, heard, script), _taken(old, heard)
            if not await self.adopted.keep(episode, *parts, taken, new=before is None):
                await self._discard(old)  # its listener deleted it just now
                return None
        except DATABASE_ERRORS:
            if before is None:  # for example an account that was deleted just now
                await self._discard(old)
            raise
        return heard.state

    async def _discard(self, old: OldPodcast) -> None:
        await self.deletions.add(Kind.MEDIA, [_media(old)])
        await self.deletions.try_now(Kind.MEDIA, [_media(old)])

    async def _sound(self, old: OldPodcast, before: "ImportedPodcast | None") -> ImportedAudio:
        if old.key is None:
            return ImportedAudio(old.without_sound)
        with tempfile.TemporaryDirectory(dir=self.work) as folder:
            file = Path(folder) / "old.mp3"
            try:
                digest = await self.old_audio.fetch(old.key, file)
                seconds = await to_thread.run_sync(seconds_of_file, file)
            except FileNotFoundError:
                return ImportedAudio(AudioState.MISSING)
            except NoSound:
                return ImportedAudio(AudioState.UNREADABLE)
            size = (await to_thread.run_sync(file.stat)).st_size
            if before is None or (before.state, before.sha256) != (AudioState.COPIED, digest):
                await self._put(old, file, size)
        return ImportedAudio(AudioState.COPIED, seconds, size, digest)

    async def _put(self, old: OldPodcast, file: Path, size: int) -> None:
        await self.deletions.withdraw(_media(old))
        await self.media.put(_media(old), file)
        kept = await self.media.stat(_media(old))
        if kept is None or kept.bytes != size:
            raise MediaUnavailable(
                "Supabase did not keep a file whole. Nothing is lost; run this again."
            )


def _media(old: OldPodcast) -> str:
    return f"episodes/{old.id}.mp3"


def _taken(old: OldPodcast, heard: ImportedAudio) -> dict[str, Any]:
    return {
        "podcast_id": old.id,
        "listener_id": old.listener,
        "changed_at": old.changed_at,
        "key": old.key,
        "state": heard.state,
        "bytes": heard.bytes,
        "sha256": heard.sha256,
        "adopted_at": datetime.now(UTC),
    }


def _episode(old: OldPodcast, heard: ImportedAudio, script: Script) -> dict[str, Any]:
    """The old `duration` was a guess, and 300 where there was none: only what is measured is told."""
    there = heard.state is AudioState.COPIED
    return {
        "id": old.id,
        "listener_id": old.listener,
        "title": " ".join(old.title.replace("\0", "").split())[:LONGEST_TITLE] or "Untitled",
        "title_chosen": False,
        "stage": Stage.READY if there else Stage.FAILED,
        "minutes": max(1, round((heard.seconds or old.duration) / 60)),
        "hosts": 1,
        "day": old.created_at.date(),
        "language": script.language,
        "mail_count": old.mails,
        "trouble": None if there else NO_SOUND[heard.state],
        "note": BEFORE + (CUT if there and len(old.script) > CUT_AFTER else ""),
        "attempt": 1,
        "done": 0,
        "total": 0,
        "percent": 100,
        "revision": 1,
        "seconds": heard.seconds,
        "bytes": heard.bytes,
        "media": _media(old) if there else None,
        "request_hash": "",
        "created_at": old.created_at,
        "updated_at": max(old.changed_at, old.created_at),
        "published_at": old.created_at if there else None,
    }
