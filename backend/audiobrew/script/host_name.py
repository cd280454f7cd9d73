"""The names that a listener gives the hosts. The hosts say them, so only plain names are allowed."""

import re
from collections.abc import Sequence

from audiobrew.script.action_words import ACTION_WORDS
from audiobrew.script.script import Speaker

MAX_HOST_NAME_LENGTH = 40
# A letter of any writing system, or a sign that combines with letters.
_LETTER = (
    r"[^\W\d_\u0300-\u036f]|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e]"
)
_WORD = f"(?:{_LETTER}){{1,30}}"
# Up to three words, such as Ada, Jean-Luc, O’Neil or Dr. Ada Roy; or nothing.
HOST_NAME_PATTERN = rf"^(?:{_WORD}(?:(?:[ '’-]|\. ){_WORD}){{0,2}})?$"
_HOST_NAME = re.compile(HOST_NAME_PATTERN.replace("$", r"\Z"))


def is_host_name(name: str) -> bool:
    """Whether a host may have this name. The empty name stands for a host without one."""
    return (
        len(name) <= MAX_HOST_NAME_LENGTH
        and _HOST_NAME.match(name) is not None
        and {word.casefold() for word in name.split()}.isdisjoint(ACTION_WORDS)
    )


def named_hosts(names: Sequence[str]) -> tuple[str, ...]:
    """The names in a form that is equal for equal names: empty if no host has a name."""
    return tuple(names) if any(names) else ()


def name_of_host(names: Sequence[str], speaker: Speaker) -> str:
    """The name of this host, or an empty string."""
    number = 1 if speaker is Speaker.SECOND else 0
    return names[number] if number < len(names) else ""


def other_host(speaker: Speaker) -> Speaker:
    return Speaker.FIRST if speaker is Speaker.SECOND else Speaker.SECOND
