from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.quoted_voices import QuotedVoices


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
    voices: list[QuotedVoices]
    """ Who speaks the languages of these newsletters, the most frequent one first. Languages that no voice speaks
    are left out. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        newsletters = self.newsletters

        characters = self.characters

        minutes = self.minutes

        calls = self.calls

        cost_usd: float | None
        cost_usd = self.cost_usd

        prices_as_of = self.prices_as_of.isoformat()

        voices = []
        for voices_item_data in self.voices:
            voices_item = voices_item_data.to_dict()
            voices.append(voices_item)

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
                "voices": voices,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.quoted_voices import QuotedVoices  # noqa: PLC0415

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

        voices = []
        _voices = d.pop("voices")
        for voices_item_data in _voices:
            voices_item = QuotedVoices.from_dict(voices_item_data)

            voices.append(voices_item)

        brew_quote = cls(
            newsletters=newsletters,
            characters=characters,
            minutes=minutes,
            calls=calls,
            cost_usd=cost_usd,
            prices_as_of=prices_as_of,
            voices=voices,
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
