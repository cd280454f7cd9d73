"""Routes to connect Gmail, choose and list a label, and disconnect."""

import re
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse

from audiobrew.account.current_listener import CurrentListener
from audiobrew.account.identity import NotYours
from audiobrew.http.body_limit import LimitedRoute
from audiobrew.http.dependencies import SettingsDep
from audiobrew.http.location_header import location
from audiobrew.problems import SignInNeeded, problems
from audiobrew.settings import Settings
from audiobrew.sources.gmail.connection import (
    Connection,
    ConnectionState,
    ConsentExpired,
    ConsentRefused,
    GmailForbidden,
    GmailNotConnected,
    GmailNotOffered,
    GmailQuotaExceeded,
    GoogleRefused,
    GoogleUnavailable,
    Label,
    NoAudioBrewLabel,
    NoSuchLabel,
    NotAllGranted,
    ReconnectNeeded,
)
from audiobrew.sources.gmail.dependencies import GmailDep, GmailMailsDep
from audiobrew.sources.gmail.gmail_account import Gmail
from audiobrew.sources.gmail.mail_store import LabelledMail
from audiobrew.sources.gmail.reader import find_audiobrew_label
from audiobrew.sources.gmail.schemas import (
    MAX_CODE_CHARACTERS,
    GmailCode,
    GmailConsent,
    GmailDisconnected,
    GmailEmail,
    GmailEmails,
    GmailLabel,
    GmailLabelChoice,
    GmailLabels,
    GmailStatus,
    LabelId,
)
from audiobrew.sources.source import TooManySources

router = APIRouter(route_class=LimitedRoute, prefix="/api", tags=["gmail"])
FromUrl = Annotated[str, Query(description="From Google.")]

REDIRECT_TO_APP = location(
    303, "Redirect to the app, with Google's answer in the URL's fragment.", "The app's page."
)
sign_in_problems = (SignInNeeded, NotYours)
connect_problems = (
    *(GmailNotOffered, ConsentExpired, ConsentRefused, NotAllGranted),
    TooManySources,
)
google_problems = (GoogleUnavailable, GoogleRefused)
mailbox_problems = (
    GmailNotOffered,
    GmailNotConnected,
    ReconnectNeeded,
    GmailForbidden,
    GmailQuotaExceeded,
    *google_problems,
)


@router.get("/gmail/auth", responses=problems(*sign_in_problems, GmailNotOffered))
async def begin_gmail(listener: CurrentListener, gmail: GmailDep) -> GmailConsent:
    """Begin to connect Gmail. The response contains Google's consent page."""
    return GmailConsent(authorization_url=await gmail.begin(listener))


@router.get(
    "/gmail/callback", status_code=303, response_class=RedirectResponse, responses=REDIRECT_TO_APP
)
async def hand_on_consent(
    settings: SettingsDep, code: FromUrl = "", state: FromUrl = "", error: FromUrl = ""
) -> RedirectResponse:
    """Google redirects here. Redirects to the app, which finishes the connection."""
    return _redirect_to_app(settings, code, state, error)


@router.get(
    "/auth/gmail/callback",
    status_code=303,
    response_class=RedirectResponse,
    responses=REDIRECT_TO_APP,
)
async def hand_on_consent_to_app(
    settings: SettingsDep, code: FromUrl = "", state: FromUrl = "", error: FromUrl = ""
) -> RedirectResponse:
    """Google redirects here if this URL is registered there. The response is the same."""
    return _redirect_to_app(settings, code, state, error)


@router.post(
    "/gmail/connect", responses=problems(*sign_in_problems, *connect_problems, *google_problems)
)
async def connect_gmail(body: GmailCode, listener: CurrentListener, gmail: GmailDep) -> GmailStatus:
    """Finish connecting Gmail, which becomes a source.

    Works only for the listener who began, once, and within ten minutes."""
    await gmail.connect(listener, body.code, body.state)
    return _status(gmail, await gmail.connection(listener))


@router.get("/gmail/status", responses=problems(*sign_in_problems))
async def get_gmail(listener: CurrentListener, gmail: GmailDep) -> GmailStatus:
    """Get whether Gmail is connected, or needs to be connected again."""
    return _status(gmail, await gmail.connection(listener))


@router.delete("/gmail/disconnect", responses=problems(*sign_in_problems))
async def disconnect_gmail(listener: CurrentListener, gmail: GmailDep) -> GmailDisconnected:
    """Revoke the consent. Imported mails stay until you delete them."""
    was_connected = await gmail.disconnect(listener)
    message = "Gmail is disconnected." if was_connected else "Gmail was not connected."
    return GmailDisconnected(success=True, message=message)


@router.get("/gmail/labels", responses=problems(*sign_in_problems, *mailbox_problems))
async def list_gmail_labels(listener: CurrentListener, gmail: GmailDep) -> GmailLabels:
    """List all labels of your Gmail."""
    labels = await gmail.labels(listener)
    audiobrew_label = find_audiobrew_label(labels)
    return GmailLabels(
        labels=[_label(label) for label in labels],
        audiobrew_label=_label(audiobrew_label) if audiobrew_label else None,
        has_audiobrew_label=audiobrew_label is not None,
    )


@router.put("/gmail/label", responses=problems(*sign_in_problems, *mailbox_problems, NoSuchLabel))
async def choose_gmail_label(
    choice: GmailLabelChoice, listener: CurrentListener, gmail: GmailDep
) -> GmailStatus:
    """Choose the label from which newsletters are read, also for scheduled episodes."""
    await gmail.choose_label(listener, choice.label_id)
    return _status(gmail, await gmail.connection(listener))


@router.get(
    "/gmail/emails",
    responses=problems(*sign_in_problems, *mailbox_problems, NoAudioBrewLabel, NoSuchLabel),
)
async def list_gmail_emails(
    listener: CurrentListener,
    gmail: GmailDep,
    gmail_mails: GmailMailsDep,
    label_id: Annotated[LabelId | None, Query(description="By default, the chosen label.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="The maximum number of items.")] = 50,
    before: Annotated[UUID | None, Query(description="The last id of the previous page.")] = None,
) -> GmailEmails:
    """List a label's mails, newest first. The first page imports new ones from Google."""
    label = label_id or await gmail.label(listener)
    if before is None:
        await gmail.sync(listener, label)
    mails = await gmail_mails.list(listener, label, limit, before)
    total = await gmail_mails.count(listener, label)
    return GmailEmails(label_id=label, emails=[_email(mail) for mail in mails], total=total)


def _redirect_to_app(settings: Settings, code: str, state: str, error: str) -> RedirectResponse:
    """Pass the values in the fragment, which browsers do not send and so no server logs."""
    if error:
        is_code = re.fullmatch(r"[a-z_]{1,40}", error)
        fragment = {"gmail_error": error if is_code else "refused"}
    elif code and state and max(len(code), len(state)) <= MAX_CODE_CHARACTERS:
        fragment = {"gmail_code": code, "gmail_state": state}
    else:
        fragment = {"gmail_error": "incomplete"}
    page = f"{settings.app_origin or ''}/dashboard/sources#{urlencode(fragment)}"
    return RedirectResponse(page, 303, headers={"Cache-Control": "no-store"})


def _status(gmail: Gmail, connection: Connection | None) -> GmailStatus:
    return GmailStatus(
        is_connected=connection is not None and connection.state is ConnectionState.CONNECTED,
        email=connection.address if connection else None,
        state=connection.state.value if connection else "none",
        label=connection.label if connection else None,
        offered=gmail.offered,
    )


def _label(label: Label) -> GmailLabel:
    return GmailLabel(id=label.id, name=label.name, type=label.kind)


def _email(mail: LabelledMail) -> GmailEmail:
    has_name = mail.sender != mail.address
    fields = {
        "id": mail.id,
        "subject": mail.subject,
        "from": f"{mail.sender} <{mail.address}>" if has_name else mail.address,
        "date": mail.received_at,
        "snippet": mail.snippet,
        "told": mail.in_episode,
        "newsletter": mail.newsletter,
    }
    return GmailEmail.model_validate(fields)
