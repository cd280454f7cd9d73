from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="EarlierSentence")


@_attrs_define
class EarlierSentence:
    """The sentence of one of your episodes that told something first."""

    episode_id: None | UUID
    """ Null if that episode was deleted. """
    sentence_id: int
    """ The id of the sentence in the script of that episode. """
    day: datetime.date
    """ The day of that episode, on your clock. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        episode_id: None | str
        if isinstance(self.episode_id, UUID):
            episode_id = str(self.episode_id)
        else:
            episode_id = self.episode_id

        sentence_id = self.sentence_id

        day = self.day.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "episode_id": episode_id,
                "sentence_id": sentence_id,
                "day": day,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_episode_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                episode_id_type_0 = UUID(data)

                return episode_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        episode_id = _parse_episode_id(d.pop("episode_id"))

        sentence_id = d.pop("sentence_id")

        day = datetime.date.fromisoformat(d.pop("day"))

        earlier_sentence = cls(
            episode_id=episode_id,
            sentence_id=sentence_id,
            day=day,
        )

        earlier_sentence.additional_properties = d
        return earlier_sentence

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
