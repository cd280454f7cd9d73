"""Imports old podcasts as episodes. The audio is copied before the row, so a visible episode is complete."""

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
from audiobrew.legacy.old_rows import NO_AUDIO_MESSAGES, AudioState, OldPodcast
from audiobrew.legacy.script import parse_script
from audiobrew.media.deletion_queue import Kind
from audiobrew.media.supabase import MediaUnavailable
from audiobrew.script.script import Script

if TYPE_CHECKING:
    from audiobrew.legacy.import_store import ImportedPodcast, ImportStore
    from audiobrew.legacy.old_audio import OldAudio
    from audiobrew.media.deletion_queue import DeletionQueue
    from audiobrew.media.storage import Media

ORIGIN_NOTE = "Made by the old application, which recorded no sources."
# The old application spoke only this many characters of a script.
MAX_SPOKEN_CHARACTERS = 4_000
TRUNCATION_NOTE = " The audio ends after the first 4,000 characters of the text."
MAX_TITLE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class ImportedAudio:
    """An old episode's audio after the copy. `seconds` is measured on the file."""

    state: AudioState
    seconds: float | None = None
    bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class PodcastImporter:
    """`temporary` is a folder for files between download and upload."""

    store: "ImportStore"
    old_audio: "OldAudio"
    media: "Media"
    deletions: "DeletionQueue"
    temporary: Path

    def delete_temporary_files(self) -> None:
        """Delete what a killed run left behind."""
        for folder in self.temporary.iterdir():
            shutil.rmtree(folder)

    async def import_podcast(self, old: OldPodcast) -> AudioState | None:
        """Can be repeated. None if the listener deleted the episode in AudioBrew: it stays deleted.

        Raises MediaUnavailable, SupabaseRefused, DiskFull, DatabaseBusy.
        """
        previous = await self.store.find(old.id)
        if previous and not previous.exists:
            await self.store.skip(old.id, old.changed_at)
            return None
        audio = await self._copy_audio(old, previous)
        script = await to_thread.run_sync(parse_script, old.title, old.script)
        rows = segment_rows(old.id, script), sentence_rows(old.id, script)
        try:
            episode, record = episode_row(old, audio, script), import_record(old, audio)
            if not await self.store.save(episode, *rows, record, new=previous is None):
                await self._delete_audio(old)  # the listener deleted the episode a moment ago
                return None
        except DATABASE_ERRORS:
            if previous is None:  # for example, the account was deleted a moment ago
                await self._delete_audio(old)
            raise
        return audio.state

    async def _delete_audio(self, old: OldPodcast) -> None:
        await self.deletions.add(Kind.MEDIA, [media_key(old)])
        await self.deletions.try_now(Kind.MEDIA, [media_key(old)])

    async def _copy_audio(
        self, old: OldPodcast, previous: "ImportedPodcast | None"
    ) -> ImportedAudio:
        if old.key is None:
            return ImportedAudio(old.state_without_key)
        with tempfile.TemporaryDirectory(dir=self.temporary) as folder:
            file = Path(folder) / "old.mp3"
            try:
                digest = await self.old_audio.fetch(old.key, file)
                seconds = await to_thread.run_sync(seconds_of_file, file)
            except FileNotFoundError:
                return ImportedAudio(AudioState.MISSING)
            except NoSound:
                return ImportedAudio(AudioState.UNREADABLE)
            size = (await to_thread.run_sync(file.stat)).st_size
            copied = (AudioState.COPIED, digest)
            if previous is None or (previous.state, previous.sha256) != copied:
                key = media_key(old)
                await self.deletions.withdraw(key)
                await self.media.put(key, file)
                stored = await self.media.stat(key)
                if stored is None or stored.bytes != size:
                    raise MediaUnavailable(
                        "Supabase stored a file incompletely. Nothing is lost; run this again."
                    )
        return ImportedAudio(AudioState.COPIED, seconds, size, digest)


def media_key(old: OldPodcast) -> str:
    return f"episodes/{old.id}.mp3"


def import_record(old: OldPodcast, audio: ImportedAudio) -> dict[str, Any]:
    return {
        "podcast_id": old.id,
        "listener_id": old.listener,
        "changed_at": old.changed_at,
        "key": old.key,
        "state": audio.state,
        "bytes": audio.bytes,
        "sha256": audio.sha256,
        "adopted_at": datetime.now(UTC),
    }


def episode_row(old: OldPodcast, audio: ImportedAudio, script: Script) -> dict[str, Any]:
    """The old `duration` was a guess, and 300 without one. Only the measured length is stored as such."""
    copied = audio.state is AudioState.COPIED
    truncated = copied and len(old.script) > MAX_SPOKEN_CHARACTERS
    title = " ".join(old.title.replace("\0", "").split())[:MAX_TITLE_CHARACTERS]
    return {
        "id": old.id,
        "listener_id": old.listener,
        "title": title or "Untitled",
        "title_chosen": False,
        "stage": Stage.READY if copied else Stage.FAILED,
        "minutes": max(1, round((audio.seconds or old.duration) / 60)),
        "hosts": 1,
        "day": old.created_at.date(),
        "language": script.language,
        "mail_count": old.mails,
        "trouble": None if copied else NO_AUDIO_MESSAGES[audio.state],
        "note": ORIGIN_NOTE + (TRUNCATION_NOTE if truncated else ""),
        "attempt": 1,
        "done": 0,
        "total": 0,
        "percent": 100,
        "revision": 1,
        "seconds": audio.seconds,
        "bytes": audio.bytes,
        "media": media_key(old) if copied else None,
        "request_hash": "",
        "created_at": old.created_at,
        "updated_at": max(old.changed_at, old.created_at),
        "published_at": old.created_at if copied else None,
    }
