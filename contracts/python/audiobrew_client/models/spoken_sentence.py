from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.kind import Kind, check_kind
from ..models.speaker import Speaker, check_speaker
from ..types import UNSET, Unset

T = TypeVar("T", bound="SpokenSentence")


@_attrs_define
class SpokenSentence:
    """One sentence: who says it, when, and which blocks it comes from."""

    id: int
    text: str
    speaker: Speaker
    """ The two hosts; a one-host episode has only the first. """
    kind: Kind
    """ A `sourced` sentence cites blocks. A greeting, hand-over or sign-off states no facts. `before`: from an
    imported episode of the old application, which recorded no sources. """
    start: float | None
    """ In seconds of the episode. Null until it is recorded. """
    end: float | None
    cites: list[str]
    """ The ids of the blocks in `sources` that it cites. """
    link: bool | Unset = False
    """ Whether a host says it in their own words: a reaction, a question or a bridge. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        text = self.text

        speaker: str = self.speaker

        kind: str = self.kind

        start: float | None
        start = self.start

        end: float | None
        end = self.end

        cites = self.cites

        link = self.link

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "text": text,
                "speaker": speaker,
                "kind": kind,
                "start": start,
                "end": end,
                "cites": cites,
            }
        )
        if link is not UNSET:
            field_dict["link"] = link

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        text = d.pop("text")

        speaker = check_speaker(d.pop("speaker"))

        kind = check_kind(d.pop("kind"))

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

        cites = cast(list[str], d.pop("cites"))

        link = d.pop("link", UNSET)

        spoken_sentence = cls(
            id=id,
            text=text,
            speaker=speaker,
            kind=kind,
            start=start,
            end=end,
            cites=cites,
            link=link,
        )

        spoken_sentence.additional_properties = d
        return spoken_sentence

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
