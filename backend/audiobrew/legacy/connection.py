"""Everything that taking over talks to: both applications' tables, and both buckets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from audiobrew.account.listener_store import Listeners
from audiobrew.db.engine import is_migrated, open_database
from audiobrew.legacy.credentials import Mailboxes
from audiobrew.legacy.episodes import Podcasts
from audiobrew.legacy.export_store import Returned
from audiobrew.legacy.exporter import Back
from audiobrew.legacy.import_store import Adopted
from audiobrew.legacy.importer import Adoption
from audiobrew.legacy.old_audio import OldAudio
from audiobrew.legacy.old_rows import NotHere
from audiobrew.legacy.old_tables import OldTables
from audiobrew.media.deletion_queue import DeletionQueue
from audiobrew.media.supabase import SupabaseMedia, SupabaseProject
from audiobrew.settings import Settings
from audiobrew.sources.gmail.connection_store import Connections
from audiobrew.sources.gmail.token_cipher import Sealer

LOCK_SECONDS = 3.0
"""So long AudioBrew waits for the old application's locks, and no longer."""


@dataclass(frozen=True, slots=True)
class Takeover:
    old: OldTables
    old_audio: OldAudio
    adopted: Adopted
    adoption: Adoption
    returned: Returned
    back: Back
    media: SupabaseMedia


@asynccontextmanager
async def takeover(
    settings: Settings, batch: int = 100, at_once: int = 8
) -> AsyncIterator[Takeover]:
    """Raises NotHere, NothingBefore, CannotRead, HoleOpen."""
    if not (settings.production and settings.supabase_url and settings.supabase_secret_key):
        raise NotHere
    project = SupabaseProject(
        settings.supabase_url, settings.supabase_secret_key.get_secret_value()
    )
    database = open_database(settings, LOCK_SECONDS)
    (work := settings.data / "adopting").mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        if not await is_migrated(database):
            raise NotHere(
                "The database is not in this version's shape. Run `audiobrew migrate` first."
            )
        media, adopted, old = (
            SupabaseMedia(project, settings.bucket),
            Adopted(database),
            OldTables(database),
        )
        await old.check()
        old_audio, returned = OldAudio(project), Returned(database)
        mailboxes = Mailboxes(
            Connections(database), adopted, Sealer.of(settings), settings.google_client_id
        )
        podcasts = Podcasts(adopted, old_audio, media, DeletionQueue(database, media.delete), work)
        adoption = Adoption(old, Listeners(database), mailboxes, podcasts, batch, at_once)
        yield Takeover(old, old_audio, adopted, adoption, returned, Back(returned, media), media)
    finally:
        await database.dispose()
        await project.aclose()
