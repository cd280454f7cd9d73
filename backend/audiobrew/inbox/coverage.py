"""Track which newsletters an episode has covered, and in which order the others come next."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from audiobrew.db.stages import Stage
from audiobrew.db.tables import episode_mails, episodes, mails, sentences, sources
from audiobrew.script.earlier_episodes import EarlierSentence
from audiobrew.script.script import DropReason


class LeftOut(StrEnum):
    """Why an episode does not cover a newsletter that was ordered.

    TIME: others fill the episode; the newsletter comes first in the next order. LANGUAGE: the voice
    does not speak its language. EMPTY: it has no text that can be read aloud. REFUSED: the newsletter
    supports none of the sentences that were written for it. REPEAT: earlier episodes told all of it.
    """

    TIME = "time"
    LANGUAGE = "language"
    EMPTY = "empty"
    REFUSED = "refused"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class OrderedNewsletter:
    """One newsletter of an episode. `told` says whether the episode covers it, None until it is ready."""

    mail: UUID
    sender: str
    subject: str
    told: bool | None
    left_out: LeftOut | None


# A newsletter that was refused in this many episodes does not count as new any more.
MAX_REFUSALS = 2

_order_mails = episode_mails.alias("ordered")
_cited = sa.exists().where(
    sources.c.episode_id == _order_mails.c.episode_id, sources.c.mail_id == _order_mails.c.mail_id
)
# Older versions did not record which newsletters an episode covers. Its sources show it.
_covered_before_records = (
    sa.exists()
    .where(
        episodes.c.id == _order_mails.c.episode_id,
        episodes.c.stage == Stage.READY,
        _cited.correlate(_order_mails),
    )
    .correlate(_order_mails)
)
_is_covered_there = sa.or_(
    _order_mails.c.told, sa.and_(_order_mails.c.told.is_(None), _covered_before_records)
)
# Condition on `mails`: a finished episode covers it.
IS_COVERED = sa.exists().where(_order_mails.c.mail_id == mails.c.id, _is_covered_there)
# Condition on `mails`: it is a newsletter. The listener's word counts more than the mail's headers.
IS_NEWSLETTER = sa.func.coalesce(mails.c.marked, mails.c.bulk)
# The order of the copies of an issue; the last one is told.
COPY_ORDER = (mails.c.received_at, mails.c.created_at, mails.c.id)
_copies = mails.alias("copies")
# The copy that is told. An index has them in this order; to find any newer one, Postgres would read all of
# them.
_newest_copy = (
    sa.select(_copies.c.id)
    .where(
        _copies.c.issue_id == mails.c.issue_id, sa.func.coalesce(_copies.c.marked, _copies.c.bulk)
    )
    .order_by(*(_copies.c[column.name].desc() for column in COPY_ORDER))
    .limit(1)
    .correlate(mails)
    .scalar_subquery()
)
# Condition on `mails`: a finished episode covers a copy of the issue.
_copy_is_covered = sa.exists().where(
    _copies.c.issue_id == mails.c.issue_id,
    _order_mails.c.mail_id == _copies.c.id,
    _is_covered_there,
)
_cannot_be_covered = sa.exists().where(
    _order_mails.c.mail_id == mails.c.id,
    _order_mails.c.left_out.in_([LeftOut.LANGUAGE, LeftOut.EMPTY, LeftOut.REPEAT]),
)
# How many episodes refused a row of `mails`.
REFUSALS = (
    sa.select(sa.func.count())
    .where(_order_mails.c.mail_id == mails.c.id, _order_mails.c.left_out == LeftOut.REFUSED)
    .correlate(mails)
    .scalar_subquery()
)
# Condition on `mails`: it is the only copy of its issue, or the newest, and no other one is covered. The
# cases are tried in this order, so that all copies are looked at only once for each issue: it may have
# thousands.
_is_told_copy = sa.case(
    (mails.c.issue_id.is_(None), sa.true()),
    (_newest_copy != mails.c.id, sa.false()),
    else_=~_copy_is_covered,
)
# Condition on `mails`: a newsletter that can be covered, and of which no finished episode covers any copy. Of
# several copies, only the newest is new.
IS_NEW = sa.and_(
    IS_NEWSLETTER,
    ~IS_COVERED,
    _is_told_copy,
    ~_cannot_be_covered,
    REFUSALS < MAX_REFUSALS,
)
_waiting_since = (
    sa.select(sa.func.min(episodes.c.published_at))
    .join_from(_order_mails, episodes)
    .where(
        _order_mails.c.mail_id == mails.c.id,
        _order_mails.c.left_out.in_([LeftOut.TIME, LeftOut.REFUSED]),
        episodes.c.stage == Stage.READY,
    )
    .correlate(mails)
    .scalar_subquery()
)
# The order of new newsletters: first those that an episode left out, oldest episode first; then the newest.
PRECEDENCE = (_waiting_since.asc().nulls_last(), mails.c.received_at.desc(), mails.c.id.desc())


async def list_ordered_newsletters(
    database: AsyncConnection, episode: UUID
) -> list[OrderedNewsletter]:
    """An episode's newsletters in the order of the episode, then deleted ones that it still cites."""
    orders = (
        sa.select(mails.c.id, mails.c.sender, mails.c.subject, episode_mails.c.told)
        .add_columns(episode_mails.c.left_out)
        .join_from(episode_mails, mails)
        .where(episode_mails.c.episode_id == episode)
        .order_by(episode_mails.c.number)
    )
    citations = (
        sa.select(sources.c.mail_id, sa.func.min(sources.c.sender), sa.func.min(sources.c.subject))
        .where(sources.c.episode_id == episode)
        .group_by(sources.c.mail_id)
        .order_by(sources.c.mail_id)
    )
    newsletters = [
        OrderedNewsletter(
            row[0], row[1], row[2], row[3], LeftOut(row.left_out) if row.left_out else None
        )
        for row in await database.execute(orders)
    ]
    existing = {newsletter.mail for newsletter in newsletters}
    deleted = [row for row in await database.execute(citations) if row[0] not in existing]
    return newsletters + [OrderedNewsletter(*row, True, None) for row in deleted]


async def record_coverage(
    database: AsyncConnection,
    episode: UUID,
    spoken_mails: Collection[UUID],
    left_out: Mapping[UUID, LeftOut],
) -> None:
    """Record which newsletters a finished episode covers, and why it leaves out the others."""
    values = {"told": episode_mails.c.mail_id.in_(spoken_mails), "left_out": None}
    await database.execute(
        episode_mails.update().where(episode_mails.c.episode_id == episode).values(values)
    )
    await record_omissions(database, episode, left_out)


async def record_omissions(
    database: AsyncConnection, episode: UUID, left_out: Mapping[UUID, LeftOut]
) -> None:
    """Record why an episode leaves out some of its newsletters."""
    for reason in set(left_out.values()):
        ids = [mail for mail, mail_reason in left_out.items() if mail_reason == reason]
        condition = sa.and_(episode_mails.c.episode_id == episode, episode_mails.c.mail_id.in_(ids))
        await database.execute(episode_mails.update().where(condition).values(left_out=reason))


async def reset_omissions(database: AsyncConnection, mail: UUID) -> None:
    """Offer a newsletter again after its listener changed it, even if it was empty, refused or a repeat."""
    outdated = episode_mails.c.left_out.in_([LeftOut.EMPTY, LeftOut.REFUSED, LeftOut.REPEAT])
    condition = sa.and_(episode_mails.c.mail_id == mail, outdated)
    await database.execute(episode_mails.update().where(condition).values(left_out=LeftOut.TIME))


async def offer_repeats_again(database: AsyncConnection, episode: UUID) -> None:
    """Offer the newsletters again that were left out because of what this episode told: it is deleted."""
    newer = sa.select(sentences.c.episode_id).where(sentences.c.earlier_episode == episode)
    condition = sa.and_(
        episode_mails.c.left_out == LeftOut.REPEAT, episode_mails.c.episode_id.in_(newer)
    )
    await database.execute(episode_mails.update().where(condition).values(left_out=LeftOut.TIME))


async def list_repeats(
    database: AsyncConnection, listener: UUID, mail_ids: Collection[UUID]
) -> dict[UUID, EarlierSentence]:
    """Where earlier episodes told these newsletters, for those that an episode left out as repeats."""
    orders = (
        sa.select(episode_mails.c.episode_id, episode_mails.c.mail_id)
        .join_from(episode_mails, episodes)
        .where(
            episodes.c.listener_id == listener,
            episode_mails.c.mail_id.in_(mail_ids),
            episode_mails.c.left_out == LeftOut.REPEAT,
        )
    )
    repeats = (await database.execute(orders)).all()
    if not repeats:
        return {}
    episode_ids = {row.episode_id for row in repeats}
    cited = sa.select(sources.c.episode_id, sources.c.block_id, sources.c.mail_id).where(
        sources.c.episode_id.in_(episode_ids),
        sources.c.mail_id.in_({row.mail_id for row in repeats}),
    )
    mails_of_blocks = {
        (row.episode_id, row.block_id): row.mail_id for row in await database.execute(cited)
    }
    query = (
        sa.select(sentences.c.episode_id, sentences.c.cites)
        .add_columns(sentences.c.earlier_episode, sentences.c.earlier_number)
        .add_columns(sentences.c.earlier_day)
        .where(sentences.c.episode_id.in_(episode_ids), sentences.c.dropped == DropReason.REPEAT)
        .order_by(sentences.c.episode_id, sentences.c.number)
    )
    result: dict[UUID, EarlierSentence] = {}
    for row in await database.execute(query):
        for block in row.cites:
            if mail := mails_of_blocks.get((row.episode_id, block)):
                earlier = (row.earlier_episode, row.earlier_number, row.earlier_day)
                result.setdefault(mail, EarlierSentence(*earlier))
    return result


async def list_mails_ordered_again(database: AsyncConnection, episode: UUID) -> list[UUID]:
    """The newsletters of an episode that another episode covers, or left out as repeats.

    The listener named them in the order, because they are not new. A covered copy counts as well.
    """
    is_repeat_elsewhere = sa.exists().where(
        _order_mails.c.mail_id == mails.c.id,
        _order_mails.c.episode_id != episode,
        _order_mails.c.left_out == LeftOut.REPEAT,
    )
    query = (
        sa.select(mails.c.id)
        .join_from(episode_mails, mails)
        .where(
            episode_mails.c.episode_id == episode,
            sa.or_(IS_COVERED, _copy_is_covered, is_repeat_elsewhere),
        )
    )
    return list((await database.execute(query)).scalars())


async def mails_to_put_first(database: AsyncConnection, episode: UUID) -> list[UUID]:
    """The new newsletters of an episode in their order, if they take precedence over others.

    They do if an earlier episode left out some of them, or if the episode has newsletters that
    are not new. Otherwise the result is empty, and the newest newsletters come first.
    """
    query = (
        sa.select(mails.c.id, IS_NEW.label("is_new"), _waiting_since.label("since"))
        .join_from(episode_mails, mails)
        .where(episode_mails.c.episode_id == episode)
        .order_by(*PRECEDENCE)
    )
    rows = (await database.execute(query)).all()
    new_rows = [row for row in rows if row.is_new]
    if len(new_rows) == len(rows) and all(row.since is None for row in new_rows):
        return []
    return [row.id for row in new_rows]


async def refusals_of_new_mails(database: AsyncConnection, episode: UUID) -> dict[UUID, int]:
    """The new newsletters of an episode, and how many episodes refused each of them."""
    query = (
        sa.select(mails.c.id, REFUSALS)
        .join_from(episode_mails, mails)
        .where(episode_mails.c.episode_id == episode, IS_NEW)
    )
    return {row[0]: row[1] for row in await database.execute(query)}
