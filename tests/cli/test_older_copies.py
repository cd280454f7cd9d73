"""`audiobrew brew` tells an issue once, also if its files hold several copies."""

from uuid import UUID

from audiobrew.cli.brew import without_older_copies
from audiobrew.inbox.store import MailStore
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.inbox.issues import CORRECTED, NEXT_STORIES, an_issue

CORRECTION = an_issue("[Correction] Harbour opens again", CORRECTED, 3)


async def test_older_copies_among_the_files_are_left_out(engine: AsyncEngine, ada: UUID) -> None:
    issues = [an_issue(), CORRECTION, an_issue("Trees", NEXT_STORIES, 24 * 7)]
    stored = await MailStore(engine).add(ada, issues)

    subjects = [mail.newsletter.subject for mail in without_older_copies(stored)]

    assert subjects == ["[Correction] Harbour opens again", "Trees"]


async def test_a_copy_from_an_earlier_command_does_not_count(
    engine: AsyncEngine, ada: UUID
) -> None:
    mails = MailStore(engine)
    await mails.add(ada, [CORRECTION])
    stored = await mails.add(ada, [an_issue()])

    assert without_older_copies(stored) == list(stored)
