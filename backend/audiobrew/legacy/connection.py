"""Connects everything that import and export need: both applications' tables and both buckets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from audiobrew.account.listener_store import ListenerStore
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

# How long AudioBrew waits for a lock that the old application holds.
LOCK_TIMEOUT_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class LegacyServices:
    old_tables: OldTables
    old_audio: OldAudio
    import_store: ImportStore
    importer: Importer
    export_store: ExportStore
    exporter: Exporter
    media: SupabaseMedia


@asynccontextmanager
async def open_legacy_services(
    settings: Settings, batch_size: int = 100, concurrency: int = 8
) -> AsyncIterator[LegacyServices]:
    """Raises NotLiveProject, OldTablesMissing, OldTablesUnreadable, OldTablesExposed."""
    if not (settings.production and settings.supabase_url and settings.supabase_secret_key):
        raise NotLiveProject
    project = SupabaseProject(
        settings.supabase_url, settings.supabase_secret_key.get_secret_value()
    )
    database = open_database(settings, LOCK_TIMEOUT_SECONDS)
    temporary = settings.data / "adopting"
    temporary.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        if not await is_migrated(database):
            raise NotLiveProject(
                "The database is not migrated to this version. Run `audiobrew migrate` first."
            )
        old_tables = OldTables(database)
        await old_tables.check()
        media, old_audio = SupabaseMedia(project, settings.bucket), OldAudio(project)
        import_store, export_store = ImportStore(database), ExportStore(database)
        connections = ConnectionImporter(
            Connections(database),
            import_store,
            TokenCipher.of(settings),
            settings.google_client_id,
        )
        deletions = DeletionQueue(database, media.delete)
        podcasts = PodcastImporter(import_store, old_audio, media, deletions, temporary)
        importer = Importer(
            old_tables, ListenerStore(database), connections, podcasts, batch_size, concurrency
        )
        exporter = Exporter(export_store, media)
        yield LegacyServices(
            old_tables, old_audio, import_store, importer, export_store, exporter, media
        )
    finally:
        await database.dispose()
        await project.aclose()
