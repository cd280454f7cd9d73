"""The scores of a newsletter about cricket in words: `4/31` as `4 for 31`, and `141*` as `141 not out`.

Elsewhere the same figures are dates, fractions or shares, so the whole newsletter must be about the game.
Where wickets come first, as in Australia, it says so itself: in its scores, one figure is never above 10.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.notation import HYPHENS, any_of
from audiobrew.script.spoken_dates import calendar_names

# Words that no other game has, and how many of them a newsletter about cricket has.
_CRICKET = re.compile(
    r"\b(?:wickets?|wkts?|overs|innings|bowled|lbw|batsm[ae]n|batters?|bowlers?|maidens?|stumps|wicket-?keeper|yorker"
    r"|googly|run-?outs?|century|declared|Test match|T20|ODI|cricket)\b",
    re.IGNORECASE,
)
MIN_WORDS = 4
_SCORE = re.compile(
    rf"(?<![{HYPHENS}\w.,/$€£])(?P<first>\d{{1,3}})(?P<sign>[{HYPHENS}/])(?P<second>\d{{1,3}})(?P<declared>d|dec\.?)?"
    rf"(?![{HYPHENS}\w/%]|[.,]\d)"
)
_NOT_OUT = re.compile(r"(?<![\w.,/])(?P<runs>\d{1,3})\*(?![\w*])")
_BEAT = re.compile(
    r"(?<=\w\s)(?:def\.?|bt\.?|d\.|beat)\s(?=(?:the\s)?[A-ZÀ-Þ][\w’'-]{1,30}(?:\s[A-ZÀ-Þ][\w’'-]{1,30}){0,3}\s(?:by\s|\d))"
)
MAX_WICKETS = 10
# Runs after a slash that few wickets cost, and that end no common fraction.
NO_FRACTIONS = (0, 6, 7, 9)


def with_clear_cricket(newsletter: Newsletter) -> Newsletter:
    """The newsletter with words for its scores, if it is about cricket."""
    own = [block for block in newsletter.blocks if block.cut is None]
    texts = [newsletter.subject, *(block.text for block in own)]
    if newsletter.language != "en" or not is_about_cricket(texts):
        return newsletter
    blocks = tuple(
        replace(block, text=speak_cricket(block.text)) if block.cut is None else block
        for block in newsletter.blocks
    )
    if blocks == newsletter.blocks:
        return newsletter
    return replace(newsletter, blocks=blocks, subject=speak_cricket(newsletter.subject))


def is_about_cricket(texts: Iterable[str]) -> bool:
    words = [word.casefold() for text in texts for word in _CRICKET.findall(text)]
    return len(words) >= MIN_WORDS and len(set(words)) > 1


def speak_cricket(text: str) -> str:
    """`4/31`, `168-1` and `41*` in words. A date, a season and a result of ends are none of these."""
    text = _NOT_OUT.sub(r"\g<runs> not out", text)
    text = re.sub(r"\bDNB\b", "did not bat", text)
    return _BEAT.sub("beat ", _SCORE.sub(spoken_score, text))


def spoken_score(match: re.Match[str]) -> str:
    """Wickets and runs in their order. With a hyphen, the runs are too many for another result."""
    first, second = int(match["first"]), int(match["second"])
    is_wickets_first = first <= MAX_WICKETS < second
    is_runs_first = second <= MAX_WICKETS < first
    is_small = match["sign"] == "/" and first < MAX_WICKETS and second in NO_FRACTIONS
    if not (is_wickets_first or is_runs_first or is_small) or follows_month(match):
        return match[0]
    declared = " declared" if match["declared"] else ""
    return f"{match['first']} for {match['second']}{declared}"


def follows_month(match: re.Match[str]) -> bool:
    """Whether the figures are days of a month: `13–14 March`, `March 4–11`."""
    before, after = match.string[: match.start()][-12:], match.string[match.end() :][:12]
    return bool(month_pattern().search(before) or month_pattern().match(after.lstrip()))


@cache
def month_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of(calendar_names('month', 'en'))})\b")
