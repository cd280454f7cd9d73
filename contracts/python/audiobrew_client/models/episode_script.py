from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.dropped_sentence import DroppedSentence
    from ..models.removed_sentence import RemovedSentence
    from ..models.repeated_sentence import RepeatedSentence
    from ..models.script_review import ScriptReview
    from ..models.script_segment import ScriptSegment
    from ..models.source import Source
    from ..models.suspect_sentence import SuspectSentence


T = TypeVar("T", bound="EpisodeScript")


@_attrs_define
class EpisodeScript:
    """The sentences of an episode, their sources, and the sentences that were dropped."""

    episode_id: UUID
    language: None | str
    segments: list[ScriptSegment]
    sources: list[Source]
    dropped: list[DroppedSentence]
    removed: list[RemovedSentence] | Unset = UNSET
    """ The sentences that you removed from the script. """
    review: None | ScriptReview | Unset = UNSET
    """ The present length and cost of a script that waits for you. """
    repeats: list[RepeatedSentence] | Unset = UNSET
    """ Sentences of the newsletters that earlier episodes told. """
    suspects: list[SuspectSentence] | Unset = UNSET
    """ What resembles advertising or housekeeping. To hear such blocks in later episodes, send them as `restore` to
    `PATCH /api/mail/{id}`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.script_review import ScriptReview  # noqa: PLC0415

        episode_id = str(self.episode_id)

        language: None | str
        language = self.language

        segments = []
        for segments_item_data in self.segments:
            segments_item = segments_item_data.to_dict()
            segments.append(segments_item)

        sources = []
        for sources_item_data in self.sources:
            sources_item = sources_item_data.to_dict()
            sources.append(sources_item)

        dropped = []
        for dropped_item_data in self.dropped:
            dropped_item = dropped_item_data.to_dict()
            dropped.append(dropped_item)

        removed: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.removed, Unset):
            removed = []
            for removed_item_data in self.removed:
                removed_item = removed_item_data.to_dict()
                removed.append(removed_item)

        review: dict[str, Any] | None | Unset
        if isinstance(self.review, Unset):
            review = UNSET
        elif isinstance(self.review, ScriptReview):
            review = self.review.to_dict()
        else:
            review = self.review

        repeats: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.repeats, Unset):
            repeats = []
            for repeats_item_data in self.repeats:
                repeats_item = repeats_item_data.to_dict()
                repeats.append(repeats_item)

        suspects: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.suspects, Unset):
            suspects = []
            for suspects_item_data in self.suspects:
                suspects_item = suspects_item_data.to_dict()
                suspects.append(suspects_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "episode_id": episode_id,
                "language": language,
                "segments": segments,
                "sources": sources,
                "dropped": dropped,
            }
        )
        if removed is not UNSET:
            field_dict["removed"] = removed
        if review is not UNSET:
            field_dict["review"] = review
        if repeats is not UNSET:
            field_dict["repeats"] = repeats
        if suspects is not UNSET:
            field_dict["suspects"] = suspects

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dropped_sentence import DroppedSentence  # noqa: PLC0415
        from ..models.removed_sentence import RemovedSentence  # noqa: PLC0415
        from ..models.repeated_sentence import RepeatedSentence  # noqa: PLC0415
        from ..models.script_review import ScriptReview  # noqa: PLC0415
        from ..models.script_segment import ScriptSegment  # noqa: PLC0415
        from ..models.source import Source  # noqa: PLC0415
        from ..models.suspect_sentence import SuspectSentence  # noqa: PLC0415

        d = dict(src_dict)
        episode_id = UUID(d.pop("episode_id"))

        def _parse_language(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        language = _parse_language(d.pop("language"))

        segments = []
        _segments = d.pop("segments")
        for segments_item_data in _segments:
            segments_item = ScriptSegment.from_dict(segments_item_data)

            segments.append(segments_item)

        sources = []
        _sources = d.pop("sources")
        for sources_item_data in _sources:
            sources_item = Source.from_dict(sources_item_data)

            sources.append(sources_item)

        dropped = []
        _dropped = d.pop("dropped")
        for dropped_item_data in _dropped:
            dropped_item = DroppedSentence.from_dict(dropped_item_data)

            dropped.append(dropped_item)

        _removed = d.pop("removed", UNSET)
        removed: list[RemovedSentence] | Unset = UNSET
        if _removed is not UNSET:
            removed = []
            for removed_item_data in _removed:
                removed_item = RemovedSentence.from_dict(removed_item_data)

                removed.append(removed_item)

        def _parse_review(data: object) -> None | ScriptReview | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                review_type_0 = ScriptReview.from_dict(data)

                return review_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ScriptReview | Unset, data)

        review = _parse_review(d.pop("review", UNSET))

        _repeats = d.pop("repeats", UNSET)
        repeats: list[RepeatedSentence] | Unset = UNSET
        if _repeats is not UNSET:
            repeats = []
            for repeats_item_data in _repeats:
                repeats_item = RepeatedSentence.from_dict(repeats_item_data)

                repeats.append(repeats_item)

        _suspects = d.pop("suspects", UNSET)
        suspects: list[SuspectSentence] | Unset = UNSET
        if _suspects is not UNSET:
            suspects = []
            for suspects_item_data in _suspects:
                suspects_item = SuspectSentence.from_dict(suspects_item_data)

                suspects.append(suspects_item)

        episode_script = cls(
            episode_id=episode_id,
            language=language,
            segments=segments,
            sources=sources,
            dropped=dropped,
            removed=removed,
            review=review,
            repeats=repeats,
            suspects=suspects,
        )

        episode_script.additional_properties = d
        return episode_script

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
