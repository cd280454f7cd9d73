"""Newsletters whose dates, dollars, scores and minutes in figures say all that their other parts imply.

"$5" are dollars. In a newsletter that also has Canadian dollars with their sign, it names its country, unless
the newsletter has a sign for that of the United States, too: then "$" means those of its own country.
"""

import re
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

from audiobrew.lang.language import symbols_of
from audiobrew.mail.newsletter import Block, BlockKind, Newsletter
from audiobrew.script.cricket_scores import with_clear_cricket
from audiobrew.script.date_orders import ORDERS, DateOrder, date_order, with_clear_dates
from audiobrew.script.spoken_dates import day_or_text
from audiobrew.script.spoken_durations import minutes_beside_hours

_PLAIN_DOLLAR = re.compile(r"(?<![A-Za-z$])\$(?=\s?\d)")
_FOREIGN_DOLLAR = re.compile(r"(?<![A-Za-z])(?:AU?|CA?|NZ|HK|S|NT)\$\s?\d")
_AMERICAN_DOLLAR = re.compile(r"(?<![A-Za-z])US\$|\bUSD\b")

# The day by which a row of a table is called, and how many days make a series.
_DAY_OF_ROW = re.compile(r"(?P<first>\d{1,2})/(?P<second>\d{1,2})(?=:\s)")
MIN_DAYS = 3


@lru_cache(maxsize=256)
def with_clear_notation(newsletter: Newsletter) -> Newsletter:
    """The newsletter as writers, the gate and the voice read it."""
    clear = with_clear_dates(with_clear_minutes(with_clear_cricket(newsletter)))
    return with_clear_dollars(with_clear_days(clear))


def with_clear_days(newsletter: Newsletter) -> Newsletter:
    """The newsletter with words for the days by which the rows of a table are called: `11/7: $7,705`.

    All of them are days, each later than the one before or each earlier, and one at least is no fraction.
    """
    order = date_order(newsletter) or symbols_of(newsletter.language).date_order
    if order not in ORDERS:
        return newsletter
    blocks: list[Block] = []
    for kind, group in groupby(newsletter.blocks, key=lambda block: block.kind):
        rows = list(group)
        if kind is BlockKind.TABLE_ROW:
            rows = rows_with_days(rows, newsletter.language, order)
        blocks += rows
    is_same = tuple(blocks) == newsletter.blocks
    return newsletter if is_same else replace(newsletter, blocks=tuple(blocks))


def rows_with_days(rows: list[Block], language: str, order: DateOrder) -> list[Block]:
    labels = [match for row in rows if (match := _DAY_OF_ROW.match(row.text))]
    days = [(match["second"], match["first"]) for match in labels]
    if order == "mdy":
        days = [(second, first) for first, second in days]
    dates = [(int(month), int(day)) for month, day in days]
    is_series = dates == sorted(set(dates)) or dates[::-1] == sorted(set(dates))
    day_names = [day_or_text("", day, month, language) for month, day in days]
    is_certain = any(int(match["first"]) >= int(match["second"]) for match in labels)
    if len(dates) < MIN_DAYS or not (is_series and is_certain and all(day_names)):
        return rows
    words = dict(zip((match[0] for match in labels), day_names, strict=True))
    return [
        replace(row, text=words[match[0]] + row.text[match.end() :])
        if (match := _DAY_OF_ROW.match(row.text))
        else row
        for row in rows
    ]


def with_clear_minutes(newsletter: Newsletter) -> Newsletter:
    """The newsletter with `22 min` for `22 m` in tables that also have durations such as `2 h 05 m`."""
    blocks: list[Block] = []
    for kind, group in groupby(newsletter.blocks, key=lambda block: block.kind):
        rows = list(group)
        if kind is BlockKind.TABLE_ROW:
            texts = [row.text for row in rows]
            rows = [replace(row, text=minutes_beside_hours(row.text, texts)) for row in rows]
        blocks += rows
    is_same = tuple(blocks) == newsletter.blocks
    return newsletter if is_same else replace(newsletter, blocks=tuple(blocks))


def with_clear_dollars(newsletter: Newsletter) -> Newsletter:
    """The newsletter with `US$` for `$`, if it also has dollars of another country."""
    texts = [newsletter.subject, *(block.text for block in newsletter.blocks if not block.cut)]
    if any(map(_AMERICAN_DOLLAR.search, texts)) or not any(map(_FOREIGN_DOLLAR.search, texts)):
        return newsletter
    blocks = tuple(
        replace(block, text=_PLAIN_DOLLAR.sub("US$", block.text)) if block.cut is None else block
        for block in newsletter.blocks
    )
    return replace(newsletter, blocks=blocks, subject=_PLAIN_DOLLAR.sub("US$", newsletter.subject))
