"""FastAPI dependencies of sources."""

from typing import Annotated

from fastapi import Depends, Request

from audiobrew.sources.mail_sources import MailSources


async def get_mail_sources(request: Request) -> MailSources:
    sources: MailSources = request.app.state.ports.mail_sources
    return sources


MailSourcesDep = Annotated[MailSources, Depends(get_mail_sources)]
