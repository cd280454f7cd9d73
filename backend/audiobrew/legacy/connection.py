"""Everything that taking over talks to: both applications' tables, and both buckets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from audiobrew.account.listener_store import Listeners
from audiobrew.db.engine import is_migrated, open_database
from audiobrew.legacy.credentials import ConnectionImporter
from audiobrew.legacy.episodes import PodcastImporter
from audiobrew.legacy.export_store import ExportStore
from audiobrew.legacy.exporter import Exporter
from audiobrew.legacy.import_store import ImportStore
from audiobrew.legacy.importer import Importer
from audiobrew.legacy.old_audio import OldAudio
from audiobrew.legacy.old_rows import NotLiveProject
from audiobrew.legacy.old_tables import OldTables
from audiobrew.media.deletion_queue import DeletionQueue
from audiobrew.media.supabase import SupabaseMedia, SupabaseProject
from audiobrew.settings import Settings
from audiobrew.sources.gmail.connection_store import Connections
from audiobrew.sources.gmail.token_cipher import TokenCipher

LOCK_SECONDS = 3.0
"""So long AudioBrew waits for the old application's locks, and no longer."""


@dataclass(frozen=True, slots=True)
class LegacyServices:
    old: OldTables
    old_audio: OldAudio
    adopted: ImportStore
    adoption: Importer
    returned: ExportStore
    back: Exporter
    media: SupabaseMedia


@asynccontextmanager
async def open_legacy_services(
    settings: Settings, batch: int = 100, at_once: int = 8
) -> AsyncIterator[LegacyServices]:
    """Raises NotLiveProject, OldTablesMissing, OldTablesUnreadable, OldTablesExposed."""
    if not (settings.production and settings.supabase_url and settings.supabase_secret_key):
        raise NotLiveProject
    project = SupabaseProject(
        settings.supabase_url, settings.supabase_secret_key.get_secret_value()
    )
    database = open_database(settings, LOCK_SECONDS)
    (work := settings.data / "adopting").mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        if not await is_migrated(database):
            raise NotLiveProject(
                "The database is not in this version's shape. Run `audiobrew migrate` first."
            )
        media, adopted, old = (
            SupabaseMedia(project, settings.bucket),
            ImportStore(database),
            OldTables(database),
        )
        await old.check()
        old_audio, returned = OldAudio(project), ExportStore(database)
        mailboxes = ConnectionImporter(
            Connections(database), adopted, TokenCipher.of(settings), settings.google_client_id
        )
        podcasts = PodcastImporter(
            adopted, old_audio, media, DeletionQueue(database, media.delete), work
        )
        adoption = Importer(old, Listeners(database), mailboxes, podcasts, batch, at_once)
        yield LegacyServices(
            old, old_audio, adopted, adoption, returned, Exporter(returned, media), media
        )
    finally:
        await database.dispose()
        await project.aclose()
