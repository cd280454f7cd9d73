"""What is left to chance in a fuzz, and what is not: every operation is made to succeed first.

Until an operation has succeeded twice its valid cases are well-formed: of the contract's own example,
naming the listener's own things, with nothing optional. From then on they are whatever was drawn.
"""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from schemathesis import Case
from schemathesis.generation.meta import TestPhase

from tests.contract.fuzz_context import Told
from tests.contract.fuzz_report import CONTRACT
from tests.contract.fuzz_target import Own

ENOUGH = 2
ODD_SHARE = 0.25
TEXTS = tomllib.loads((Path(__file__).parent / "schemathesis.toml").read_text(encoding="utf-8"))
ODD: list[str] = TEXTS["dictionaries"]["texts"]["values"]
SCHEMAS: dict[str, Any] = json.loads(CONTRACT.read_text(encoding="utf-8"))["components"]["schemas"]
KINDS = {"/api/mail/": "mails", "/api/podcast/": "episodes", "/api/feed/tokens/": "feed_tokens"}
"""What the `id` in a path is of."""


class Chance:
    """Draws; but not while what comes next is made to succeed."""

    def __init__(self) -> None:
        self.certain = False
        self._succeeded: Counter[str] = Counter()
        self._luck = Random(4)
        self._odd = cycle(ODD)

    def turn(self, name: str) -> None:
        """An operation's next valid case begins."""
        self.certain = self._succeeded[name] < ENOUGH

    def told(self, name: str, status: int) -> None:
        self._succeeded[name] += status < 400 and status != 304

    def often(self) -> bool:
        return self.certain or self._luck.random() < 0.75

    def half(self) -> bool:
        return self.certain or self._luck.random() < 0.5

    def odd(self) -> str:
        """The next of the words that break what takes every text for ASCII, a format or a page."""
        return next(self._odd)

    def is_odd(self, name: str) -> bool:
        """A quarter of all cases, and the second of those that are made to succeed."""
        return self._succeeded[name] > 0 if self.certain else self._luck.random() < ODD_SHARE


def well_formed(case: Case, own: Own, told: Told) -> None:
    """What only this run can know, such as a code that was given a moment ago, is filled in later."""
    operation = case.operation.definition.raw
    case.query.clear()
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "header":
            case.headers.pop(parameter["name"], None)
    for name in case.path_parameters or {}:
        case.path_parameters[name] = _own_thing(name, case.path, own, told)
    media = operation.get("requestBody", {}).get("content", {}).get(case.media_type, {})
    if "example" in media:
        case.body = deepcopy(media["example"])


def _own_thing(name: str, path: str, own: Own, told: Told) -> str:
    if name == "user_id":
        return own.id
    if name == "token":
        return told.tokens[own.name]
    kind = next((kind for place, kind in KINDS.items() if path.startswith(place)), "episodes")
    return told.things[own.name][kind][-1]


def say_oddly(case: Case, name: str, chance: Chance) -> None:
    """Odd words wherever a body holds free text; the lengths that the coverage phase tries stay."""
    tried = case.meta and case.meta.phase.name == TestPhase.COVERAGE
    if isinstance(case.body, dict) and (chance.certain or not tried) and chance.is_odd(name):
        for field in FREE_TEXT.get((name, case.media_type or ""), set()) & case.body.keys():
            case.body[field] = chance.odd()


def free_text(contract: dict[str, Any]) -> Iterator[tuple[tuple[str, str], set[str]]]:
    """By operation and media type, the fields of a body that every odd text fits into."""
    for item in contract["paths"].values():
        for operation in item.values():
            content = operation.get("requestBody", {}).get("content", {})
            for media_type, media in content.items():
                fields = _followed(media["schema"]).get("properties", {})
                free = {name for name, schema in fields.items() if _takes_any_text(schema)}
                yield (operation["operationId"], media_type), free


def _takes_any_text(schema: dict[str, Any]) -> bool:
    return any(_is_free(_followed(one)) for one in schema.get("anyOf", [schema]))


def _is_free(schema: dict[str, Any]) -> bool:
    fixed = schema.keys() & {"enum", "const", "format", "contentMediaType"}
    pattern, longest = schema.get("pattern", ""), schema.get("maxLength", max(map(len, ODD)))
    fits = all(len(text) <= longest and re.search(pattern, text) for text in ODD)
    return schema.get("type") == "string" and not fixed and fits


def _followed(schema: dict[str, Any]) -> dict[str, Any]:
    while reference := schema.get("$ref"):
        schema = SCHEMAS[reference.rpartition("/")[2]]
    return schema


FREE_TEXT = dict(free_text(json.loads(CONTRACT.read_text(encoding="utf-8"))))
