"""What stands behind the ports with a Supabase project, and what does on one machine without."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING

from audiobrew.account.listener_store import Listeners
from audiobrew.account.local import LocalIdentity
from audiobrew.media.folder import FolderMedia
from audiobrew.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from audiobrew.account.accounts import Accounts
    from audiobrew.account.deletion import Brews, ExternalData, Mailbox
    from audiobrew.account.identity import Identity
    from audiobrew.account.supabase import BrowserKey
    from audiobrew.media.deletion_queue import DeletionQueue
    from audiobrew.media.storage import Media
    from audiobrew.media.supabase import SupabaseProject


def project(settings: Settings, stack: AsyncExitStack) -> "SupabaseProject | None":
    """One a process, closed with the stack."""
    if not settings.production:
        return None
    from audiobrew.media.supabase import SupabaseProject

    assert settings.supabase_url
    assert settings.supabase_secret_key
    made = SupabaseProject(settings.supabase_url, settings.supabase_secret_key.get_secret_value())
    stack.push_async_callback(made.aclose)
    return made


def media(settings: Settings, project: "SupabaseProject | None") -> "Media":
    if project is None:
        return FolderMedia(settings.data / "media")
    from audiobrew.media.supabase import SupabaseMedia

    return SupabaseMedia(project, settings.bucket)


async def ready(media: "Media") -> None:
    """The bucket is there, and private. Raises BucketIsPublic, SupabaseRefused.

    A Supabase that is away at the start is told to whoever asks for audio.
    """
    from audiobrew.media.supabase import MediaUnavailable

    with suppress(MediaUnavailable):
        await media.check()


def identity(settings: Settings, listeners: Listeners, stack: AsyncExitStack) -> "Identity":
    """On this machine the terminal signs its listener in; in production Supabase does."""
    if not settings.production:
        return LocalIdentity(listeners, settings.session_days, settings.session_idle_days)
    from audiobrew.account.supabase import Keys, PublishedKeys, SharedSecret, SupabaseIdentity
    from audiobrew.account.supabase_sessions import SupabaseSessions

    assert settings.supabase_url
    assert settings.supabase_publishable_key
    keys: Keys = PublishedKeys(settings.supabase_url)
    if secret := settings.supabase_jwt_secret:
        keys = SharedSecret(settings.supabase_url, secret.get_secret_value())
    sessions = SupabaseSessions(settings.supabase_url, settings.supabase_publishable_key)
    stack.push_async_callback(sessions.aclose)
    return SupabaseIdentity(keys, listeners, sessions)


def browser_key(settings: Settings) -> "BrowserKey | None":
    if not settings.production:
        return None
    from audiobrew.account.supabase import BrowserKey

    assert settings.supabase_url
    assert settings.supabase_publishable_key
    return BrowserKey(settings.supabase_url, settings.supabase_publishable_key)


def accounts(
    database: "AsyncEngine",
    identity: "Identity",
    deletions: "DeletionQueue",
    brews: "Brews",
    mailbox: "Mailbox | None",
    project: "SupabaseProject | None",
) -> "Accounts":
    from audiobrew.account.accounts import Accounts
    from audiobrew.account.deletion import Deletion
    from audiobrew.account.store import AccountStore

    kept = AccountStore(database)
    places = _elsewhere(database, project)
    return Accounts(kept, Deletion(kept, identity, deletions, brews, mailbox, places))


def forgetting(
    database: "AsyncEngine", project: "SupabaseProject | None"
) -> "tuple[Callable[[], Awaitable[None]], ...]":
    """The round that keeps what was deleted here from staying in the application before."""
    if project is None or database.dialect.name != "postgresql":
        return ()
    from audiobrew.legacy.export_store import ExportStore
    from audiobrew.legacy.import_store import ImportStore
    from audiobrew.legacy.old_audio import OldAudio
    from audiobrew.legacy.purge import Purge

    return (Purge(ImportStore(database), ExportStore(database), OldAudio(project)).forget_deleted,)


def _elsewhere(
    database: "AsyncEngine", project: "SupabaseProject | None"
) -> "tuple[ExternalData, ...]":
    """The user goes last: old rows that are not ours to delete go with them."""
    from audiobrew.account.supabase import SupabaseUsers
    from audiobrew.legacy.old_audio import OldAudio
    from audiobrew.legacy.tables import OldRows

    rows = (OldRows(database),) if database.dialect.name == "postgresql" else ()
    return (*rows, *((OldAudio(project), SupabaseUsers(project)) if project else ()))
