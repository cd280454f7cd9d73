"""Which adapter stands behind each port: the one place where that is decided."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrew.account.local import LocalIdentity
from audiobrew.settings import Settings
from audiobrew.store.database import file_of, migrate, open_database
from audiobrew.store.feed_tokens import FeedTokens
from audiobrew.store.folder import FolderMedia
from audiobrew.store.listeners import Listeners
from audiobrew.store.mails import Mails
from audiobrew.store.remembered import Fresh, Remembered
from audiobrew.store.shows import Shows
from audiobrew.store.signing import Signer, signing_key

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from audiobrew.audio.voice import Voice
    from audiobrew.episode.brewery import Brewery
    from audiobrew.script.writer import Writer
    from audiobrew.store.episodes import Episodes
    from audiobrew.store.media import Media
    from audiobrew.store.paid import PaidOnce
    from audiobrew.store.scripts import Scripts


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything outside this process that AudioBrew talks to."""

    settings: Settings
    database: "AsyncEngine"
    listeners: Listeners
    identity: LocalIdentity
    mails: Mails
    episodes: "Episodes"
    scripts: "Scripts"
    remembered: Remembered | Fresh
    shows: Shows
    feed_tokens: FeedTokens
    paid: "PaidOnce"
    media: "Media"
    signer: Signer
    writer: "Writer"
    voice: "Voice"
    brewery: "Brewery"


@asynccontextmanager
async def connect(
    settings: Settings, *, alone: bool = False, brews: bool = True
) -> AsyncIterator[Ports]:
    """Open everything, and close it again. Raises DatabaseBusy.

    `alone`: no other process lives on this data, so what a dead one left is taken up at once.
    `brews`: this process takes episodes from the queue.
    """
    await migrate(settings)
    async with AsyncExitStack() as stack:
        database = open_database(settings)
        stack.push_async_callback(database.dispose)
        ports = await _connected(settings, database, stack)
        await ports.listeners.local()
        await stack.enter_async_context(ports.brewery.running(alone=alone, brews=brews))
        yield ports


async def _connected(settings: Settings, database: "AsyncEngine", stack: AsyncExitStack) -> Ports:
    """What is slow to import is imported here, so that the contract does not wait for it."""
    from audiobrew.audio.espeak import EspeakVoice
    from audiobrew.episode.brewery import Brewery
    from audiobrew.script.extractive import ExtractiveWriter
    from audiobrew.store.episodes import Episodes
    from audiobrew.store.paid import PaidOnce
    from audiobrew.store.scripts import Scripts

    media = FolderMedia(settings.data / "media")
    paid = PaidOnce(database, media)
    listeners, mails = Listeners(database), Mails(database)
    episodes, scripts = Episodes(database), Scripts(database)
    writer, voice = ExtractiveWriter(), EspeakVoice(settings.espeak_library)
    return Ports(
        settings=settings,
        database=database,
        listeners=listeners,
        identity=LocalIdentity(listeners, settings.session_days),
        mails=mails,
        episodes=episodes,
        scripts=scripts,
        remembered=_remembered(settings, stack),
        shows=Shows(database),
        feed_tokens=FeedTokens(database, settings.feed_tokens_per_listener),
        paid=paid,
        media=media,
        signer=Signer(signing_key(settings.data), settings.audio_url_seconds),
        writer=writer,
        voice=voice,
        brewery=Brewery(settings, episodes, scripts, mails, paid, media, writer, voice),
    )


def _remembered(settings: Settings, stack: AsyncExitStack) -> Remembered | Fresh:
    remembered = Fresh() if settings.database_url else Remembered(file_of(settings))
    stack.callback(remembered.close)
    return remembered
