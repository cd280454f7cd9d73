from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="PlaybackRequest")


@_attrs_define
class PlaybackRequest:
    """Where the listener is, or was."""

    seconds: float
    """ From the beginning of the episode. """
    finished: bool | Unset = False
    """ Whether the episode counts as played. """
    age_seconds: float | Unset = 0.0
    """ How long ago that was. An age needs no clock that agrees with this service's. """

    def to_dict(self) -> dict[str, Any]:
        seconds = self.seconds

        finished = self.finished

        age_seconds = self.age_seconds

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "seconds": seconds,
            }
        )
        if finished is not UNSET:
            field_dict["finished"] = finished
        if age_seconds is not UNSET:
            field_dict["age_seconds"] = age_seconds

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        seconds = d.pop("seconds")

        finished = d.pop("finished", UNSET)

        age_seconds = d.pop("age_seconds", UNSET)

        playback_request = cls(
            seconds=seconds,
            finished=finished,
            age_seconds=age_seconds,
        )

        return playback_request
