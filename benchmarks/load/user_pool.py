"""The listeners whose requests a load generator sends, in turn, from the file that `stage.py` wrote."""

import itertools
import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PEOPLE: list[dict[str, Any]] = json.loads(Path(os.environ["LOAD_PEOPLE"]).read_text())
# The last ones are abusers. The others must not notice what they do.
ABUSERS = int(os.environ.get("LOAD_ABUSERS", "0"))
_people = itertools.cycle(PEOPLE[: len(PEOPLE) - ABUSERS])
_abusers = itertools.cycle(PEOPLE[len(PEOPLE) - ABUSERS :])


def next_person() -> dict[str, Any]:
    return next(_people)


def next_abuser() -> dict[str, Any]:
    return next(_abusers)


def auth_headers(person: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {person['token']}"}


def path_of(url: str) -> str:
    return urlsplit(url).path
