"""Endpoints to import a file of mails: begin, upload it in parts, look at it, stop and delete it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query

from audiobrew.account.current_listener import Listener
from audiobrew.http.body_limit import LimitedRoute, body_limit
from audiobrew.inbox.dependencies import reserve_upload
from audiobrew.inbox.imports import mail_import as domain
from audiobrew.inbox.imports.dependencies import ImportsDep
from audiobrew.inbox.imports.mail_import import (
    PART_BYTES,
    ImportEnded,
    ImportNotFound,
    ImportsFull,
    ImportTooLarge,
    PartMisplaced,
)
from audiobrew.inbox.imports.schemas import ImportRequest, MailImport, SkippedMails
from audiobrew.inbox.upload import UploadsRunning
from audiobrew.media.storage import DiskFull
from audiobrew.problems import SignInNeeded, problems

router = APIRouter(route_class=LimitedRoute, prefix="/api/mail/imports", tags=["mail"])


@router.post("", status_code=202, responses=problems(SignInNeeded, ImportTooLarge, ImportsFull))
async def begin_import(order: ImportRequest, listener: Listener, imports: ImportsDep) -> MailImport:
    """Begin to import a file of mails of any size: `.mbox`, `.zip`, `.eml` or `.emlx`.

    Upload its bytes in parts of `part_bytes`. It is read in the background when the last part has arrived.
    """
    return to_schema(
        await imports.begin(
            listener,
            order.name,
            order.bytes,
            order.content_hash,
            keeps_others=order.include_others,
        )
    )


@router.put(
    "/{id}/content",
    responses=problems(
        SignInNeeded, ImportNotFound, ImportEnded, PartMisplaced, UploadsRunning, DiskFull
    ),
)
@body_limit(PART_BYTES, reserve=reserve_upload)
async def upload_import_part(
    id: UUID,
    part: Annotated[bytes, Body(media_type="application/octet-stream", min_length=1)],
    listener: Listener,
    imports: ImportsDep,
    offset: Annotated[int, Query(ge=0, le=2**50, description="The part's first byte in the file.")],
) -> MailImport:
    """Upload the next part of a file: the bytes after `received_bytes`.

    After an interruption, go on there. A part that was received already has no effect.
    """
    return to_schema(await imports.add_part(listener, id, offset, part))


@router.get("", responses=problems(SignInNeeded))
async def list_imports(listener: Listener, imports: ImportsDep) -> list[MailImport]:
    """List your imports of the last 30 days, newest first, at most 50."""
    return [to_schema(mail_import) for mail_import in await imports.list(listener)]


@router.get("/{id}", responses=problems(SignInNeeded, ImportNotFound))
async def get_import(id: UUID, listener: Listener, imports: ImportsDep) -> MailImport:
    """Get an import: how far it is, and what was found."""
    return to_schema(await imports.get(listener, id))


@router.post("/{id}/cancel", responses=problems(SignInNeeded, ImportNotFound, ImportEnded))
async def cancel_import(id: UUID, listener: Listener, imports: ImportsDep) -> MailImport:
    """Stop an import. The newsletters that it has added stay in your inbox."""
    return to_schema(await imports.cancel(listener, id))


@router.delete("/{id}", status_code=204, responses=problems(SignInNeeded, ImportNotFound))
async def delete_import(id: UUID, listener: Listener, imports: ImportsDep) -> None:
    """Delete an import from the list, after stopping it. Its newsletters stay in your inbox."""
    await imports.delete(listener, id)


def to_schema(mail_import: domain.MailImport) -> MailImport:
    counts = mail_import.counts
    return MailImport(
        id=mail_import.id,
        name=mail_import.name,
        status=mail_import.state.value,
        bytes=mail_import.bytes,
        part_bytes=mail_import.part_bytes,
        received_bytes=mail_import.received,
        read_bytes=mail_import.position,
        mails=counts.mails,
        newsletters=counts.newsletters,
        added=counts.added,
        senders=mail_import.sender_count,
        other_mails=counts.others,
        skipped_mails=counts.skipped,
        skipped=[
            SkippedMails(reason=reason.reason, count=reason.count, names=list(reason.names))
            for reason in mail_import.reasons
        ],
        include_others=mail_import.keeps_others,
        content_hash=mail_import.content_hash,
        trouble=mail_import.trouble,
        created_at=mail_import.created_at,
        updated_at=mail_import.updated_at,
    )
