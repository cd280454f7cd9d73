from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="QuotedVoices")


@_attrs_define
class QuotedVoices:
    """Who speaks a language in an episode."""

    language: str
    first: str
    """ The name of the first host's voice. """
    second: None | str
    """ The name of the second host's voice; null in an episode with one host. """
    note: str
    """ Better voices that this service lacks, and how to get them. Empty if there are none. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        language = self.language

        first = self.first

        second: None | str
        second = self.second

        note = self.note

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "language": language,
                "first": first,
                "second": second,
                "note": note,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        language = d.pop("language")

        first = d.pop("first")

        def _parse_second(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        second = _parse_second(d.pop("second"))

        note = d.pop("note")

        quoted_voices = cls(
            language=language,
            first=first,
            second=second,
            note=note,
        )

        quoted_voices.additional_properties = d
        return quoted_voices

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
