"""Makes every operation succeed before the fuzz sends it random values.

Until an operation has succeeded twice, its valid cases are guided: they use the contract's own example and
the listener's own things, without optional parameters. From then on they are sent as they were generated.
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
from uuid import uuid4

from schemathesis import Case
from schemathesis.generation.meta import TestPhase

from tests.contract.fuzz_context import FuzzContext
from tests.contract.fuzz_report import CONTRACT
from tests.contract.fuzz_target import FuzzListener

ENOUGH_SUCCESSES = 2
ODD_SHARE = 0.25
TEXTS = tomllib.loads((Path(__file__).parent / "schemathesis.toml").read_text(encoding="utf-8"))
ODD: list[str] = TEXTS["dictionaries"]["texts"]["values"]
SCHEMAS: dict[str, Any] = json.loads(CONTRACT.read_text(encoding="utf-8"))["components"]["schemas"]
# The kind of thing whose `id` is in a path.
KINDS = {
    "/api/mail/imports/": "imports",
    "/api/mail/": "mails",
    "/api/podcast/": "episodes",
    "/api/feed/tokens/": "feed_tokens",
    "/api/rules/": "rules",
    "/api/pronunciations/": "pronunciations",
    "/api/sources/": "sources",
}


class Guide:
    """Decides for each case whether it is guided, and otherwise draws random decisions."""

    def __init__(self) -> None:
        self.is_guided = False
        self._successes: Counter[str] = Counter()
        self._random = Random(4)
        self._odd_texts = cycle(ODD)

    def begin(self, name: str) -> None:
        """Begin the next valid case of an operation."""
        self.is_guided = self._successes[name] < ENOUGH_SUCCESSES

    def record(self, name: str, status: int) -> None:
        self._successes[name] += status < 400 and status != 304

    def often(self) -> bool:
        """True in three of four cases, and in guided ones."""
        return self.is_guided or self._random.random() < 0.75

    def half(self) -> bool:
        """True in every second case, and in guided ones."""
        return self.is_guided or self._random.random() < 0.5

    def odd_text(self) -> str:
        """The next text that breaks code which expects ASCII, or treats text as a format or as HTML."""
        return next(self._odd_texts)

    def wants_odd_text(self, name: str) -> bool:
        """True in a quarter of the cases, and in the second guided case of each operation."""
        return self._successes[name] > 0 if self.is_guided else self._random.random() < ODD_SHARE


def make_well_formed(case: Case, listener: FuzzListener, context: FuzzContext) -> None:
    """Replace generated values by the contract's example and the listener's own things. Values that only the
    service can issue, such as codes, are filled in later (`preconditions.py`)."""
    operation = case.operation.definition.raw
    case.query.clear()
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "header":
            case.headers.pop(parameter["name"], None)
        if parameter["in"] == "query" and parameter.get("required"):
            case.query[parameter["name"]] = parameter["example"]
    for name in case.path_parameters or {}:
        case.path_parameters[name] = _own_id(name, case.path, listener, context)
    media = operation.get("requestBody", {}).get("content", {}).get(case.media_type, {})
    if "example" in media:
        case.body = deepcopy(media["example"])


def _own_id(name: str, path: str, listener: FuzzListener, context: FuzzContext) -> str:
    if name == "user_id":
        return listener.id
    if name == "token":
        return context.feed_tokens[listener.name]
    if name == "number":
        return "0"
    kind = next((kind for prefix, kind in KINDS.items() if path.startswith(prefix)), "episodes")
    own = context.things[listener.name][kind]
    return own[-1] if own else str(uuid4())  # all of them were deleted in this run


def insert_odd_text(case: Case, name: str, guide: Guide) -> None:
    """Put odd text into the free-text fields of a body. The coverage phase tries lengths, which are not
    changed."""
    in_coverage = case.meta and case.meta.phase.name == TestPhase.COVERAGE
    can_change = isinstance(case.body, dict) and (guide.is_guided or not in_coverage)
    if can_change and guide.wants_odd_text(name):
        for field in FREE_TEXT.get((name, case.media_type or ""), set()) & case.body.keys():
            case.body[field] = guide.odd_text()


def free_text(contract: dict[str, Any]) -> Iterator[tuple[tuple[str, str], set[str]]]:
    """The fields of bodies that accept every odd text, by operation and media type."""
    for item in contract["paths"].values():
        for operation in item.values():
            content = operation.get("requestBody", {}).get("content", {})
            for media_type, media in content.items():
                fields = _resolve(media["schema"]).get("properties", {})
                free = {name for name, schema in fields.items() if _takes_any_text(schema)}
                yield (operation["operationId"], media_type), free


def _takes_any_text(schema: dict[str, Any]) -> bool:
    return any(_is_free(_resolve(option)) for option in schema.get("anyOf", [schema]))


def _is_free(schema: dict[str, Any]) -> bool:
    restrictions = schema.keys() & {"enum", "const", "format", "contentMediaType"}
    pattern, max_length = schema.get("pattern", ""), schema.get("maxLength", max(map(len, ODD)))
    fits = all(len(text) <= max_length and re.search(pattern, text) for text in ODD)
    return schema.get("type") == "string" and not restrictions and fits


def _resolve(schema: dict[str, Any]) -> dict[str, Any]:
    while reference := schema.get("$ref"):
        schema = SCHEMAS[reference.rpartition("/")[2]]
    return schema


FREE_TEXT = dict(free_text(json.loads(CONTRACT.read_text(encoding="utf-8"))))
