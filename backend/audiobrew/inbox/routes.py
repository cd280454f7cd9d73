"""Endpoints to upload, list, correct and delete mails."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Form, Query, Response

from audiobrew.account.current_listener import Listener
from audiobrew.http.body_limit import LimitedRoute, body_limit, upload_limit
from audiobrew.inbox import schemas
from audiobrew.inbox.dependencies import (
    MailLimitsDep,
    MailStoreDep,
    RuleStoreDep,
    UploadQueueDep,
    reserve_upload,
)
from audiobrew.inbox.rule_routes import to_rule
from audiobrew.inbox.rules import ListenerRule, TooManyRules
from audiobrew.inbox.schemas import (
    BlockChanges,
    BlockLink,
    Mail,
    MailBlock,
    MailCopy,
    MailUpload,
    MailWithBlocks,
    SkippedMail,
    Uploaded,
)
from audiobrew.inbox.upload import UploadsRunning, read_upload
from audiobrew.mail.dependencies import MailParserDep
from audiobrew.mail.mail import InboxFull, MailNotFound, NoSuchBlock, StoredMail
from audiobrew.mail.newsletter import Block
from audiobrew.mail.parsing.parser import ParserUnavailable, ParseStopped
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail
from audiobrew.problems import SignInNeeded, problems
from audiobrew.script.earlier_episodes import EarlierSentence

router = APIRouter(route_class=LimitedRoute, prefix="/api/mail", tags=["mail"])


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
@body_limit(upload_limit, reserve=reserve_upload)
async def upload_mail(
    upload: Annotated[MailUpload, Form(media_type="multipart/form-data")],
    listener: Listener,
    inbox: MailStoreDep,
    limits: MailLimitsDep,
    parser: MailParserDep,
    uploads: UploadQueueDep,
) -> Uploaded:
    """Add mails to your inbox: an `.eml`, `.emlx` or `.mbox` file, or a `.zip` file of these.

    Uploading a mail again has no effect. Your uploads are processed one after another, and only a few may
    wait.
    """
    name = upload.file.filename or "mail"
    async with uploads.take_turn(listener):
        store = partial(inbox.add, listener)
        mails, skipped = await read_upload(parser, upload.file.file, name, limits, store)
    by_id = {mail.id: mail for mail in mails}
    return Uploaded(
        mails=[to_mail(mail) for mail in by_id.values()],
        skipped=[SkippedMail(name=part.name, reason=part.reason) for part in skipped],
    )


@router.get("", responses=problems(SignInNeeded))
async def list_mail(
    listener: Listener,
    inbox: MailStoreDep,
    limit: Annotated[int, Query(ge=1, le=200, description="The maximum number of items.")] = 50,
    before: Annotated[UUID | None, Query(description="The last id of the previous page.")] = None,
) -> list[Mail]:
    """List your mails, newest first."""
    mails = await inbox.list(listener, limit, before)
    repeats = await inbox.list_repeats(listener, [mail.id for mail in mails])
    return [to_mail(mail, repeats.get(mail.id)) for mail in mails]


@router.get("/{id}", response_model=MailWithBlocks, responses=problems(SignInNeeded, MailNotFound))
async def get_mail(
    id: UUID, listener: Listener, inbox: MailStoreDep, rules: RuleStoreDep
) -> Response:
    """Get a mail with all its blocks, and why some of them are cut."""
    mail = await inbox.get(listener, id)
    repeats = await inbox.list_repeats(listener, [id])
    return await to_response(mail, await rules.list(listener), repeats.get(id))


@router.patch(
    "/{id}",
    response_model=MailWithBlocks,
    responses=problems(SignInNeeded, MailNotFound, NoSuchBlock, TooManyRules),
)
@body_limit(128 * 2**10)  # two thousand block ids
async def change_mail(
    id: UUID, changes: BlockChanges, listener: Listener, inbox: MailStoreDep, rules: RuleStoreDep
) -> Response:
    """Restore blocks that are cut, cut others, or mark the sender.

    Later issues of the newsletter follow; see `/api/rules`.
    """
    mail = await inbox.change(
        listener,
        id,
        changes.restore,
        changes.cut,
        remember=changes.remember,
        is_newsletter=changes.newsletter,
        is_first=changes.first,
    )
    return await to_response(mail, await rules.list(listener))


@router.delete("/{id}", status_code=204, responses=problems(SignInNeeded, MailNotFound))
async def delete_mail(id: UUID, listener: Listener, inbox: MailStoreDep) -> None:
    """Delete a mail. Episodes made from it keep the paragraphs that they cite."""
    await inbox.delete(listener, id)


def to_mail(mail: StoredMail, repeat_of: EarlierSentence | None = None) -> Mail:
    newsletter = mail.newsletter
    return Mail(
        id=mail.id,
        subject=newsletter.subject,
        sender=newsletter.sender,
        address=newsletter.address,
        language=newsletter.language,
        newsletter=newsletter.bulk,
        told=mail.uncut_count,
        cut=mail.cut_count,
        is_new=mail.is_new,
        received_at=newsletter.received_at,
        marked=mail.marked,
        copies=[
            MailCopy(
                id=copy.id,
                subject=copy.subject,
                received_at=copy.received_at,
                newer=copy.is_newer,
                in_episode=copy.in_episode,
                changed=copy.is_changed,
            )
            for copy in mail.copies
        ],
        repeat_of=to_earlier_sentence(repeat_of),
    )


def to_earlier_sentence(earlier: EarlierSentence | None) -> schemas.EarlierSentence | None:
    if earlier is None:
        return None
    return schemas.EarlierSentence(
        episode_id=earlier.episode, sentence_id=earlier.number, day=earlier.day
    )


async def to_response(
    mail: StoredMail, rules: Sequence[ListenerRule], repeat_of: EarlierSentence | None = None
) -> Response:
    """Build the JSON in a thread, because it would block the event loop: a mail has up to 20,000 blocks."""
    content = await to_thread.run_sync(
        lambda: to_mail_with_blocks(mail, rules, repeat_of).model_dump_json()
    )
    return Response(content, media_type="application/json")


def to_mail_with_blocks(
    mail: StoredMail, rules: Sequence[ListenerRule], repeat_of: EarlierSentence | None = None
) -> MailWithBlocks:
    """The mail with its blocks, and those of the rules that concern it."""
    blocks = [to_block(block) for block in mail.newsletter.blocks]
    own_rules = [to_rule(rule) for rule in rules if rule.concerns(mail.newsletter)]
    return MailWithBlocks(**dict(to_mail(mail, repeat_of)), blocks=blocks, rules=own_rules)


def to_block(block: Block) -> MailBlock:
    links = [BlockLink(text=link.text, url=link.url) for link in block.links]
    return MailBlock(
        id=block.id,
        kind=block.kind,
        level=block.level or None,
        role=block.role,
        text=block.text,
        links=links,
        cut=block.cut,
    )
