"""FastAPI dependencies of this room."""

from typing import Annotated

from fastapi import Depends, Request

from audiobrew.mail.parsing.parser import MailParser


async def get_mail_parser(request: Request) -> MailParser:
    mail_parser: MailParser = request.app.state.ports.parser
    return mail_parser


MailParserDep = Annotated[MailParser, Depends(get_mail_parser)]
