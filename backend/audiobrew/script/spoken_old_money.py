"""Pounds, shillings and pence, which Britain had until 1971, as they are spoken."""

import re

# `£4 11s. 6d.`, `£4. 11s. 6d.`, `11s. 6d.`, `£4 11s`
_OLD_MONEY = re.compile(
    r"(?<![\w.,/])(?:£(?P<pounds>\d{1,3}(?:,\d{3}){0,3})[.,]?\s(?=\d{1,2}s\b))?(?P<shillings>1?\d)s(?P<point>\.?)"
    r"(?:,?\s(?P<pence>1?\d)(?P<half>½)?d(?P<end>\.?)(?!\w))?(?!\w)"
)


def speak_old_money(text: str, language: str) -> str:
    """`£4 11s. 6d.` as `4 pounds, 11 shillings and 6 pence`, in English."""
    return _OLD_MONEY.sub(spoken_sum, text) if language == "en" else text


def spoken_sum(match: re.Match[str]) -> str:
    pounds, shillings, pence = match["pounds"], match["shillings"], match["pence"]
    if not pounds and not pence:
        return match[0]  # seconds, or the plural of a figure
    half = " and a half" if match["half"] else ""
    parts = [
        f"{pounds} {'pound' if pounds == '1' else 'pounds'}" if pounds else "",
        f"{shillings} {'shilling' if shillings == '1' else 'shillings'}",
        f"{pence}{half} {'penny' if pence == '1' and not half else 'pence'}" if pence else "",
    ]
    words = [part for part in parts if part]
    point = match["end"] if pence else match["point"]
    is_end = point and re.match(r"\s*$|\s[A-Z]", match.string[match.end() :])
    return f"{', '.join(words[:-1])}{' and ' if len(words) > 1 else ''}{words[-1]}{'.' if is_end else ''}"
