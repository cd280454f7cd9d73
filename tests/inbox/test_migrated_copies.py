"""The migration of fingerprints and rules: mails of the previous version become copies in the background."""

from pathlib import Path
from uuid import UUID, uuid4

import sqlalchemy as sa
from audiobrew.db.engine import migrate, open_database, sqlalchemy_url, upgrade
from audiobrew.db.tables import blocks, listeners, mails
from audiobrew.inbox.rules import RuleKind, RuleStore
from audiobrew.inbox.store import MailStore
from audiobrew.mail.newsletter import Newsletter

from tests.inbox.issues import CORRECTED, MORNING, NEXT_STORIES, an_issue
from tests.inbox.test_migrated_coverage import put
from tests.settings_factory import connect_to_tables, make_settings

ISSUES = (
    an_issue(),
    an_issue("[Correction] Harbour opens again", CORRECTED, 3),
    an_issue("Trees", NEXT_STORIES, 24 * 7),
)


def put_mail(database: sa.Connection, listener: UUID, issue: Newsletter) -> UUID:
    """Insert a mail with the columns of the previous version."""
    id = uuid4()
    columns = ("digest", "key", "sender", "address", "subject", "language", "bulk", "received_at")
    row = {name: getattr(issue, name) for name in columns}
    put(database, mails, id=id, listener_id=listener, created_at=MORNING, **row)
    for number, block in enumerate(issue.blocks):
        content = {"kind": block.kind.value, "text": block.text, "links": [], "cut": block.cut}
        put(database, blocks, mail_id=id, number=number, id=block.id, **content)
    return id


async def test_mails_of_the_previous_version_become_copies_and_follow_rules(
    tmp_path: Path,
) -> None:
    settings, ada = make_settings(data=tmp_path / "before"), uuid4()
    (tmp_path / "before").mkdir()
    upgrade(sqlalchemy_url(settings), "0015", settings.database_schema)
    with connect_to_tables(tmp_path / "before") as database:
        put(database, listeners, id=ada, show_id=uuid4(), created_at=MORNING)
        original, correction, trees = (put_mail(database, ada, issue) for issue in ISSUES)
    await migrate(settings)
    engine = open_database(settings)
    store, rules = MailStore(engine), RuleStore(engine)
    before = {one.id for one in await store.list_new_sizes(ada)}
    await store.add_missing_fingerprints()
    after = {one.id for one in await store.list_new_sizes(ada)}
    marked = await store.change(ada, trees, [], [], is_newsletter=False)
    kinds = [rule.kind for rule in await rules.list(ada)]
    mail = await store.get(ada, original)
    await engine.dispose()

    assert before == {original, correction, trees}
    assert after == {correction, trees}
    assert [copy.id for copy in mail.copies] == [correction]
    assert mail.newsletter.blocks == ISSUES[0].blocks
    assert marked.newsletter.bulk is False
    assert kinds == [RuleKind.NOT_NEWSLETTER]


async def test_the_previous_version_writes_beside_the_present_one(tmp_path: Path) -> None:
    """It does not know fingerprints while both run during a deployment."""
    settings, ada = make_settings(data=tmp_path / "both"), uuid4()
    await migrate(settings)
    with connect_to_tables(tmp_path / "both") as database:
        put(database, listeners, id=ada, show_id=uuid4(), created_at=MORNING)
        original = put_mail(database, ada, ISSUES[0])
    engine = open_database(settings)
    store = MailStore(engine)
    [correction] = await store.add(ada, [ISSUES[1]])
    await store.add_missing_fingerprints()
    new = [one.id for one in await store.list_new_sizes(ada)]
    await engine.dispose()

    assert new == [correction.id]
    assert original != correction.id
