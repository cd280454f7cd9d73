from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.outcome import Outcome, check_outcome

T = TypeVar("T", bound="SentenceVerdict")


@_attrs_define
class SentenceVerdict:
    """Whether a sentence's sources support it.

    `replaced`: a model's sentence failed twice, and this one is the nearest sentence of the sources.

    """

    outcome: Outcome
    """ What a model says of a sentence beside its source. `replaced`: the sentence failed twice, and this
    one is its source's own. """
    words: str
    """ The words that decide. Empty if the sources support all of it. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        outcome: str = self.outcome

        words = self.words

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "outcome": outcome,
                "words": words,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        outcome = check_outcome(d.pop("outcome"))

        words = d.pop("words")

        sentence_verdict = cls(
            outcome=outcome,
            words=words,
        )

        sentence_verdict.additional_properties = d
        return sentence_verdict

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
