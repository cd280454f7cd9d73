from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="BrewQuote")


@_attrs_define
class BrewQuote:
    """The expected cost and length of an order."""

    newsletters: int
    characters: int
    """ The length of the text that may be told, in characters. """
    minutes: int
    """ How many of the ordered minutes these newsletters can fill. """
    calls: int
    """ The number of calls to models. """
    cost_usd: float | None
    """ Null if the price of a model is not known. """
    prices_as_of: datetime.date
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        newsletters = self.newsletters

        characters = self.characters

        minutes = self.minutes

        calls = self.calls

        cost_usd: float | None
        cost_usd = self.cost_usd

        prices_as_of = self.prices_as_of.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "newsletters": newsletters,
                "characters": characters,
                "minutes": minutes,
                "calls": calls,
                "cost_usd": cost_usd,
                "prices_as_of": prices_as_of,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        newsletters = d.pop("newsletters")

        characters = d.pop("characters")

        minutes = d.pop("minutes")

        calls = d.pop("calls")

        def _parse_cost_usd(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        cost_usd = _parse_cost_usd(d.pop("cost_usd"))

        prices_as_of = datetime.date.fromisoformat(d.pop("prices_as_of"))

        brew_quote = cls(
            newsletters=newsletters,
            characters=characters,
            minutes=minutes,
            calls=calls,
            cost_usd=cost_usd,
            prices_as_of=prices_as_of,
        )

        brew_quote.additional_properties = d
        return brew_quote

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
