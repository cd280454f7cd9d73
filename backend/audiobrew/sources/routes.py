"""Routes of sources: mailboxes by IMAP, Gmail, feeds and own addresses."""

from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Response, status

from audiobrew.account.current_listener import Listener
from audiobrew.account.identity import NotYours
from audiobrew.http.body_limit import LimitedRoute, body_limit
from audiobrew.inbox.rules import TooManyRules
from audiobrew.problems import SignInNeeded, problems
from audiobrew.sources.address.request_store import (
    ConfirmationNotFound,
    Requests,
    SenderNotFound,
    StoredConfirmation,
)
from audiobrew.sources.dependencies import MailSourcesDep
from audiobrew.sources.feeds.opml import ListedFeed, NotOpml, parse_opml, write_opml
from audiobrew.sources.feeds.problems import (
    FeedGone,
    FeedNotFound,
    FeedRefused,
    FeedUnreadable,
    NotAFeed,
)
from audiobrew.sources.gmail.connection import GmailNotOffered, NoSuchLabel
from audiobrew.sources.gmail.reader import find_audiobrew_label
from audiobrew.sources.gmail.routes import connect_problems, google_problems, mailbox_problems
from audiobrew.sources.gmail.schemas import GmailCode, GmailConsent, GmailLabel
from audiobrew.sources.guarded_client import (
    InvalidAddress,
    MalformedResponse,
    ResponseTooLarge,
    TooManyRedirects,
)
from audiobrew.sources.guarded_network import PrivateAddress, UnknownHost
from audiobrew.sources.imap.connection import (
    CertificateRefused,
    EncryptionRefused,
    FolderNotFound,
    MailServerTrouble,
    OnlyValidCertificates,
    PasswordRefused,
    Security,
)
from audiobrew.sources.imap.providers import Provider, find_provider
from audiobrew.sources.mail_sources import MailSources
from audiobrew.sources.schemas import (
    AddressSource,
    FeedSource,
    ImapFolders,
    ImapServer,
    ImapSettings,
    ImapSource,
    MailboxServer,
    MailServer,
    MailServerCertificate,
    NewSender,
    NewsletterSource,
    OpmlFeed,
    OpmlImport,
    OpmlResult,
    SenderDecision,
    SourceConfirmation,
    SourceLabels,
    SourcePatch,
)
from audiobrew.sources.source import (
    Config,
    MailSource,
    NoMailDomain,
    NothingToChange,
    ServerUnreachable,
    SourceExists,
    SourceKind,
    SourceNotFound,
    SourceState,
    TooManySources,
)

OPML_BYTES = 3 * 2**20  # of JSON, in which a character may take six bytes
OPML = "text/x-opml"
# Of a row, in a 32-bit column.
Number = Annotated[int, Path(ge=0, le=2**31 - 1)]
network_problems = (ServerUnreachable, UnknownHost, PrivateAddress)
imap_problems = (
    *network_problems,
    *(PasswordRefused, EncryptionRefused, CertificateRefused, MailServerTrouble),
    OnlyValidCertificates,
)
feed_problems = (
    *network_problems,
    *(InvalidAddress, NotAFeed, FeedGone, FeedNotFound, FeedRefused, FeedUnreadable),
    *(TooManyRedirects, ResponseTooLarge, MalformedResponse),
)
OPML_RESPONSE: dict[int | str, dict[str, Any]] = {
    200: {"content": {OPML: {"schema": {"type": "string"}}}, "description": "OPML 2.0."}
}
router = APIRouter(route_class=LimitedRoute, prefix="/api/sources", tags=["sources"])


@router.get("", responses=problems(SignInNeeded))
async def list_sources(listener: Listener, sources: MailSourcesDep) -> list[NewsletterSource]:
    """List where your mails come from, in the order in which you added it."""
    requests = await sources.requests.list(listener)
    return [
        _source(source, sources, requests.get(source.id))
        for source in await sources.store.list(listener)
    ]


@router.get("/imap-settings", responses=problems(SignInNeeded))
async def get_imap_settings(
    listener: Listener,
    address: Annotated[str, Query(max_length=320, description="An email address.")],
) -> ImapSettings:
    """Get the mail server of an address's provider, and what to do there first."""
    provider = find_provider(address)
    provider = provider or Provider(name="", host="", help="", help_url="")
    return ImapSettings(
        provider=provider.name,
        host=provider.host,
        port=provider.port,
        security=provider.security,
        is_own_server=provider.is_own_server,
        help=provider.help,
        help_url=provider.help_url,
    )


@router.post("/imap-folders", responses=problems(SignInNeeded, *imap_problems))
async def list_imap_folders(
    body: ImapServer, listener: Listener, sources: MailSourcesDep
) -> ImapFolders:
    """List the folders of a mailbox, before you add one of them."""
    folders = await sources.folders(
        listener,
        body.host,
        body.port,
        Security(body.security),
        body.user,
        body.password,
        body.certificate_sha256,
    )
    return ImapFolders(folders=list(folders))


@router.post(
    "/imap-certificate",
    responses=problems(SignInNeeded, *network_problems, EncryptionRefused, OnlyValidCertificates),
)
async def get_imap_certificate(
    body: MailServer, listener: Listener, sources: MailSourcesDep
) -> MailServerCertificate:
    """Get the certificate that a mail server shows, to decide whether you trust it.

    A server in your own network, such as Proton Mail Bridge, may have a certificate that is not valid for its
    name. Compare the fingerprint with the one that the server itself says it has. No password is sent."""
    certificate = await sources.certificate(listener, body.host, body.port, Security(body.security))
    return MailServerCertificate(
        sha256=certificate.fingerprint,
        subject=certificate.subject,
        valid_until=certificate.valid_until,
    )


@router.post(
    "/imap",
    status_code=status.HTTP_201_CREATED,
    responses=problems(SignInNeeded, *imap_problems, FolderNotFound, SourceExists, TooManySources),
)
async def add_imap_source(
    body: ImapSource, listener: Listener, sources: MailSourcesDep
) -> NewsletterSource:
    """Add a folder of a mailbox. It is opened once before; its mails are then read in the background.

    Nothing is changed in the mailbox, and no mail is marked as read."""
    source = await sources.add_imap(
        listener,
        body.host,
        body.port,
        Security(body.security),
        body.user,
        body.password,
        body.folder,
        body.name,
        keeps_others=body.keeps_others,
        certificate=body.certificate_sha256,
    )
    return _source(source, sources)


@router.post(
    "/feed",
    status_code=status.HTTP_201_CREATED,
    responses=problems(SignInNeeded, *feed_problems, SourceExists, TooManySources),
)
async def add_feed_source(
    body: FeedSource, listener: Listener, sources: MailSourcesDep
) -> NewsletterSource:
    """Add a feed (RSS, Atom or JSON Feed), by its address or that of its site."""
    return _source(await sources.add_feed(listener, body.address, body.name), sources)


@router.post(
    "/address",
    status_code=status.HTTP_201_CREATED,
    responses=problems(SignInNeeded, NoMailDomain, TooManySources),
)
async def add_address_source(
    body: AddressSource, listener: Listener, sources: MailSourcesDep
) -> NewsletterSource:
    """Make an address of your own, to subscribe to newsletters with, or to forward them to.

    Offered if `own_addresses` of `/api/config` is true. All emails that arrive there are taken for
    newsletters, except those of senders that you marked otherwise."""
    return _source(await sources.add_address(listener, body.name), sources)


@router.post("/gmail/consent", responses=problems(SignInNeeded, GmailNotOffered))
async def begin_gmail_source(listener: Listener, sources: MailSourcesDep) -> GmailConsent:
    """Begin to add Gmail. The response contains Google's consent page.

    Offered if `gmail` of `/api/config` is true. Otherwise, Gmail can be added as a mailbox with an app
    password."""
    return GmailConsent(authorization_url=await sources.begin_gmail(listener))


@router.post(
    "/gmail",
    status_code=status.HTTP_201_CREATED,
    responses=problems(SignInNeeded, *connect_problems, NotYours, *google_problems),
)
async def add_gmail_source(
    body: GmailCode, listener: Listener, sources: MailSourcesDep
) -> NewsletterSource:
    """Add the Gmail mailbox that you consented to, or renew its consent. Its label is then read in the
    background.

    You have one such mailbox; another one replaces it. Works only for the listener who began, once, and
    within ten minutes."""
    return _source(await sources.add_gmail(listener, body.code, body.state), sources)


@router.get(
    "/{id}/labels",
    responses=problems(SignInNeeded, SourceNotFound, NothingToChange, *mailbox_problems),
)
async def list_source_labels(id: UUID, listener: Listener, sources: MailSourcesDep) -> SourceLabels:
    """List the labels of a Gmail mailbox, from which `PATCH /api/sources/{id}` chooses one."""
    labels = await sources.labels(listener, id)
    return SourceLabels(
        labels=[GmailLabel(id=one.id, name=one.name, type=one.kind) for one in labels],
        has_audiobrew_label=find_audiobrew_label(labels) is not None,
    )


@router.post(
    "/{id}/address",
    responses=problems(SignInNeeded, SourceNotFound, NothingToChange),
)
async def replace_address(
    id: UUID, listener: Listener, sources: MailSourcesDep
) -> NewsletterSource:
    """Make a new address in place of one that somebody else knows. Emails to the old one are refused."""
    source = await sources.replace_address(listener, id)
    return await _with_requests(listener, source, sources)


@router.delete(
    "/{id}/confirmations/{number}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(SignInNeeded, ConfirmationNotFound),
)
async def finish_confirmation(
    id: UUID, number: Number, listener: Listener, sources: MailSourcesDep
) -> None:
    """Say that you have confirmed what an email to an own address asked, or do not want to."""
    await sources.requests.finish_confirmation(listener, id, number)


@router.post(
    "/{id}/senders/{number}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(SignInNeeded, SenderNotFound, TooManyRules),
)
async def decide_about_sender(
    id: UUID, number: Number, body: SenderDecision, listener: Listener, sources: MailSourcesDep
) -> None:
    """Decide whether a new sender's emails are newsletters. `DELETE /api/rules/{id}` revokes it."""
    await sources.requests.decide(listener, id, number, is_newsletter=body.newsletter)


@router.get("/opml", response_class=Response, responses={**OPML_RESPONSE, **problems(SignInNeeded)})
async def export_opml(listener: Listener, sources: MailSourcesDep) -> Response:
    """Get your feeds as a list (OPML) for other programs."""
    feeds = [
        ListedFeed(source.name, source.config["url"])
        for source in await sources.store.list(listener)
        if source.kind is SourceKind.FEED
    ]
    headers = {"Content-Disposition": 'attachment; filename="audiobrew.opml"'}
    return Response(write_opml(feeds), media_type=OPML, headers=headers)


@router.post(
    "/opml",
    responses=problems(SignInNeeded, NotOpml),
)
@body_limit(OPML_BYTES)
async def import_opml(body: OpmlImport, listener: Listener, sources: MailSourcesDep) -> OpmlResult:
    """Add the feeds of a list (OPML) from another program."""
    feeds = await to_thread.run_sync(parse_opml, body.opml.encode())
    added, skipped = await sources.add_feeds(listener, feeds)
    return OpmlResult(
        added=[_source(source, sources) for source in added],
        skipped=[OpmlFeed(url=feed.url, reason=reason) for feed, reason in skipped],
    )


@router.patch(
    "/{id}",
    responses=problems(
        *(SignInNeeded, SourceNotFound, NothingToChange, *imap_problems),
        *(*mailbox_problems, NoSuchLabel),
    ),
)
async def change_source(
    id: UUID, body: SourcePatch, listener: Listener, sources: MailSourcesDep
) -> NewsletterSource:
    """Rename, pause or resume a source, or replace its password, label or trusted certificate.

    The password or certificate of a mailbox is tried first. New senders of an own address wait for an answer
    if the listener wants that.
    """
    source = await sources.change(
        listener,
        id,
        body.name,
        body.password,
        asks_for_senders=body.asks_for_senders,
        label=body.label,
        paused=body.paused,
        certificate=body.certificate_sha256,
    )
    return await _with_requests(listener, source, sources)


@router.post(
    "/{id}/look",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(SignInNeeded, SourceNotFound, NothingToChange),
)
async def look_at_source(id: UUID, listener: Listener, sources: MailSourcesDep) -> NewsletterSource:
    """Look for new mails now. A source that is paused or stopped is read again from now on."""
    return _source(await sources.look(listener, id), sources)


@router.delete(
    "/{id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(SignInNeeded, SourceNotFound),
)
async def remove_source(
    id: UUID,
    listener: Listener,
    sources: MailSourcesDep,
    with_mails: Annotated[
        bool, Query(description="Also delete the mails that came from this source alone.")
    ] = False,
) -> None:
    """Remove a source. A consent to read Gmail is revoked at Google.

    The mails that came from it stay, unless you also want to delete them. Episodes stay in any case."""
    await sources.remove(listener, id, with_mails=with_mails)


async def _with_requests(
    listener: UUID, source: MailSource, sources: MailSources
) -> NewsletterSource:
    requests = await sources.requests.list(listener)
    return _source(source, sources, requests.get(source.id))


def _source(
    source: MailSource, sources: MailSources, requests: Requests | None = None
) -> NewsletterSource:
    requests = requests or Requests()
    config = source.config
    match source.kind:
        case SourceKind.FEED:
            address = config["url"]
        case SourceKind.IMAP:
            address = f"{config['user']}, {config['folder']}"
        case SourceKind.GMAIL:
            address = config["address"]
        case SourceKind.ADDRESS:
            address = sources.address_of(source)
    return NewsletterSource(
        id=source.id,
        kind=source.kind.value,
        name=source.name,
        address=address,
        state=source.state.value,
        message=describe(source, address),
        trouble_type=source.trouble_type,
        mails=source.mails,
        new_mails=source.new_mails,
        position=source.position,
        total=source.total,
        server=_server(config) if source.kind is SourceKind.IMAP else None,
        label=config.get("label"),
        asks_for_senders=bool(config.get("asks_for_senders")),
        confirmations=[_confirmation(one) for one in requests.confirmations],
        new_senders=[
            NewSender(
                number=one.number,
                sender=one.sender,
                address=one.address,
                created_at=one.created_at,
            )
            for one in requests.senders
        ],
        looked_at=source.looked_at,
        succeeded_at=source.succeeded_at,
        created_at=source.created_at,
    )


def _server(config: Config) -> MailboxServer:
    return MailboxServer(
        host=config["host"],
        port=config["port"],
        security=config["security"],
        certificate_sha256=config.get("certificate"),
    )


def _confirmation(stored: StoredConfirmation) -> SourceConfirmation:
    confirmation = stored.confirmation
    return SourceConfirmation(
        number=stored.number,
        kind=confirmation.kind.value,
        sender=confirmation.sender,
        url=confirmation.url,
        host=urlsplit(confirmation.url or "").hostname or "",
        code=confirmation.code,
        created_at=stored.created_at,
    )


def describe(source: MailSource, address: str) -> str:
    """The state of a source in a sentence."""
    if source.kind is SourceKind.ADDRESS:
        if not address:
            return "This server cannot show the address any more. Make a new one."
        if source.state is SourceState.WAITING:
            return "No email has arrived yet. Subscribe to a newsletter with this address."
        return source.trouble or "Ready for new emails."
    if source.state is SourceState.PAUSED:
        return "Paused: there are no looks until you resume it."
    if source.state is SourceState.READING:
        if source.total:
            return f"Reading: {source.position:,} of {source.total:,} emails."
        return "Looking for new emails."
    if source.state is SourceState.UP_TO_DATE:
        new = source.new_mails
        return f"Up to date, {new:,} new." if new else "Up to date."
    if source.state is SourceState.WAITING:
        return "Waiting for its next look." if source.looked_at else "Waiting for its first look."
    return source.trouble or ""
