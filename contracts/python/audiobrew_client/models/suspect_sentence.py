from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.suspect_reason import SuspectReason, check_suspect_reason

T = TypeVar("T", bound="SuspectSentence")


@_attrs_define
class SuspectSentence:
    """A text of a newsletter that is not told, because it resembles `advertising` or `housekeeping`: what a
    newsletter sells, or says of itself.

    """

    text: str
    cites: list[str]
    resembles: SuspectReason
    """ What a suspect resembles. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        cites = self.cites

        resembles: str = self.resembles

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "text": text,
                "cites": cites,
                "resembles": resembles,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        text = d.pop("text")

        cites = cast(list[str], d.pop("cites"))

        resembles = check_suspect_reason(d.pop("resembles"))

        suspect_sentence = cls(
            text=text,
            cites=cites,
            resembles=resembles,
        )

        suspect_sentence.additional_properties = d
        return suspect_sentence

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
