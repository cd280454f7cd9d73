"""FastAPI dependencies of this room."""

from contextlib import AbstractContextManager
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from audiobrew.http.dependencies import SettingsDep
from audiobrew.inbox.rules import RuleStore
from audiobrew.inbox.store import MailStore
from audiobrew.inbox.upload import UploadQueue
from audiobrew.mail.limits import Limits


async def get_mail_store(request: Request) -> MailStore:
    mail_store: MailStore = request.app.state.ports.mails
    return mail_store


async def get_rule_store(request: Request) -> RuleStore:
    rule_store: RuleStore = request.app.state.ports.rules
    return rule_store


async def get_upload_queue(request: Request) -> UploadQueue:
    upload_queue: UploadQueue = request.app.state.ports.uploads
    return upload_queue


async def get_mail_limits(settings: SettingsDep) -> Limits:
    return Limits.of(settings)


def reserve_upload(request: Request, listener: UUID) -> AbstractContextManager[None]:
    """Hold a place in the queue until the response is sent. Raises UploadsRunning."""
    uploads: UploadQueue = request.app.state.ports.uploads
    return uploads.reserve(listener)


MailLimitsDep = Annotated[Limits, Depends(get_mail_limits)]
MailStoreDep = Annotated[MailStore, Depends(get_mail_store)]
RuleStoreDep = Annotated[RuleStore, Depends(get_rule_store)]
UploadQueueDep = Annotated[UploadQueue, Depends(get_upload_queue)]
