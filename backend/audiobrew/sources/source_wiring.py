"""Creates the sources of mails, and the job that looks at them."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.inbox.store import MailStore
from audiobrew.mail.limits import Limits
from audiobrew.mail.parsing.parser import MailParser
from audiobrew.models.key_locks import KeyLocks
from audiobrew.ops.periodic_jobs import Job
from audiobrew.settings import Settings
from audiobrew.sources.address.arrivals import Arrivals
from audiobrew.sources.address.inbound import Inbound, delivery_limit
from audiobrew.sources.address.inbound_mail import InboundProvider
from audiobrew.sources.address.inbound_store import DeliveryStore
from audiobrew.sources.address.providers import CloudflareWorker, Mailgun, Postmark, SendGrid
from audiobrew.sources.address.sns import AmazonSes
from audiobrew.sources.feeds.reader import FeedReader
from audiobrew.sources.gmail.client import GmailCalls
from audiobrew.sources.gmail.connection_store import Connections
from audiobrew.sources.gmail.gmail_account import Gmail
from audiobrew.sources.gmail.google import Google
from audiobrew.sources.gmail.mail_store import GmailMails
from audiobrew.sources.gmail.oauth_flow import OAuthFlow
from audiobrew.sources.gmail.reader import GmailReader, GoogleServices
from audiobrew.sources.gmail.sync import GmailSync
from audiobrew.sources.gmail.token_cipher import TokenCipher
from audiobrew.sources.gmail.token_provider import TokenProvider
from audiobrew.sources.guarded_client import GuardedClient
from audiobrew.sources.imap.connection import MailServers
from audiobrew.sources.imap.reader import ImapReader
from audiobrew.sources.looks import LOOK_SECONDS, SourceLooks
from audiobrew.sources.mail_sources import MailSources
from audiobrew.sources.source import SourceKind, SourceReader
from audiobrew.sources.store import SourceStore


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources of mails besides uploads, the job that looks at them, and what receives mails to own
    addresses."""

    mail_sources: MailSources
    gmail: Gmail
    gmail_mails: GmailMails
    looks: SourceLooks
    job: Job
    arrivals: Arrivals | None


def create_sources(
    settings: Settings,
    database: AsyncEngine,
    mails: MailStore,
    parser: MailParser,
    locks: KeyLocks,
    stack: AsyncExitStack,
) -> Sources:
    # By default, only the listener of a single machine reaches its network.
    allow_private = settings.private_sources
    if allow_private is None:
        allow_private = settings.mode == "embedded"
    client = GuardedClient(allow_private=allow_private)
    stack.push_async_callback(client.aclose)
    servers = MailServers(allow_private=allow_private, max_mail_bytes=settings.mail_bytes)
    cipher = TokenCipher.of(settings)
    store, feeds = SourceStore(database, cipher), FeedReader(client)
    stack.push_async_callback(feeds.aclose)
    connections, gmail_mails = Connections(database), GmailMails(database)
    gmail_reader = GmailReader(
        create_google_services(settings, connections, cipher, stack),
        GmailSync(gmail_mails, Limits.of(settings), settings.mails_per_label),
    )
    readers: dict[SourceKind, SourceReader] = {
        SourceKind.IMAP: ImapReader(servers, settings.mail_bytes),
        SourceKind.FEED: feeds,
        SourceKind.GMAIL: gmail_reader,
    }
    looks = SourceLooks(store, mails, parser, locks, readers)
    wake = asyncio.Event()
    job = Job("sources", looks.run, LOOK_SECONDS, limit=900, wake=wake)
    domain = settings.mail_domain
    arrivals = Arrivals(store, mails, parser, domain) if domain else None
    gmail = Gmail(gmail_reader, connections, looks, wake)
    is_owner = owner_check(settings, database)
    mail_sources = MailSources(store, servers, feeds, gmail, wake, domain, is_owner)
    return Sources(mail_sources, gmail, gmail_mails, looks, job, arrivals)


def owner_check(settings: Settings, database: AsyncEngine) -> Callable[[UUID], Awaitable[bool]]:
    """Whether a listener is the owner of this server. In production, no listener is."""
    if settings.home:
        from audiobrew.account.home.accounts import HomeAccounts

        return HomeAccounts(database, settings.oidc_issuer).is_owner

    async def is_own_machine(_: UUID) -> bool:
        return not settings.production

    return is_own_machine


def create_google_services(
    settings: Settings, connections: Connections, cipher: TokenCipher, stack: AsyncExitStack
) -> GoogleServices | None:
    """Without Google's settings Gmail is not offered."""
    google = Google.of(settings)
    if google is None:
        return None
    stack.push_async_callback(google.aclose)
    return GoogleServices(
        google,
        OAuthFlow(google, connections, cipher),
        TokenProvider(google, connections, cipher),
        GmailCalls(google.url),
    )


def create_inbound(
    settings: Settings, database: AsyncEngine, arrivals: Arrivals | None, stack: AsyncExitStack
) -> Inbound:
    """What receives mails from providers over HTTP: those whose secret is set."""
    providers: dict[str, InboundProvider] = {}
    if secret := settings.mailgun_signing_key:
        providers["mailgun"] = Mailgun(secret.get_secret_value())
    if secret := settings.postmark_login:
        providers["postmark"] = Postmark(secret.get_secret_value())
    if settings.sendgrid_login or settings.sendgrid_public_key:
        login = settings.sendgrid_login
        providers["sendgrid"] = SendGrid(
            settings.sendgrid_public_key, login.get_secret_value() if login else None
        )
    if settings.ses_topic:
        client = GuardedClient(allow_private=False)
        stack.push_async_callback(client.aclose)
        providers["ses"] = AmazonSes(settings.ses_topic, client.get_body)
    if secret := settings.cloudflare_email_secret:
        providers["cloudflare"] = CloudflareWorker(secret.get_secret_value())
    return Inbound(arrivals, DeliveryStore(database), providers, delivery_limit(settings))


@asynccontextmanager
async def receiving_mail(
    settings: Settings, arrivals: Arrivals | None, listener: socket.socket | None
) -> AsyncIterator[None]:
    """Receive mails by SMTP until the context is left, if there is a socket for it."""
    if arrivals is None or listener is None:
        yield
        return
    from audiobrew.sources.address.smtp_receiver import Certificate, SmtpReceiver

    certificate = None
    if settings.smtp_certificate and settings.smtp_key:
        certificate = Certificate(settings.smtp_certificate, settings.smtp_key)
    receiver = SmtpReceiver(
        arrivals, settings.mail_bytes, certificate, behind_nat=settings.smtp_behind_nat
    )
    async with receiver.listening(listener):
        yield
