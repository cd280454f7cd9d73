"""Names of accounts on a server of one's own: how they are written and compared."""

import unicodedata
from http import HTTPStatus

from audiobrew.problems import Problem

MAX_CHARACTERS = 60


class NameRefused(Problem):
    """A name has 1 to 60 characters, and none of them is a control character."""

    type = "name-refused"
    status = HTTPStatus.UNPROCESSABLE_ENTITY


def clean_name(name: str) -> str:
    """The name in NFC, with single spaces. Raises NameRefused."""
    text = " ".join(unicodedata.normalize("NFC", name).split())
    if not 1 <= len(text) <= MAX_CHARACTERS:
        raise NameRefused
    # Control, format (such as right-to-left overrides), unassigned and private characters.
    if any(unicodedata.category(character)[0] == "C" for character in text):
        raise NameRefused
    return text


def name_key(name: str) -> str:
    """Names with the same key belong to the same account: case and compatibility forms do not matter."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
