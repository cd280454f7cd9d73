from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.spoken_sentence import SpokenSentence


T = TypeVar("T", bound="ScriptSegment")


@_attrs_define
class ScriptSegment:
    """One story, which is one chapter of the episode."""

    title: str
    language: str
    start: float | None
    end: float | None
    sentences: list[SpokenSentence]
    chosen_because: list[str] | Unset = UNSET
    """ The words of the listener's interests that the story has. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        title = self.title

        language = self.language

        start: float | None
        start = self.start

        end: float | None
        end = self.end

        sentences = []
        for sentences_item_data in self.sentences:
            sentences_item = sentences_item_data.to_dict()
            sentences.append(sentences_item)

        chosen_because: list[str] | Unset = UNSET
        if not isinstance(self.chosen_because, Unset):
            chosen_because = self.chosen_because

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "title": title,
                "language": language,
                "start": start,
                "end": end,
                "sentences": sentences,
            }
        )
        if chosen_because is not UNSET:
            field_dict["chosen_because"] = chosen_because

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.spoken_sentence import SpokenSentence  # noqa: PLC0415

        d = dict(src_dict)
        title = d.pop("title")

        language = d.pop("language")

        def _parse_start(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        start = _parse_start(d.pop("start"))

        def _parse_end(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        end = _parse_end(d.pop("end"))

        sentences = []
        _sentences = d.pop("sentences")
        for sentences_item_data in _sentences:
            sentences_item = SpokenSentence.from_dict(sentences_item_data)

            sentences.append(sentences_item)

        chosen_because = cast(list[str], d.pop("chosen_because", UNSET))

        script_segment = cls(
            title=title,
            language=language,
            start=start,
            end=end,
            sentences=sentences,
            chosen_because=chosen_because,
        )

        script_segment.additional_properties = d
        return script_segment

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
