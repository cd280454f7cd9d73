from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.earlier_sentence import EarlierSentence
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
    update_of: EarlierSentence | None | Unset = UNSET
    """ Where an earlier episode told this story, if the segment tells only what is new. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.earlier_sentence import EarlierSentence  # noqa: PLC0415

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

        update_of: dict[str, Any] | None | Unset
        if isinstance(self.update_of, Unset):
            update_of = UNSET
        elif isinstance(self.update_of, EarlierSentence):
            update_of = self.update_of.to_dict()
        else:
            update_of = self.update_of

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
        if update_of is not UNSET:
            field_dict["update_of"] = update_of

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.earlier_sentence import EarlierSentence  # noqa: PLC0415
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

        def _parse_update_of(data: object) -> EarlierSentence | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                update_of_type_0 = EarlierSentence.from_dict(data)

                return update_of_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EarlierSentence | None | Unset, data)

        update_of = _parse_update_of(d.pop("update_of", UNSET))

        script_segment = cls(
            title=title,
            language=language,
            start=start,
            end=end,
            sentences=sentences,
            chosen_because=chosen_because,
            update_of=update_of,
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
