"""The listener's rules: what they decided in one mail of a newsletter, for its later issues.

Restoring or cutting a block makes a rule about all blocks with the same pattern; marking a sender makes one
about the whole newsletter. The listener's word counts more than any rule of ours
(decision 29).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from audiobrew.account.listener_store import lock_listener
from audiobrew.db.tables import listener_rules, mails
from audiobrew.db.timestamps import utc
from audiobrew.mail.newsletter import Block, Cut, Newsletter
from audiobrew.ops import metrics
from audiobrew.problems import Problem

MAX_RULES = 1_000
# Characters of a block that are kept to show what a rule is about.
MAX_TEXT = 300


class RuleKind(StrEnum):
    TELL = "tell"
    CUT = "cut"
    NEWSLETTER = "newsletter"
    NOT_NEWSLETTER = "not_newsletter"
    # A newsletter that comes first in every episode.
    FIRST = "first"

    @property
    def is_newsletter(self) -> bool:
        """Of a rule about a sender."""
        return self is not RuleKind.NOT_NEWSLETTER


class RuleNotFound(Problem):
    """There is no such rule."""

    type = "rule-not-found"
    status = HTTPStatus.NOT_FOUND


class TooManyRules(Problem):
    """You have as many rules as AudioBrew keeps. Revoke those that you no longer need, then try again."""

    type = "too-many-rules"
    status = HTTPStatus.CONFLICT


@dataclass(frozen=True, slots=True)
class ListenerRule:
    """`key` and `address` identify the newsletter, as in `Newsletter`; `sender` names it. `text` is the
    beginning of the block that the rule is about, None if it is about the newsletter."""

    id: UUID
    kind: RuleKind
    key: str
    address: str
    sender: str
    pattern: str
    text: str | None
    created_at: datetime

    def concerns(self, newsletter: Newsletter) -> bool:
        """Whether the mail is from the rule's newsletter. A forwarded mail has no list; its key is the
        address of its sender."""
        return (
            self.key == newsletter.key
            or self.key == newsletter.address
            or self.address == newsletter.key
        )


class RuleStore:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def list(self, listener: UUID) -> list[ListenerRule]:
        """All rules of a listener, newest first."""
        async with self._engine.connect() as database:
            return await list_rules(database, listener)

    async def revoke(self, listener: UUID, id: UUID) -> None:
        """Delete a rule. What it did to blocks stays; a sender is no longer marked. Raises RuleNotFound."""
        own = sa.and_(listener_rules.c.id == id, listener_rules.c.listener_id == listener)
        async with self._engine.begin() as database:
            await lock_listener(database, listener)
            row = (
                await database.execute(listener_rules.delete().where(own).returning(listener_rules))
            ).one_or_none()
            if row is None:
                raise RuleNotFound
            if not row.pattern:
                await renew_marks(database, listener, row.key, row.address)
        metrics.LISTENER_RULES.labels(row.kind, "revoked").inc()


async def list_rules(database: AsyncConnection, listener: UUID) -> list[ListenerRule]:
    """All rules of a listener, newest first."""
    query = (
        listener_rules.select()
        .where(listener_rules.c.listener_id == listener)
        .order_by(listener_rules.c.created_at.desc(), listener_rules.c.id)
    )
    return [
        ListenerRule(
            row.id,
            RuleKind.FIRST if row.is_first else RuleKind(row.kind),
            row.key,
            row.address,
            row.sender,
            row.pattern,
            row.text,
            utc(row.created_at),
        )
        for row in await database.execute(query)
    ]


async def add_block_rules(
    database: AsyncConnection, listener: UUID, mail: Newsletter, decisions: Mapping[str, RuleKind]
) -> None:
    """Make a rule for each block that the listener restored or cut; `decisions` are by the block's id.

    A rule replaces an earlier one about the same pattern. Raises TooManyRules. The listener's row must be
    locked.
    """
    rows: dict[str, dict[str, Any]] = {}
    for block in mail.blocks:
        if block.id in decisions and (pattern := hash_pattern(block, mail)):
            rows[pattern] = rule_row(listener, mail, decisions[block.id], pattern, block.text)
    await replace_rules(database, listener, mail, list(rows.values()))


def choose_kind(
    mail: Newsletter,
    rules: Iterable[ListenerRule],
    *,
    is_newsletter: bool | None,
    is_first: bool | None,
) -> RuleKind | None:
    """The rule about a sender that follows from what the listener says; None if nothing changes."""
    if is_first:
        return RuleKind.FIRST
    was_first = comes_first(mail, rules)
    if is_newsletter is None:
        return RuleKind.NEWSLETTER if was_first and is_first is False else None
    if is_newsletter and was_first and is_first is None:
        return None
    return RuleKind.NEWSLETTER if is_newsletter else RuleKind.NOT_NEWSLETTER


async def mark_sender(
    database: AsyncConnection, listener: UUID, mail: Newsletter, kind: RuleKind
) -> None:
    """Make a rule about the sender of a mail, also for mails that are stored already.

    Raises TooManyRules. The listener's row must be locked.
    """
    rule = rule_row(listener, mail, kind, "", None)
    for earlier in await replace_rules(database, listener, mail, [rule]):
        await renew_marks(database, listener, earlier.key, earlier.address)
    await mark_mails(database, listener, mail.key, mail.address, kind.is_newsletter)


def rule_row(
    listener: UUID, mail: Newsletter, kind: RuleKind, pattern: str, text: str | None
) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "listener_id": listener,
        # A version that does not know FIRST takes the newsletter for one among others.
        "kind": RuleKind.NEWSLETTER if kind is RuleKind.FIRST else kind,
        "is_first": kind is RuleKind.FIRST,
        "key": mail.key,
        "address": mail.address,
        "sender": mail.sender,
        "pattern": pattern,
        "text": text and text[:MAX_TEXT],
        "created_at": datetime.now(UTC),
    }


async def replace_rules(
    database: AsyncConnection, listener: UUID, mail: Newsletter, rows: Sequence[dict[str, Any]]
) -> Sequence[Any]:
    """Insert rules in place of those of the same newsletter and pattern, and return those. Raises
    TooManyRules."""
    if not rows:
        return ()
    deletion = listener_rules.delete().where(
        listener_rules.c.listener_id == listener,
        same_newsletter(listener_rules, mail.key, mail.address),
        listener_rules.c.pattern.in_([row["pattern"] for row in rows]),
    )
    earlier = (await database.execute(deletion.returning(listener_rules))).all()
    count = sa.select(sa.func.count()).where(listener_rules.c.listener_id == listener)
    if (await database.execute(count)).scalar_one() + len(rows) > MAX_RULES:
        raise TooManyRules(
            f"You have as many rules as AudioBrew keeps: {MAX_RULES:,}. Revoke those that you no longer"
            " need, then try again."
        )
    await database.execute(listener_rules.insert(), rows)
    for row in rows:
        metrics.LISTENER_RULES.labels(row["kind"], "made").inc()
    return earlier


async def renew_marks(database: AsyncConnection, listener: UUID, key: str, address: str) -> None:
    """Mark the mails of a newsletter as the other rules say, after its own rule was deleted.

    Newsletters of one address share the mails that were forwarded.
    """
    await mark_mails(database, listener, key, address, None)
    for rule in reversed(await list_rules(database, listener)):
        if not rule.pattern and {rule.key, rule.address} & {key, address}:
            await mark_mails(database, listener, rule.key, rule.address, rule.kind.is_newsletter)


async def mark_mails(
    database: AsyncConnection, listener: UUID, key: str, address: str, is_newsletter: bool | None
) -> None:
    """Mark all mails of a newsletter that are stored already."""
    own = sa.and_(mails.c.listener_id == listener, same_newsletter(mails, key, address))
    await database.execute(mails.update().where(own).values(marked=is_newsletter))


def same_newsletter(table: sa.Table, key: str, address: str) -> sa.ColumnElement[bool]:
    """Condition on rows with a key and an address; see `ListenerRule.concerns`."""
    conditions = [table.c.key == key, table.c.address == key]
    if address:
        conditions.append(table.c.key == address)
    return sa.or_(*conditions)


def find_mark(newsletter: Newsletter, rules: Iterable[ListenerRule]) -> bool | None:
    """Whether the listener marked this newsletter's sender as a newsletter; None if they did not."""
    rule = find_sender_rule(newsletter, rules)
    return None if rule is None else rule.kind.is_newsletter


def comes_first(newsletter: Newsletter, rules: Iterable[ListenerRule]) -> bool:
    """Whether the listener wants this newsletter first in every episode."""
    rule = find_sender_rule(newsletter, rules)
    return rule is not None and rule.kind is RuleKind.FIRST


def find_sender_rule(newsletter: Newsletter, rules: Iterable[ListenerRule]) -> ListenerRule | None:
    return next((rule for rule in rules if not rule.pattern and rule.concerns(newsletter)), None)


async def is_known_sender(
    database: AsyncConnection, listener: UUID, newsletter: Newsletter
) -> bool:
    """Whether the listener has a rule about this newsletter's sender, or a newsletter of theirs."""
    if find_mark(newsletter, await list_rules(database, listener)) is not None:
        return True
    earlier = sa.select(mails.c.id).where(
        mails.c.listener_id == listener,
        same_newsletter(mails, newsletter.key, newsletter.address),
        sa.func.coalesce(mails.c.marked, mails.c.bulk),
    )
    return (await database.execute(earlier.limit(1))).one_or_none() is not None


def apply_rules(newsletter: Newsletter, rules: Sequence[ListenerRule]) -> Newsletter:
    """Restore and cut blocks as the listener decided in earlier issues. `rules` are newest first."""
    kinds = {
        rule.pattern: rule.kind
        for rule in reversed(rules)  # so that the newest one counts
        if rule.pattern and rule.concerns(newsletter)
    }
    if not kinds:
        return newsletter
    blocks = []
    for block in newsletter.blocks:
        kind = kinds.get(hash_pattern(block, newsletter))
        if kind:
            cut = Cut.LISTENER if kind is RuleKind.CUT else None
            block = replace(block, cut=cut)
            metrics.LISTENER_RULES.labels(kind, "applied").inc()
        blocks.append(block)
    return replace(newsletter, blocks=tuple(blocks))


def mark_restored(newsletter: Newsletter, rules: Sequence[ListenerRule]) -> Newsletter:
    """Mark the blocks that the listener restored, here or in another issue, and did not cut later."""
    patterns = {
        rule.pattern
        for rule in rules
        if rule.kind is RuleKind.TELL and rule.pattern and rule.concerns(newsletter)
    }
    if not patterns:
        return newsletter
    blocks = tuple(
        replace(block, restored=True)
        if block.cut is None and hash_pattern(block, newsletter) in patterns
        else block
        for block in newsletter.blocks
    )
    return replace(newsletter, blocks=blocks)


def hash_pattern(block: Block, newsletter: Newsletter) -> str:
    """The hash of a block's pattern, empty if it has none."""
    from audiobrew.mail.block_pattern import block_pattern  # reads the files of all languages

    pattern = block_pattern(block.text, newsletter.language)
    return sha256(pattern.encode()).hexdigest() if pattern else ""
