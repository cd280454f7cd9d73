"""Whom a load generator plays: listeners in turn, from the file that the stage wrote."""

import itertools
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PEOPLE: list[dict[str, Any]] = json.loads(Path(os.environ["LOAD_CAST"]).read_text())
# The last of them are abusers: what they do to themselves must not be seen by the others.
ABUSERS = int(os.environ.get("LOAD_ABUSERS", "0"))
_turns = itertools.cycle(PEOPLE[: len(PEOPLE) - ABUSERS])
_abusers = itertools.cycle(PEOPLE[len(PEOPLE) - ABUSERS :])


def somebody() -> dict[str, Any]:
    return next(_turns)


def abuser() -> dict[str, Any]:
    return next(_abusers)


def headers(person: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {person['token']}"}


def path_of(url: str) -> str:
    return urlsplit(url).path
