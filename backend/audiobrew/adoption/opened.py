"""Everything that taking over talks to: both applications' tables, and both buckets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from audiobrew.adoption.adopting import Adoption
from audiobrew.adoption.back import Back
from audiobrew.adoption.before import NotHere
from audiobrew.adoption.credentials import Mailboxes
from audiobrew.adoption.episodes import Podcasts
from audiobrew.settings import Settings
from audiobrew.store.adopted import Adopted
from audiobrew.store.connections import Connections
from audiobrew.store.database import is_migrated, open_database
from audiobrew.store.listeners import Listeners
from audiobrew.store.old_audio import OldAudio
from audiobrew.store.old_tables import OldTables
from audiobrew.store.pending_deletions import DeletionQueue
from audiobrew.store.returned import Returned
from audiobrew.store.sealing import Sealer
from audiobrew.store.supabase import SupabaseMedia, SupabaseProject

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
