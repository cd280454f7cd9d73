"""Mails come in by upload, are listed, corrected and deleted."""

from contextlib import AbstractContextManager
from functools import partial
from typing import Annotated
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Depends, Form, Query, Request, Response

from audiobrew.account.identity import SignInNeeded
from audiobrew.account.listener import Listener
from audiobrew.body_limit import LimitedRoute, body_limit, upload_limit
from audiobrew.inbox.limits import Limits
from audiobrew.inbox.mail import InboxFull, KeptMail, MailNotFound, NoSuchBlock
from audiobrew.inbox.mailbox import MailTooLarge, UnreadableMail
from audiobrew.inbox.newsletter import Block
from audiobrew.inbox.parser import MailParser, ParserUnavailable, ParseStopped
from audiobrew.inbox.upload import Uploads, UploadsRunning, on_disk, read_upload
from audiobrew.inbox.wire import (
    BlockChanges,
    BlockLink,
    Mail,
    MailBlock,
    MailUpload,
    MailWithBlocks,
    SkippedMail,
    Uploaded,
)
from audiobrew.port import port
from audiobrew.problem import problems
from audiobrew.store.mails import Mails

router = APIRouter(route_class=LimitedRoute, prefix="/api/mail", tags=["mail"])


async def _limits(request: Request) -> Limits:
    return Limits.of(request.app.state.ports.settings)


def _place(request: Request, listener: UUID) -> AbstractContextManager[None]:
    uploads: Uploads = request.app.state.ports.uploads
    return uploads.place(listener)


Inbox = Annotated[Mails, port("mails")]


@router.post(
    "",
    status_code=201,
    responses=problems(
        SignInNeeded,
        MailTooLarge,
        UnreadableMail,
        ParseStopped,
        InboxFull,
        UploadsRunning,
        ParserUnavailable,
    ),
)
@body_limit(upload_limit, place=_place)
async def upload_mail(
    upload: Annotated[MailUpload, Form(media_type="multipart/form-data")],
    listener: Listener,
    inbox: Inbox,
    limits: Annotated[Limits, Depends(_limits)],
    parser: Annotated[MailParser, port("parser")],
    uploads: Annotated[Uploads, port("uploads")],
) -> Uploaded:
    """Add mails to your inbox: one `.eml`, or an `.mbox` with many. Sending one again changes nothing.

    One upload of yours is read at a time; a few more wait for it.
    """
    name = upload.file.filename or "mail"
    async with uploads.turn(listener):
        with on_disk(upload.file.file) as raw:
            keep = partial(inbox.add, listener)
            mails, skipped = await read_upload(parser, raw, name, limits, keep)
    once = {mail.id: mail for mail in mails}
    return Uploaded(
        mails=[_told(mail) for mail in once.values()],
        skipped=[SkippedMail(name=part.name, reason=part.reason) for part in skipped],
    )


@router.get("", responses=problems(SignInNeeded))
async def list_mail(
    listener: Listener,
    inbox: Inbox,
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 50,
    before: Annotated[
        UUID | None, Query(description="The last id seen; older ones follow.")
    ] = None,
) -> list[Mail]:
    """Your mails, newest first."""
    return [_told(mail) for mail in await inbox.list(listener, limit, before)]


@router.get("/{id}", response_model=MailWithBlocks, responses=problems(SignInNeeded, MailNotFound))
async def get_mail(id: UUID, listener: Listener, inbox: Inbox) -> Response:
    """One mail with its blocks, also those that were cut and why."""
    return await _response(await inbox.get(listener, id))


@router.patch(
    "/{id}",
    response_model=MailWithBlocks,
    responses=problems(SignInNeeded, MailNotFound, NoSuchBlock),
)
@body_limit(128 * 2**10)  # two thousand ids of blocks
async def change_mail(
    id: UUID, changes: BlockChanges, listener: Listener, inbox: Inbox
) -> Response:
    """Tell cut blocks again, or cut others."""
    return await _response(await inbox.change(listener, id, changes.restore, changes.cut))


@router.delete("/{id}", status_code=204, responses=problems(SignInNeeded, MailNotFound))
async def delete_mail(id: UUID, listener: Listener, inbox: Inbox) -> None:
    """Delete a mail. Episodes made from it keep the paragraphs that they cite."""
    await inbox.delete(listener, id)


def _told(mail: KeptMail) -> Mail:
    newsletter = mail.newsletter
    return Mail(
        id=mail.id,
        subject=newsletter.subject,
        sender=newsletter.sender,
        address=newsletter.address,
        language=newsletter.language,
        newsletter=newsletter.bulk,
        told=mail.told,
        cut=mail.cut,
        is_new=mail.is_new,
        received_at=newsletter.received_at,
    )


async def _response(mail: KeptMail) -> Response:
    """A mail has up to 20,000 blocks. Their JSON is made in a thread: meanwhile others are answered."""
    content = await to_thread.run_sync(lambda: _with_blocks(mail).model_dump_json())
    return Response(content, media_type="application/json")


def _with_blocks(mail: KeptMail) -> MailWithBlocks:
    blocks = [_block(block) for block in mail.newsletter.blocks]
    return MailWithBlocks(**dict(_told(mail)), blocks=blocks)


def _block(block: Block) -> MailBlock:
    links = [BlockLink(text=link.text, url=link.url) for link in block.links]
    return MailBlock(id=block.id, kind=block.kind, text=block.text, links=links, cut=block.cut)
