from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.earlier_sentence import EarlierSentence


T = TypeVar("T", bound="RepeatedSentence")


@_attrs_define
class RepeatedSentence:
    """What is not told, because an earlier episode told it."""

    text: str
    cites: list[str]
    repeat_of: EarlierSentence
    """ The sentence of one of your episodes that told something first. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        cites = self.cites

        repeat_of = self.repeat_of.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "text": text,
                "cites": cites,
                "repeat_of": repeat_of,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.earlier_sentence import EarlierSentence  # noqa: PLC0415

        d = dict(src_dict)
        text = d.pop("text")

        cites = cast(list[str], d.pop("cites"))

        repeat_of = EarlierSentence.from_dict(d.pop("repeat_of"))

        repeated_sentence = cls(
            text=text,
            cites=cites,
            repeat_of=repeat_of,
        )

        repeated_sentence.additional_properties = d
        return repeated_sentence

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
