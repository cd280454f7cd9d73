"""A time zone as it is told on the wire."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field


def _zone(told: object) -> object:
    """A name of IANA's, and never a path."""
    try:
        ZoneInfo(str(told))
    except (KeyError, ValueError, OSError):
        raise ValueError("must be a time zone such as Europe/Berlin") from None
    return told


Zone = Annotated[str, BeforeValidator(_zone), Field(max_length=64, examples=["Europe/Berlin"])]
