"""A time zone as it is told on the wire."""

from importlib.resources import files
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema
from typing_extensions import TypeAliasType

ZONES = frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())
"""IANA's names, old ones too: browsers still tell them. From the locked package, so that the
contract lists the same ones on every machine."""


def _known(told: str) -> str:
    """A name of IANA's, and never a path."""
    if told not in ZONES:
        raise ValueError("must be a time zone such as Europe/Berlin")
    return told


Zone = TypeAliasType(
    "Zone",
    Annotated[
        str,
        AfterValidator(_known),
        WithJsonSchema({"type": "string", "enum": sorted(ZONES), "examples": ["Europe/Berlin"]}),
    ],
)
