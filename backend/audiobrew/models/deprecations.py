"""When models are shut down, as far as their makers have announced it."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

# How long before its end a model is reported.
SOON_DAYS = 60


@cache
def shutdowns() -> Mapping[str, date]:
    """The day on which each model is shut down, by name, from `deprecations.toml`."""
    file = Path(__file__).with_name("deprecations.toml")
    dates: dict[str, date] = tomllib.loads(file.read_text(encoding="utf-8"))["shutdowns"]
    return dates


def end_of(model: str) -> date | None:
    """The announced end of this model. A dated snapshot, such as gpt-4o-2024-08-06, ends with its model at
    the latest."""
    dates = shutdowns()
    matches = [name for name in dates if model == name or model.startswith(f"{name}-20")]
    return dates[max(matches, key=len)] if matches else None


def has_ended(end: date, today: date) -> bool:
    return end <= today


def ends_soon(end: date, today: date) -> bool:
    return 0 < (end - today).days <= SOON_DAYS
