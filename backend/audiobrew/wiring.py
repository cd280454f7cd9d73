"""Creates every object that lives as long as the process, and chooses the adapter behind each port.

Modules that are slow to import are imported inside functions, so that `audiobrew contract` does not wait for
them.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anyio import to_thread

from audiobrew.account.listener_store import ListenerStore
from audiobrew.account.local import LocalIdentity
from audiobrew.db.engine import migrate, open_database
from audiobrew.episode.workload import Workloads
from audiobrew.feed.feed_token_store import FeedTokenStore
from audiobrew.feed.store import ShowStore
from audiobrew.http.readiness import HealthChecks
from audiobrew.inbox.rules import RuleStore
from audiobrew.inbox.store import MailStore
from audiobrew.media.folder import FolderMedia
from audiobrew.media.signed_urls import AudioUrlSigner, signing_key
from audiobrew.ops.memory import return_freed_memory
from audiobrew.ops.periodic_jobs import Job
from audiobrew.search.store import SearchStore
from audiobrew.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from audiobrew.account.deletion import AccountDeletion, ExternalData
    from audiobrew.account.dependencies import Rollouts
    from audiobrew.account.identity import Identity
    from audiobrew.account.store import AccountStore
    from audiobrew.account.supabase import BrowserKey
    from audiobrew.audio.local.local_voice import Installed
    from audiobrew.audio.voice import Voice
    from audiobrew.episode.background_jobs import BackgroundJobs
    from audiobrew.episode.orders import EpisodeOrders
    from audiobrew.episode.playback_store import PlaybackStore
    from audiobrew.episode.pronunciations import PronunciationStore
    from audiobrew.episode.schedule_store import ScheduleStore
    from audiobrew.episode.script_store import ScriptStore
    from audiobrew.episode.store import EpisodeStore
    from audiobrew.episode.sweep import Sweep
    from audiobrew.inbox.imports.reader import ImportReader
    from audiobrew.inbox.imports.uploads import Imports
    from audiobrew.inbox.upload import UploadQueue
    from audiobrew.mail.parsing.parser import MailParser
    from audiobrew.media.storage import Media
    from audiobrew.media.supabase import SupabaseProject
    from audiobrew.models.charges import Charges
    from audiobrew.models.openai_client import OpenAICalls
    from audiobrew.models.result_cache import ResultCache
    from audiobrew.script.writer import Writer
    from audiobrew.sources.address.arrivals import Arrivals
    from audiobrew.sources.address.inbound import Inbound
    from audiobrew.sources.gmail.gmail_account import Gmail
    from audiobrew.sources.gmail.mail_store import GmailMails
    from audiobrew.sources.mail_sources import MailSources


@dataclass(frozen=True, slots=True)
class Ports:
    """What routes, commands and background jobs work with, opened and connected."""

    settings: Settings
    database: "AsyncEngine"
    listeners: ListenerStore
    identity: "Identity"
    browser_key: "BrowserKey | None"
    accounts: "AccountStore"
    account_deletion: "AccountDeletion"
    mails: MailStore
    rules: RuleStore
    parser: "MailParser"
    uploads: "UploadQueue"
    imports: "Imports"
    import_reader: "ImportReader"
    mail_sources: "MailSources"
    arrivals: "Arrivals | None"  # None without a mail domain
    inbound: "Inbound"
    gmail: "Gmail"
    gmail_mails: "GmailMails"
    episodes: "EpisodeStore"
    scripts: "ScriptStore"
    search: SearchStore
    shows: ShowStore
    feed_tokens: FeedTokenStore
    results: "ResultCache"
    charges: "Charges"
    media: "Media"
    signer: AudioUrlSigner
    writer: "Writer"
    voice: "Voice"
    orders: "EpisodeOrders"
    schedules: "ScheduleStore"
    pronunciations: "PronunciationStore"
    playbacks: "PlaybackStore"
    background_jobs: "BackgroundJobs"
    sweep: "Sweep"
    openai: "OpenAICalls | None"
    health_checks: HealthChecks
    workloads: Workloads
    # None without the `rollout` room.
    rollouts: "Rollouts | None" = None


@asynccontextmanager
async def connect(
    settings: Settings, *, alone: bool = False, brews: bool = True
) -> AsyncIterator[Ports]:
    """Migrate the database, open all ports, and run the engine until the context is left. Raises
    DatabaseBusy.

    `alone`: no other process uses this data folder, so the brews of a dead process are resumed at once.
    `brews`: this process takes episodes from the queue and runs the background jobs.
    """
    return_freed_memory()
    await migrate(settings)
    async with open_ports(settings) as ports, AsyncExitStack() as stack:
        if settings.production:
            await check_bucket(ports.media)
        elif not settings.home:
            await ports.listeners.local()
        # With Postgres, processes on other machines may use the same database, whatever folder they have.
        alone = alone and settings.database_url is None
        await stack.enter_async_context(ports.orders.running(alone=alone, brews=brews))
        if brews:
            await stack.enter_async_context(ports.background_jobs.running())
        yield ports


@asynccontextmanager
async def open_ports(settings: Settings) -> AsyncIterator[Ports]:
    """The ports alone: the database is not migrated, and the engine does not run."""
    from audiobrew.audio.local.local_voice import find_local_voices

    async with AsyncExitStack() as stack:
        database = open_database(settings)
        stack.push_async_callback(database.dispose)
        # It hashes up to 120 MB.
        installed = await to_thread.run_sync(find_local_voices, settings)
        yield create_ports(settings, database, installed, stack)


def create_ports(
    settings: Settings,
    database: "AsyncEngine",
    installed: "Installed | None",
    stack: AsyncExitStack,
) -> Ports:
    """Create the ports. What must be closed is pushed onto the stack."""
    from audiobrew.account.deletion import AccountDeletion
    from audiobrew.account.store import AccountStore
    from audiobrew.audio.local.local_voice import LocalVoice
    from audiobrew.audio.pace_store import PaceStore
    from audiobrew.audio.voice import Utterance
    from audiobrew.audio.voice_wiring import create_ear, create_voice
    from audiobrew.episode.background_jobs import EVERY_SECONDS, BackgroundJobs
    from audiobrew.episode.brew_context import BrewContext
    from audiobrew.episode.engine import list_workflow_ids
    from audiobrew.episode.orders import EpisodeOrders
    from audiobrew.episode.playback_store import PlaybackStore
    from audiobrew.episode.pronunciations import PronunciationStore
    from audiobrew.episode.schedule_store import ScheduleStore
    from audiobrew.episode.script_store import ScriptStore
    from audiobrew.episode.store import EpisodeStore
    from audiobrew.episode.sweep import Sweep
    from audiobrew.inbox.imports.reader import LOOK_SECONDS, ImportReader
    from audiobrew.inbox.imports.store import ImportStore
    from audiobrew.inbox.imports.uploads import Imports
    from audiobrew.inbox.upload import UploadQueue
    from audiobrew.mail.limits import Limits
    from audiobrew.mail.parsing.pool import ParserPool
    from audiobrew.media.deletion_queue import DeletionQueue
    from audiobrew.models.budget import BudgetedCalls
    from audiobrew.models.charges import Charges
    from audiobrew.models.prices import millionths, prices
    from audiobrew.models.request_ids import RequestIds
    from audiobrew.models.result_cache import ResultCache
    from audiobrew.rollout.store import Rollouts
    from audiobrew.script.script import Speaker
    from audiobrew.sources.source_wiring import create_inbound, create_sources

    project = create_supabase_project(settings, stack)
    media = create_media_storage(settings, project)
    results = ResultCache(database, media, settings.lease_dead_after_seconds)
    charges = Charges(database, millionths(settings.daily_cap_usd))
    deletions = DeletionQueue(database, media.delete)
    listeners = ListenerStore(database)
    mails = MailStore(database, settings.mails_per_listener, settings.text_bytes_per_listener)
    parser = ParserPool(settings)
    stack.push_async_callback(parser.aclose)
    import_store = ImportStore(database, settings.import_bytes)
    imports = Imports(import_store, media, deletions)
    import_reader = ImportReader(
        import_store,
        mails,
        media,
        deletions,
        results.locks,
        parser,
        Limits.of(settings),
        settings.parsers,
    )
    episodes, scripts = EpisodeStore(database), ScriptStore(database)
    search = SearchStore(database)
    openai = create_openai_client(settings, stack)
    writer = create_writer(settings, openai)
    voice = create_voice(settings, openai, installed, stack)
    pronunciations = PronunciationStore(database)
    context = BrewContext(
        episodes=episodes,
        scripts=scripts,
        pronunciations=pronunciations,
        request_ids=RequestIds(database),
        mails=mails,
        results=results,
        budgeted_calls=BudgetedCalls(results, charges, prices(settings.prices)),
        paces=PaceStore(database),
        media=media,
        deletions=deletions,
        writer=writer,
        voice=voice,
        sounds=settings.sounds,
        work=settings.data / "joining",
        at_once=settings.clips_at_once,
        ear=create_ear(settings, stack),
    )
    orders, schedules = EpisodeOrders(settings, context), ScheduleStore(database)
    sources = create_sources(settings, database, mails, parser, results.locks, stack)
    identity = create_identity_provider(settings, database, listeners, stack)
    accounts = AccountStore(database)
    external_data = list_external_data(database, project)
    account_deletion = AccountDeletion(
        accounts, identity, deletions, orders, sources.gmail, external_data
    )
    sweep = Sweep(
        episodes, media, deletions, list_workflow_ids, context.work, (settings.data / "adopting",)
    )

    async def try_voice() -> None:
        if settings.has_voice_server:
            from audiobrew.audio.server_voice import ServerVoice

            assert isinstance(voice, ServerVoice)
            await voice.check()
        else:  # not the engines that take seconds and hundreds of megabytes: `audiobrew doctor` tries them
            espeak = voice.espeak if isinstance(voice, LocalVoice) else voice
            await espeak.speak(Utterance(("Ready.",), Speaker.FIRST, "en"))

    jobs = (
        Job("accounts", account_deletion.resume_all, EVERY_SECONDS, limit=600),
        Job("deletions", deletions.run, EVERY_SECONDS, limit=600),
        Job("files", sweep.discard_files, 60.0),
        Job("fingerprints", mails.add_missing_fingerprints, 60.0, limit=600),
        sources.job,
        Job("imports", import_reader.run, LOOK_SECONDS, limit=900, wake=imports.wake),
        Job("search_texts", search.add_missing_texts, 600.0, limit=600, first_after=5.0),
        Job("old_imports", imports.clean_up, 600.0, first_after=60.0),
        *create_sweep_jobs(settings, sweep),
        *create_purge_jobs(database, project, EVERY_SECONDS),
    )
    return Ports(
        settings=settings,
        database=database,
        listeners=listeners,
        identity=identity,
        browser_key=create_browser_key(settings),
        accounts=accounts,
        account_deletion=account_deletion,
        mails=mails,
        rules=RuleStore(database),
        parser=parser,
        uploads=UploadQueue(),
        imports=imports,
        import_reader=import_reader,
        mail_sources=sources.mail_sources,
        arrivals=sources.arrivals,
        inbound=create_inbound(settings, database, sources.arrivals, stack),
        gmail=sources.gmail,
        gmail_mails=sources.gmail_mails,
        episodes=episodes,
        scripts=scripts,
        search=search,
        shows=ShowStore(database),
        feed_tokens=FeedTokenStore(database, settings.feed_tokens_per_listener),
        results=results,
        charges=charges,
        media=media,
        signer=AudioUrlSigner(signing_key(settings), settings.audio_url_seconds),
        writer=writer,
        voice=voice,
        orders=orders,
        schedules=schedules,
        pronunciations=pronunciations,
        playbacks=PlaybackStore(database),
        background_jobs=BackgroundJobs(orders, schedules, sources.looks.look_at_all, jobs),
        sweep=sweep,
        openai=openai,
        health_checks=HealthChecks(try_voice),
        workloads=Workloads(database, settings.lease_dead_after_seconds),
        rollouts=Rollouts(database),
    )


def create_supabase_project(settings: Settings, stack: AsyncExitStack) -> "SupabaseProject | None":
    """The client of the Supabase project, in production."""
    if not settings.production:
        return None
    from audiobrew.media.supabase import SupabaseProject

    assert settings.supabase_url
    assert settings.supabase_secret_key
    secret_key = settings.supabase_secret_key.get_secret_value()
    project = SupabaseProject(settings.supabase_url, secret_key)
    stack.push_async_callback(project.aclose)
    return project


def create_media_storage(settings: Settings, project: "SupabaseProject | None") -> "Media":
    if project is None:
        return FolderMedia(settings.data / "media")
    from audiobrew.media.supabase import SupabaseMedia

    return SupabaseMedia(project, settings.bucket)


async def check_bucket(media: "Media") -> None:
    """Raises BucketIsPublic, SupabaseRefused.

    If Supabase is unavailable, the process starts all the same, but requests for audio fail.
    """
    from audiobrew.media.supabase import MediaUnavailable

    with suppress(MediaUnavailable):
        await media.check()


def create_openai_client(settings: Settings, stack: AsyncExitStack) -> "OpenAICalls | None":
    """The client of the writer and the voice, which limits the concurrent calls of both together."""
    if settings.openai_api_key is None:
        return None
    from audiobrew.models.openai_client import OpenAICalls

    key = settings.openai_api_key.get_secret_value()
    limits = (settings.calls_at_once, settings.call_seconds)
    openai = OpenAICalls(key, settings.openai_base_url, *limits)
    stack.push_async_callback(openai.aclose)
    return openai


def create_writer(settings: Settings, openai: "OpenAICalls | None") -> "Writer":
    """The writer of the setting; with `auto`, OpenAI's models if there is a key."""
    if openai and settings.writer in ("auto", "openai"):
        from audiobrew.script.openai.writer import OpenAIWriter

        return OpenAIWriter(openai, settings.writer_model, settings.writer_effort)
    from audiobrew.script.extractive import ExtractiveWriter

    return ExtractiveWriter()


def create_identity_provider(
    settings: Settings, database: "AsyncEngine", listeners: ListenerStore, stack: AsyncExitStack
) -> "Identity":
    """On one machine, the terminal signs the listener in; a server of one's own has accounts; in production,
    Supabase signs listeners in."""
    if settings.home:
        from audiobrew.account.home.home_wiring import create_home_identity

        return create_home_identity(settings, database, listeners, stack)
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


def create_browser_key(settings: Settings) -> "BrowserKey | None":
    """The check of the key that browsers use with Supabase, in production."""
    if not settings.production:
        return None
    from audiobrew.account.supabase import BrowserKey

    assert settings.supabase_url
    assert settings.supabase_publishable_key
    return BrowserKey(settings.supabase_url, settings.supabase_publishable_key)


def list_external_data(
    database: "AsyncEngine", project: "SupabaseProject | None"
) -> "tuple[ExternalData, ...]":
    """What is deleted with an account outside our own tables, in this order.

    Supabase's user comes last: rows of the old application that we may not delete are deleted with it.
    """
    from audiobrew.legacy.tables import OldRows

    rows = (OldRows(database),) if database.dialect.name == "postgresql" else ()
    if not project:
        return rows
    from audiobrew.account.supabase import SupabaseUsers
    from audiobrew.legacy.old_audio import OldAudio

    return (*rows, OldAudio(project), SupabaseUsers(project))


def create_sweep_jobs(settings: Settings, sweep: "Sweep") -> tuple[Job, ...]:
    """The periodic sweep; none if the setting is 0 hours.

    The first one runs some minutes after the start, so that short-lived processes sweep as well.
    """
    if not settings.sweep_hours:
        return ()
    seconds = settings.sweep_hours * 3600
    return (Job("sweep", sweep.run, seconds, limit=3600, first_after=min(600.0, seconds)),)


def create_purge_jobs(
    database: "AsyncEngine", project: "SupabaseProject | None", every_seconds: float
) -> tuple[Job, ...]:
    """The job that deletes, in the old application's data, what was deleted here."""
    if project is None or database.dialect.name != "postgresql":
        return ()
    from audiobrew.legacy.export_store import ExportStore
    from audiobrew.legacy.import_store import ImportStore
    from audiobrew.legacy.old_audio import OldAudio
    from audiobrew.legacy.purge import Purge

    purge = Purge(ImportStore(database), ExportStore(database), OldAudio(project))
    return (Job("taken_over", purge.run, every_seconds),)
