from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.kind import Kind, check_kind
from ..models.speaker import Speaker, check_speaker
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.sentence_verdict import SentenceVerdict


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
    verdict: None | SentenceVerdict | Unset = UNSET
    """ What a model says of it beside its sources. Null if it is their own sentence, or if the episode was written
    without a model. """
    unclear: list[str] | Unset = UNSET
    """ The names and figures that are hard to understand, if the service listens to what it speaks. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.sentence_verdict import SentenceVerdict  # noqa: PLC0415

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

        verdict: dict[str, Any] | None | Unset
        if isinstance(self.verdict, Unset):
            verdict = UNSET
        elif isinstance(self.verdict, SentenceVerdict):
            verdict = self.verdict.to_dict()
        else:
            verdict = self.verdict

        unclear: list[str] | Unset = UNSET
        if not isinstance(self.unclear, Unset):
            unclear = self.unclear

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
        if verdict is not UNSET:
            field_dict["verdict"] = verdict
        if unclear is not UNSET:
            field_dict["unclear"] = unclear

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.sentence_verdict import SentenceVerdict  # noqa: PLC0415

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

        def _parse_verdict(data: object) -> None | SentenceVerdict | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                verdict_type_0 = SentenceVerdict.from_dict(data)

                return verdict_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SentenceVerdict | Unset, data)

        verdict = _parse_verdict(d.pop("verdict", UNSET))

        unclear = cast(list[str], d.pop("unclear", UNSET))

        spoken_sentence = cls(
            id=id,
            text=text,
            speaker=speaker,
            kind=kind,
            start=start,
            end=end,
            cites=cites,
            link=link,
            verdict=verdict,
            unclear=unclear,
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
