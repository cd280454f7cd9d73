"""FastAPI dependencies of this source."""

from typing import Annotated

from fastapi import Depends, Request

from audiobrew.sources.gmail.gmail_account import Gmail
from audiobrew.sources.gmail.mail_store import GmailMails


async def get_gmail(request: Request) -> Gmail:
    gmail: Gmail = request.app.state.ports.gmail
    return gmail


async def get_gmail_mails(request: Request) -> GmailMails:
    gmail_mails: GmailMails = request.app.state.ports.gmail_mails
    return gmail_mails


GmailDep = Annotated[Gmail, Depends(get_gmail)]
GmailMailsDep = Annotated[GmailMails, Depends(get_gmail_mails)]
