from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Playback")


@_attrs_define
class Playback:
    """How far an episode was heard."""

    seconds: float
    """ From the beginning. """
    finished: bool
    """ Whether it counts as played. It then begins at its beginning again. """
    heard_at: datetime.datetime
    """ When the listener was there. """
    client: str
    """ The browser in which it was heard, such as `Firefox on Android`. Empty if unknown. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        seconds = self.seconds

        finished = self.finished

        heard_at = self.heard_at.isoformat()

        client = self.client

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "seconds": seconds,
                "finished": finished,
                "heard_at": heard_at,
                "client": client,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        seconds = d.pop("seconds")

        finished = d.pop("finished")

        heard_at = datetime.datetime.fromisoformat(d.pop("heard_at"))

        client = d.pop("client")

        playback = cls(
            seconds=seconds,
            finished=finished,
            heard_at=heard_at,
            client=client,
        )

        playback.additional_properties = d
        return playback

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
