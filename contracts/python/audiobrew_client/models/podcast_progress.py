from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.stage import Stage, check_stage
from ..types import UNSET, Unset

T = TypeVar("T", bound="PodcastProgress")


@_attrs_define
class PodcastProgress:
    """The progress of a brew. For a brew that was ordered by another client, it is the first event."""

    podcast_id: UUID
    stage: Stage
    """ Where an episode is. The last three are final, though a failed or cancelled episode can be retried. """
    done: int
    """ The number of parts of this stage that are done. """
    total: int
    """ The number of parts of this stage. 0 if it has no parts. """
    percent: int
    """ The progress of the whole brew. """
    event: Literal["progress"]
    awaits_review: bool | Unset = False
    """ Whether the script waits for you to read it. """
    seconds_left: int | None | Unset = UNSET
    """ About how many seconds the brew still takes, measured from the clips that it has finished since this stream
    began. It is known in the stage `speaking`, after two clips, and null otherwise. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        podcast_id = str(self.podcast_id)

        stage: str = self.stage

        done = self.done

        total = self.total

        percent = self.percent

        event = self.event

        awaits_review = self.awaits_review

        seconds_left: int | None | Unset
        if isinstance(self.seconds_left, Unset):
            seconds_left = UNSET
        else:
            seconds_left = self.seconds_left

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "podcast_id": podcast_id,
                "stage": stage,
                "done": done,
                "total": total,
                "percent": percent,
                "event": event,
            }
        )
        if awaits_review is not UNSET:
            field_dict["awaits_review"] = awaits_review
        if seconds_left is not UNSET:
            field_dict["seconds_left"] = seconds_left

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        podcast_id = UUID(d.pop("podcast_id"))

        stage = check_stage(d.pop("stage"))

        done = d.pop("done")

        total = d.pop("total")

        percent = d.pop("percent")

        event = cast(Literal["progress"], d.pop("event"))
        if event != "progress":
            raise ValueError(f"event must match const 'progress', got '{event}'")

        awaits_review = d.pop("awaits_review", UNSET)

        def _parse_seconds_left(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        seconds_left = _parse_seconds_left(d.pop("seconds_left", UNSET))

        podcast_progress = cls(
            podcast_id=podcast_id,
            stage=stage,
            done=done,
            total=total,
            percent=percent,
            event=event,
            awaits_review=awaits_review,
            seconds_left=seconds_left,
        )

        podcast_progress.additional_properties = d
        return podcast_progress

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
