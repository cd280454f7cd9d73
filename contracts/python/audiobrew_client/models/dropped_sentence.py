from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.why import Why, check_why

T = TypeVar("T", bound="DroppedSentence")


@_attrs_define
class DroppedSentence:
    """A sentence that is not told, and the parts of it that have no source."""

    text: str
    why: Why
    """ Why a sentence is not told: the gate dropped it for this reason, or there was no time left. """
    found: list[str]
    cites: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        why: str = self.why

        found = self.found

        cites = self.cites

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "text": text,
                "why": why,
                "found": found,
                "cites": cites,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        text = d.pop("text")

        why = check_why(d.pop("why"))

        found = cast(list[str], d.pop("found"))

        cites = cast(list[str], d.pop("cites"))

        dropped_sentence = cls(
            text=text,
            why=why,
            found=found,
            cites=cites,
        )

        dropped_sentence.additional_properties = d
        return dropped_sentence

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
