"""What a call costs: a dated table, in millionths of a dollar."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from http import HTTPStatus
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from audiobrew.models.usage import Bound, Usage
from audiobrew.problems import Problem

OWN = Path(__file__).with_name("prices.toml")
_models = TypeAdapter(dict[str, dict[str, float]])


class PriceUnknown(Problem):
    """No price is known for this model, so a cap or a daily limit cannot be kept. Whoever runs this: add the
    price. Until then, only brewing without a cap and a daily limit works."""

    type = "price-unknown"
    status = HTTPStatus.CONFLICT


class PricesUnreadable(Problem):
    """The table of prices (AUDIOBREW_PRICES) cannot be read: it must be TOML with as_of and [models]."""

    type = "prices-unreadable"


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars per million units, by model and unit: which is millionths of a dollar a unit."""

    as_of: date
    models: Mapping[str, Mapping[str, float]]

    def known(self, use: Usage) -> bool:
        return set(use.units) <= set(self.models.get(use.model, {}))

    def most(self, model: str, bound: Bound, tokens: int) -> Usage:
        """The most that one try can take whose answer may have so many tokens: all of the dearest kind."""
        table = self.models.get(model, {})
        dearest = max(bound.outputs, key=lambda unit: table.get(unit, 0.0))
        return Usage(model, {**bound.inputs, dearest: float(tokens)})

    def amount(self, use: Usage) -> int:
        """Millionths of a dollar, rounded up; what has no price counts as nothing."""
        table = self.models.get(use.model, {})
        exact = sum(count * table.get(unit, 0.0) for unit, count in use.units.items())
        return -int(-exact // 1)


def millionths(dollars: float | None) -> int | None:
    return None if dollars is None else round(dollars * 1_000_000)


@cache
def prices(file: Path | None = None) -> Prices:
    """Raises PricesUnreadable."""
    try:
        told = tomllib.loads((file or OWN).read_text(encoding="utf-8"))
        day = told["as_of"]
        if not isinstance(day, date):
            raise PricesUnreadable
        return Prices(day, _models.validate_python(told["models"]))
    except (OSError, KeyError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise PricesUnreadable from error
