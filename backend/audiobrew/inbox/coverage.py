"""Which newsletters were told, which still wait for an episode, and in which order they come next."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from audiobrew.db.stages import Stage
from audiobrew.db.tables import episode_mails, episodes, mails, sources


class LeftOut(StrEnum):
    """Why an episode did not tell a newsletter that was ordered.

    TIME: others filled the minutes; it comes first in the next order. LANGUAGE: the voice does not
    speak it. EMPTY: nothing in it can be told. REFUSED: a script was written for it, and no sentence
    of that was supported by the newsletter.
    """

    TIME = "time"
    LANGUAGE = "language"
    EMPTY = "empty"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class OrderedNewsletter:
    """One newsletter of an episode. `told` is None until the episode is ready."""

    mail: UUID
    sender: str
    subject: str
    told: bool | None
    left_out: LeftOut | None


# A newsletter that so many episodes could say nothing of is not offered again by itself.
MAX_REFUSALS = 2

_mail = episode_mails.alias("ordered")
_cited = sa.exists().where(
    sources.c.episode_id == _mail.c.episode_id, sources.c.mail_id == _mail.c.mail_id
)
# An episode that the version before finished says nothing of its newsletters; its sources do.
_told_before = (
    sa.exists()
    .where(
        episodes.c.id == _mail.c.episode_id,
        episodes.c.stage == Stage.READY,
        _cited.correlate(_mail),
    )
    .correlate(_mail)
)
_told = sa.exists().where(
    _mail.c.mail_id == mails.c.id,
    sa.or_(_mail.c.told, sa.and_(_mail.c.told.is_(None), _told_before)),
)
_never = sa.exists().where(
    _mail.c.mail_id == mails.c.id, _mail.c.left_out.in_([LeftOut.LANGUAGE, LeftOut.EMPTY])
)
REFUSALS = (
    sa.select(sa.func.count())
    .where(_mail.c.mail_id == mails.c.id, _mail.c.left_out == LeftOut.REFUSED)
    .correlate(mails)
    .scalar_subquery()
)
# Of a row of `mails`: a finished episode told something of it.
IS_COVERED = _told
# Of a row of `mails`: a newsletter that no finished episode has told, and that can be told.
IS_NEW = sa.and_(mails.c.bulk, ~_told, ~_never, REFUSALS < MAX_REFUSALS)
_waits_since = (
    sa.select(sa.func.min(episodes.c.published_at))
    .join_from(_mail, episodes)
    .where(
        _mail.c.mail_id == mails.c.id,
        _mail.c.left_out.in_([LeftOut.TIME, LeftOut.REFUSED]),
        episodes.c.stage == Stage.READY,
    )
    .correlate(mails)
    .scalar_subquery()
)
# Of new ones: those that an episode left out, the longest waiting first; then the newest.
PRECEDENCE = (_waits_since.asc().nulls_last(), mails.c.received_at.desc(), mails.c.id.desc())


async def list_ordered_newsletters(
    database: AsyncConnection, episode: UUID
) -> list[OrderedNewsletter]:
    """In the order of telling. Those that were deleted since are known while they are cited."""
    ordered = (
        sa.select(mails.c.id, mails.c.sender, mails.c.subject, episode_mails.c.told)
        .add_columns(episode_mails.c.left_out)
        .join_from(episode_mails, mails)
        .where(episode_mails.c.episode_id == episode)
        .order_by(episode_mails.c.number)
    )
    cited = (
        sa.select(sources.c.mail_id, sa.func.min(sources.c.sender), sa.func.min(sources.c.subject))
        .where(sources.c.episode_id == episode)
        .group_by(sources.c.mail_id)
        .order_by(sources.c.mail_id)
    )
    found = [
        OrderedNewsletter(
            row[0], row[1], row[2], row[3], LeftOut(row.left_out) if row.left_out else None
        )
        for row in await database.execute(ordered)
    ]
    here = {one.mail for one in found}
    gone = [row for row in await database.execute(cited) if row[0] not in here]
    return found + [OrderedNewsletter(row[0], row[1], row[2], True, None) for row in gone]


async def record_coverage(
    database: AsyncConnection,
    episode: UUID,
    told: Collection[UUID],
    left_out: Mapping[UUID, LeftOut],
) -> None:
    """What the finished episode told of its newsletters, and why not the others."""
    own = episode_mails.c.episode_id == episode
    rows = {"told": episode_mails.c.mail_id.in_(told), "left_out": None}
    await database.execute(episode_mails.update().where(own).values(rows))
    await record_omissions(database, episode, left_out)


async def record_omissions(
    database: AsyncConnection, episode: UUID, left_out: Mapping[UUID, LeftOut]
) -> None:
    for why in set(left_out.values()):
        ids = [mail for mail, reason in left_out.items() if reason == why]
        own = sa.and_(episode_mails.c.episode_id == episode, episode_mails.c.mail_id.in_(ids))
        await database.execute(episode_mails.update().where(own).values(left_out=why))


async def reset_omissions(database: AsyncConnection, mail: UUID) -> None:
    """What was said of a newsletter before its listener changed it holds no longer."""
    said = episode_mails.c.left_out.in_([LeftOut.EMPTY, LeftOut.REFUSED])
    own = sa.and_(episode_mails.c.mail_id == mail, said)
    await database.execute(episode_mails.update().where(own).values(left_out=LeftOut.TIME))


async def mails_to_put_first(database: AsyncConnection, episode: UUID) -> list[UUID]:
    """Which of an episode's newsletters go before the others, in order: the new ones, where some of them
    were left out before, or others were told already. Else none: the newest go first."""
    ordered = sa.select(mails.c.id, IS_NEW.label("new"), _waits_since.label("since"))
    chosen = ordered.join_from(episode_mails, mails).where(episode_mails.c.episode_id == episode)
    rows = (await database.execute(chosen.order_by(*PRECEDENCE))).all()
    new = [row for row in rows if row.new]
    plain = len(new) == len(rows) and all(row.since is None for row in new)
    return [] if plain else [row.id for row in new]


async def refusals_of_new_mails(database: AsyncConnection, episode: UUID) -> dict[UUID, int]:
    """The new ones among an episode's newsletters, and how many episodes could say nothing of each."""
    chosen = (
        sa.select(mails.c.id, REFUSALS)
        .join_from(episode_mails, mails)
        .where(episode_mails.c.episode_id == episode, IS_NEW)
    )
    return {row[0]: row[1] for row in await database.execute(chosen)}
