"""What a listener decides about one mail becomes a rule for the newsletter's later issues."""

from uuid import UUID, uuid4

import anyio
import pytest
from audiobrew.inbox import rules as rules_module
from audiobrew.inbox.rules import RuleKind, RuleNotFound, RuleStore, TooManyRules
from audiobrew.inbox.store import MailStore
from audiobrew.mail.mail import StoredMail
from audiobrew.mail.newsletter import Cut
from audiobrew.problems import SignInNeeded
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.inbox.issues import NEXT_STORIES, an_issue

NOTE, NEXT_NOTE = "Issue 12 was proofread by Ada Brook.", "Issue 13 was proofread by Tom."
AD, NEXT_AD = (
    "This letter is brought to you by Acme Coffee.",
    "This letter is brought to you by Zest.",
)
ISSUE = an_issue(notes=(NOTE,), ads=(AD,))
NEXT = an_issue("Trees", NEXT_STORIES, 24 * 7, notes=(NEXT_NOTE,), ads=(NEXT_AD,))


@pytest.fixture
def mails(engine: AsyncEngine) -> MailStore:
    return MailStore(engine)


@pytest.fixture
def rules(engine: AsyncEngine) -> RuleStore:
    return RuleStore(engine)


async def cut_of(mails: MailStore, listener: UUID, mail: StoredMail, text: str) -> Cut | None:
    [block] = [
        block
        for block in (await mails.get(listener, mail.id)).newsletter.blocks
        if block.text == text
    ]
    return block.cut


def block_id(text: str) -> str:
    return next(block.id for block in ISSUE.blocks if block.text == text)


async def test_a_restored_block_is_told_in_later_issues(mails: MailStore, ada: UUID) -> None:
    [mail] = await mails.add(ada, [ISSUE])
    await mails.change(ada, mail.id, restore=[block_id(AD)], cut=[])
    [later] = await mails.add(ada, [NEXT])

    assert await cut_of(mails, ada, later, NEXT_AD) is None
    assert (later.uncut_count, later.cut_count) == (5, 0)


async def test_a_restored_block_is_marked_here_and_in_later_issues(
    mails: MailStore, ada: UUID
) -> None:
    [mail] = await mails.add(ada, [ISSUE])
    await mails.change(ada, mail.id, restore=[block_id(AD)], cut=[])
    [later] = await mails.add(ada, [NEXT])

    for stored in await mails.get_many(ada, [mail.id, later.id]):
        restored = [block.text for block in stored.newsletter.blocks if block.restored]
        assert restored in ([AD], [NEXT_AD])


async def test_a_removed_block_is_cut_in_later_issues(mails: MailStore, ada: UUID) -> None:
    [mail] = await mails.add(ada, [ISSUE])
    await mails.change(ada, mail.id, restore=[], cut=[block_id(NOTE)])
    [later] = await mails.add(ada, [NEXT])

    assert await cut_of(mails, ada, later, NEXT_NOTE) is Cut.LISTENER
    assert (later.uncut_count, later.cut_count) == (3, 2)
    [size] = await mails.get_sizes(ada, [later.id])
    assert size.blocks == 3


async def test_a_revoked_rule_does_not_apply_to_later_mails(
    mails: MailStore, rules: RuleStore, ada: UUID
) -> None:
    [mail] = await mails.add(ada, [ISSUE])
    await mails.change(ada, mail.id, restore=[block_id(AD)], cut=[block_id(NOTE)])
    by_kind = {rule.kind: rule for rule in await rules.list(ada)}
    await rules.revoke(ada, by_kind[RuleKind.CUT].id)
    [later] = await mails.add(ada, [NEXT])

    assert await cut_of(mails, ada, later, NEXT_NOTE) is None
    assert await cut_of(mails, ada, later, NEXT_AD) is None
    assert await cut_of(mails, ada, mail, NOTE) is Cut.LISTENER
    assert [rule.kind for rule in await rules.list(ada)] == [RuleKind.TELL]


async def test_a_change_that_is_not_remembered_makes_no_rule(
    mails: MailStore, rules: RuleStore, ada: UUID
) -> None:
    [mail] = await mails.add(ada, [ISSUE])
    await mails.change(ada, mail.id, restore=[block_id(AD)], cut=[], remember=False)

    assert await rules.list(ada) == []


async def test_the_last_word_counts(mails: MailStore, rules: RuleStore, ada: UUID) -> None:
    [mail] = await mails.add(ada, [ISSUE])
    await mails.change(ada, mail.id, restore=[], cut=[block_id(NOTE)])
    await mails.change(ada, mail.id, restore=[block_id(NOTE)], cut=[])
    [later] = await mails.add(ada, [NEXT])

    assert [(rule.kind, rule.text) for rule in await rules.list(ada)] == [(RuleKind.TELL, NOTE)]
    assert await cut_of(mails, ada, later, NEXT_NOTE) is None


async def test_rules_are_about_one_newsletter_of_one_listener(
    mails: MailStore, ada: UUID, bob: UUID
) -> None:
    [mail] = await mails.add(ada, [ISSUE])
    await mails.change(ada, mail.id, restore=[], cut=[block_id(NOTE)])
    other = an_issue(notes=(NEXT_NOTE,), key="times.example", address="news@times.example")
    [others] = await mails.add(ada, [other])
    [bobs] = await mails.add(bob, [NEXT])

    assert await cut_of(mails, ada, others, NEXT_NOTE) is None
    assert await cut_of(mails, bob, bobs, NEXT_NOTE) is None


async def test_rules_apply_to_forwarded_mails_of_the_newsletter(
    mails: MailStore, ada: UUID
) -> None:
    [mail] = await mails.add(ada, [ISSUE])
    await mails.change(ada, mail.id, restore=[], cut=[block_id(NOTE)])
    forward = an_issue("Trees", NEXT_STORIES, 9, notes=(NEXT_NOTE,), key="hello@roast.example")
    [later] = await mails.add(ada, [forward])

    assert await cut_of(mails, ada, later, NEXT_NOTE) is Cut.LISTENER


async def test_another_listeners_rule_is_not_found(
    mails: MailStore, rules: RuleStore, ada: UUID, bob: UUID
) -> None:
    [mail] = await mails.add(ada, [ISSUE])
    await mails.change(ada, mail.id, restore=[], cut=[block_id(NOTE)])
    [rule] = await rules.list(ada)

    assert await rules.list(bob) == []
    with pytest.raises(RuleNotFound):
        await rules.revoke(bob, rule.id)
    with pytest.raises(RuleNotFound):
        await rules.revoke(ada, uuid4())
    assert await rules.list(ada) == [rule]


async def test_rules_are_limited(
    mails: MailStore, rules: RuleStore, ada: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules_module, "MAX_RULES", 1)
    [mail] = await mails.add(ada, [ISSUE])
    with pytest.raises(TooManyRules):
        await mails.change(ada, mail.id, restore=[block_id(AD)], cut=[block_id(NOTE)])
    assert (await mails.get(ada, mail.id)).newsletter == ISSUE

    await mails.change(ada, mail.id, restore=[block_id(AD)], cut=[])
    await mails.change(ada, mail.id, restore=[], cut=[block_id(AD)])
    assert [rule.kind for rule in await rules.list(ada)] == [RuleKind.CUT]


async def test_concurrent_changes_do_not_exceed_the_limit(
    mails: MailStore, rules: RuleStore, ada: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules_module, "MAX_RULES", 2)
    [mail] = await mails.add(ada, [ISSUE])
    refusals = 0

    async def cut(id: str) -> None:
        nonlocal refusals
        try:
            await mails.change(ada, mail.id, restore=[], cut=[id])
        except TooManyRules:
            refusals += 1

    async with anyio.create_task_group() as group:
        for block in ISSUE.blocks[:4]:
            group.start_soon(cut, block.id)

    assert len(await rules.list(ada)) == 2
    assert refusals == 2


@pytest.mark.parametrize("is_newsletter", [True, False])
async def test_a_marked_sender_counts_for_mails_before_and_after(
    mails: MailStore, ada: UUID, bob: UUID, *, is_newsletter: bool
) -> None:
    issues = [
        an_issue(bulk=not is_newsletter),
        an_issue("Trees", NEXT_STORIES, 24 * 7, bulk=not is_newsletter),
    ]
    [first] = await mails.add(ada, issues[:1])
    await mails.add(bob, issues[:1])
    changed = await mails.change(ada, first.id, [], [], is_newsletter=is_newsletter)
    [later] = await mails.add(ada, issues[1:])

    assert [changed.newsletter.bulk, later.newsletter.bulk] == [is_newsletter] * 2
    assert [changed.marked, later.marked] == [is_newsletter] * 2
    assert [changed.is_new, later.is_new] == [is_newsletter] * 2
    assert len(await mails.list_new_sizes(ada)) == (2 if is_newsletter else 0)
    assert len(await mails.list_new_sizes(bob)) == (0 if is_newsletter else 1)


async def test_a_revoked_mark_changes_all_mails_back(
    mails: MailStore, rules: RuleStore, ada: UUID
) -> None:
    issues = [an_issue(), an_issue("Trees", NEXT_STORIES, 24 * 7)]
    [first] = await mails.add(ada, issues[:1])
    await mails.change(ada, first.id, [], [], is_newsletter=False)
    await mails.add(ada, issues[1:])
    [rule] = await rules.list(ada)
    await rules.revoke(ada, rule.id)

    assert (rule.kind, rule.text) == (RuleKind.NOT_NEWSLETTER, None)
    assert len(await mails.list_new_sizes(ada)) == 2
    assert [mail.marked for mail in await mails.list(ada, 50, None)] == [None, None]


async def test_a_sender_is_marked_one_way(mails: MailStore, rules: RuleStore, ada: UUID) -> None:
    [mail] = await mails.add(ada, [an_issue()])
    await mails.change(ada, mail.id, [], [], is_newsletter=False)
    await mails.change(ada, mail.id, [], [], is_newsletter=True)

    assert [rule.kind for rule in await rules.list(ada)] == [RuleKind.NEWSLETTER]
    assert (await mails.get(ada, mail.id)).is_new


async def test_a_sender_can_be_always_first(
    mails: MailStore, rules: RuleStore, ada: UUID, bob: UUID
) -> None:
    [mail] = await mails.add(ada, [an_issue()])
    await mails.add(bob, [an_issue()])
    await mails.change(ada, mail.id, [], [], is_first=True)
    [later] = await mails.add(ada, [an_issue("Trees", NEXT_STORIES, 24 * 7)])
    newsletters = [mail.newsletter, later.newsletter]

    assert [rule.kind for rule in await rules.list(ada)] == [RuleKind.FIRST]
    assert len(await mails.list_always_first(ada, newsletters)) == 2
    assert await mails.list_always_first(bob, newsletters) == ()
    assert (await mails.get(ada, mail.id)).marked is True


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, [RuleKind.FIRST]),
        ({"is_newsletter": True}, [RuleKind.FIRST]),
        ({"is_first": False}, [RuleKind.NEWSLETTER]),
        ({"is_newsletter": False}, [RuleKind.NOT_NEWSLETTER]),
        ({"is_newsletter": False, "is_first": True}, [RuleKind.FIRST]),
        ({"is_newsletter": False, "is_first": False}, [RuleKind.NOT_NEWSLETTER]),
    ],
)
async def test_a_sender_stops_being_first(
    mails: MailStore,
    rules: RuleStore,
    ada: UUID,
    changes: dict[str, bool],
    kinds: list[RuleKind],
) -> None:
    [mail] = await mails.add(ada, [an_issue()])
    await mails.change(ada, mail.id, [], [], is_first=False)
    assert await rules.list(ada) == []
    await mails.change(ada, mail.id, [], [], is_first=True)
    await mails.change(ada, mail.id, [], [], **changes)

    assert [rule.kind for rule in await rules.list(ada)] == kinds
    assert len(await mails.list_always_first(ada, [mail.newsletter])) == (kinds == [RuleKind.FIRST])


async def test_newsletters_of_one_address_share_forwarded_mails(
    mails: MailStore, rules: RuleStore, ada: UUID
) -> None:
    """Each mark belongs to a rule, so that it can be revoked."""
    address = "hello@roast.example"
    daily, weekly, forward = await mails.add(
        ada,
        [
            an_issue("Daily", key="daily.example"),
            an_issue("Weekly", NEXT_STORIES, key="weekly.example"),
            an_issue("Trees", NEXT_STORIES, 24 * 7, key=address),
        ],
    )

    async def marks() -> list[bool | None]:
        return [(await mails.get(ada, mail.id)).marked for mail in (daily, weekly, forward)]

    await mails.change(ada, forward.id, [], [], is_newsletter=False)
    assert await marks() == [False, False, False]
    await mails.change(ada, daily.id, [], [], is_newsletter=True)
    assert await marks() == [True, None, True]
    await mails.change(ada, weekly.id, [], [], is_newsletter=False)
    assert await marks() == [True, False, False]
    newest, _ = await rules.list(ada)
    await rules.revoke(ada, newest.id)
    assert await marks() == [True, None, True]


async def test_of_two_rules_the_newer_one_counts(mails: MailStore, ada: UUID) -> None:
    """Rules of two newsletters of one address, about a mail that was forwarded."""
    for subject, choice in (("Daily", "cut"), ("Weekly", "restore")):
        issue = an_issue(subject, notes=(NOTE,), key=f"{subject}.example")
        [mail] = await mails.add(ada, [issue])
        id = next(block.id for block in issue.blocks if block.text == NOTE)
        await mails.change(ada, mail.id, **{"restore": [], "cut": []} | {choice: [id]})
    forward = an_issue("Trees", NEXT_STORIES, 9, notes=(NEXT_NOTE,), key="hello@roast.example")
    [later] = await mails.add(ada, [forward])

    assert await cut_of(mails, ada, later, NEXT_NOTE) is None


async def test_a_mark_counts_that_is_made_while_a_mail_is_read(
    engine: AsyncEngine, mails: MailStore, ada: UUID
) -> None:
    [first] = await mails.add(ada, [an_issue()])
    late = an_issue("Trees", NEXT_STORIES, 24 * 7)
    prepared = await mails.prepare(ada, [late])
    await mails.change(ada, first.id, [], [], is_newsletter=False)
    async with engine.begin() as database:
        await mails.insert(database, ada, prepared)

    assert [mail.marked for mail in await mails.list(ada, 50, None)] == [False, False]


async def test_no_mail_is_stored_for_a_deleted_account(mails: MailStore) -> None:
    with pytest.raises(SignInNeeded):
        await mails.add(uuid4(), [an_issue()])
