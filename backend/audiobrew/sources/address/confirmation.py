"""Recognizes mails that ask to confirm a subscription, or that mails are forwarded.

AudioBrew never opens their links: the listener does.
"""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlsplit

from audiobrew.mail.newsletter import Link, Newsletter

# A mail that asks for nothing else is short; with its footer, it may be longer.
MAX_CHARACTERS, MAX_BLOCKS = 2500, 40
MAX_WITH_FOOTER, MAX_LINKS = 20_000, 200
MAX_URL = 2000
# What a host is made of besides letters and digits.
HOST_SIGNS = ".-_:"
GMAIL_SENDER = "forwarding-noreply@google.com"
GMAIL_HOSTS = {"mail.google.com", "mail-settings.google.com", "isolated.mail.google.com"}
GMAIL_CODE = re.compile(r"\(#(\d{6,12})\)")
GMAIL_PATH = "/mail/vf-"


class ConfirmationKind(StrEnum):
    SUBSCRIPTION = "subscription"
    FORWARDING = "forwarding"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """`url` is what to open, `code` what to enter at Gmail instead."""

    kind: ConfirmationKind
    sender: str
    url: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Phrases:
    """`confirm` and `subscription` are those of each language. `agree` is what a link says besides."""

    languages: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    confirm: tuple[str, ...]
    agree: tuple[str, ...]
    targets: tuple[str, ...]
    other_texts: tuple[str, ...]
    other_targets: tuple[str, ...]


@cache
def read_phrases() -> Phrases:
    file = Path(__file__).with_name("confirmation.toml")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    links = table.pop("links")
    return Phrases(
        languages=tuple(
            (tuple(one["confirm"]), tuple(one["subscription"])) for one in table.values()
        ),
        confirm=tuple({word for one in table.values() for word in one["confirm"]}),
        agree=tuple({phrase for one in table.values() for phrase in one.get("agree", ())}),
        targets=tuple(links["targets"]),
        other_texts=tuple(links["other_texts"]),
        other_targets=tuple(links["other_targets"]),
    )


def find_confirmation(newsletter: Newsletter) -> Confirmation | None:
    """What a mail asks to confirm; None if it asks for nothing."""
    if newsletter.address.lower() == GMAIL_SENDER:
        return find_forwarding(newsletter)
    if not is_short(newsletter):
        return None
    texts = [newsletter.subject, *(block.text for block in newsletter.blocks)]
    if not any(map(asks, texts)):
        return None
    url = choose_link([link for link in list_links(newsletter) if is_web_address(link.url)])
    if url is None:
        return None
    sender = newsletter.sender or newsletter.address
    return Confirmation(ConfirmationKind.SUBSCRIPTION, sender, url, None)


def find_forwarding(newsletter: Newsletter) -> Confirmation | None:
    """Gmail's request, with its code in the subject. Only a link to Gmail counts."""
    code = GMAIL_CODE.search(newsletter.subject)
    urls = [
        link.url
        for link in list_links(newsletter)
        if is_web_address(link.url)
        and urlsplit(link.url).hostname in GMAIL_HOSTS
        and urlsplit(link.url).path.startswith(GMAIL_PATH)
    ]
    if code is None and not urls:
        return None
    return Confirmation(
        ConfirmationKind.FORWARDING, "Gmail", urls[0] if urls else None, code[1] if code else None
    )


def is_short(newsletter: Newsletter) -> bool:
    """Whether a mail is short enough to ask for nothing else."""
    uncut, blocks = newsletter.uncut_blocks, newsletter.blocks
    return (
        len(uncut) <= MAX_BLOCKS
        and sum(len(block.text) for block in uncut) <= MAX_CHARACTERS
        and sum(len(block.text) for block in blocks) <= MAX_WITH_FOOTER
    )


def list_links(newsletter: Newsletter) -> list[Link]:
    """The first links of a mail."""
    links = (link for block in newsletter.blocks for link in block.links)
    return list(islice(links, MAX_LINKS))


def asks(text: str) -> bool:
    """Whether a text has a word for confirming and one for what is confirmed, of the same language."""
    folded = text.casefold()
    return any(
        contains(folded, confirm) and contains(folded, subscription)
        for confirm, subscription in read_phrases().languages
    )


def choose_link(links: list[Link]) -> str | None:
    """The link that confirms: by its text, or else by its target."""
    phrases = read_phrases()
    targets = [(link.text.casefold(), target_of(link.url), link.url) for link in links]
    candidates = [
        (text, target, url)
        for text, target, url in targets
        if not contains(text, phrases.other_texts) and not contains(target, phrases.other_targets)
    ]
    for text, _, url in candidates:
        if contains(text, phrases.confirm) or contains(text, phrases.agree):
            return url
    return next((url for _, target, url in candidates if contains(target, phrases.targets)), None)


def target_of(url: str) -> str:
    """The part of an address that its site chose, without the host."""
    parts = urlsplit(url)
    return unquote(f"{parts.path}?{parts.query}").casefold()


def is_web_address(url: str) -> bool:
    if len(url) > MAX_URL:
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    is_plain = parts.username is None and url.isprintable()
    # The page names the host. Where this one has a backslash, a browser's ends.
    is_host = bool(host) and all(sign.isalnum() or sign in HOST_SIGNS for sign in host or "")
    return parts.scheme in ("http", "https") and is_host and is_plain


def contains(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)
