"""Recognize the platform that sent a mail, and the phrases that it adds to newsletters.

`platforms.toml` has a section for each: `headers`, `links` and `names` are regular expressions for its marks
in the headers, in the addresses of links, and in the classes and ids of the page. `phrases` are regular
expressions for the beginning of a block that the platform adds. They count in its own mails only; those of
the section `any` count in all.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from audiobrew.mail.mime.headers import Headers
from audiobrew.mail.raw_block import RawBlock

ANY = "any"
# Headers in which platforms leave their name.
_HEADERS = (
    "list-id", "list-unsubscribe", "list-owner", "x-mailer", "message-id", "feedback-id", "sender", "from",
    "reply-to", "return-path", "x-report-abuse", "x-abuse", "x-campaign", "x-csa-complaints",
    "dkim-signature", "user-agent", "x-mailer-info", "x-list", "mailing-list",
)  # fmt: skip
# Blocks whose links and boxes are looked at: the platform's marks are at the end or everywhere.
_MAX_BLOCKS = 400


@dataclass(frozen=True, slots=True)
class Platform:
    """Patterns are None where a platform has no such marks."""

    name: str
    headers: re.Pattern[str] | None
    links: re.Pattern[str] | None
    names: re.Pattern[str] | None
    phrases: re.Pattern[str] | None


@cache
def load_platforms() -> tuple[Platform, ...]:
    text = files(__package__).joinpath("platforms.toml").read_text(encoding="utf-8")
    return tuple(
        Platform(
            name,
            compile_marks(content.get("headers", ())),
            compile_marks(content.get("links", ())),
            compile_marks(content.get("names", ())),
            compile_marks(content.get("phrases", ())),
        )
        for name, content in tomllib.loads(text).items()
    )


def compile_marks(marks: Sequence[str]) -> re.Pattern[str] | None:
    alternatives = "|".join(marks).replace("’", "['’]")
    return re.compile(rf"(?:{alternatives})", re.IGNORECASE) if marks else None


def recognize_platforms(headers: Headers, blocks: Sequence[RawBlock]) -> tuple[Platform, ...]:
    """The platforms whose marks the mail has, and the section of all mails."""
    values = [f"{name}: {headers.raw(name)[:500]}" for name in _HEADERS if name in headers]
    looked_at = [*blocks[: _MAX_BLOCKS // 2], *blocks[-_MAX_BLOCKS // 2 :]]
    urls = [link.url[:200] for block in looked_at for link in block.links[:20]]
    names = list({block.box.names for block in looked_at})
    return tuple(
        platform
        for platform in load_platforms()
        if platform.name == ANY
        or has_mark(platform.headers, values)
        or has_mark(platform.links, urls)
        or has_mark(platform.names, names)
    )


def has_mark(marks: re.Pattern[str] | None, texts: Sequence[str]) -> bool:
    return marks is not None and any(marks.search(text) for text in texts)
