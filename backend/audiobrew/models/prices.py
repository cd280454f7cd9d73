"""The price table of models, and what calls cost by it, in millionths of a dollar."""

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

PRICE_TABLE = Path(__file__).with_name("prices.toml")
_models = TypeAdapter(dict[str, dict[str, float]])


class PriceUnknown(Problem):
    """The price of this model is unknown, so a cap or a daily limit cannot be enforced. The operator must add
    the price; until then, episodes can only be brewed without these limits."""

    type = "price-unknown"
    status = HTTPStatus.CONFLICT


class PricesUnreadable(Problem):
    """The price table in AUDIOBREW_PRICES is unreadable. It must be a TOML file with as_of and [models]."""

    type = "prices-unreadable"


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices by model and unit: dollars per million units, which equals millionths of a dollar per unit."""

    as_of: date
    models: Mapping[str, Mapping[str, float]]

    def covers(self, usage: Usage) -> bool:
        """Whether every unit of this usage has a price."""
        return set(usage.units) <= set(self.models.get(usage.model, {}))

    def max_usage(self, model: str, bound: Bound, tokens: int) -> Usage:
        """The most that one try can use if its answer has up to `tokens` tokens, all of the dearest unit."""
        table = self.models.get(model, {})
        dearest = max(bound.outputs, key=lambda unit: table.get(unit, 0.0))
        return Usage(model, {**bound.inputs, dearest: float(tokens)})

    def amount(self, usage: Usage) -> int:
        """Millionths of a dollar, rounded up. Units without a price count as free."""
        table = self.models.get(usage.model, {})
        exact = sum(count * table.get(unit, 0.0) for unit, count in usage.units.items())
        return -int(-exact // 1)


def millionths(dollars: float | None) -> int | None:
    return None if dollars is None else round(dollars * 1_000_000)


@cache
def prices(file: Path | None = None) -> Prices:
    """The operator's price table if there is one, else ours. Raises PricesUnreadable."""
    try:
        table = tomllib.loads((file or PRICE_TABLE).read_text(encoding="utf-8"))
        day = table["as_of"]
        if not isinstance(day, date):
            raise PricesUnreadable
        return Prices(day, _models.validate_python(table["models"]))
    except (OSError, KeyError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise PricesUnreadable from error
