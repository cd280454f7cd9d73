"""Time zones in requests and responses."""

from importlib.resources import files
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema
from typing_extensions import TypeAliasType

# All names in IANA's database, deprecated ones included because browsers still send them. They come from the
# locked package, so that the contract lists the same names on every machine.
ZONES = frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


def check_zone(name: str) -> str:
    """Raises ValueError for what is not a name in IANA's database, such as a path."""
    if name not in ZONES:
        raise ValueError("must be a time zone such as Europe/Berlin")
    return name


Zone = TypeAliasType(
    "Zone",
    Annotated[
        str,
        AfterValidator(check_zone),
        WithJsonSchema({"type": "string", "enum": sorted(ZONES), "examples": ["Europe/Berlin"]}),
    ],
)
