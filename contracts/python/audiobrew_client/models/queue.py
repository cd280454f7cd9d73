from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

T = TypeVar("T", bound="Queue")


@_attrs_define
class Queue:
    """The episodes that come up next, in order."""

    episode_ids: list[UUID]

    def to_dict(self) -> dict[str, Any]:
        episode_ids = []
        for episode_ids_item_data in self.episode_ids:
            episode_ids_item = str(episode_ids_item_data)
            episode_ids.append(episode_ids_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "episode_ids": episode_ids,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        episode_ids = []
        _episode_ids = d.pop("episode_ids")
        for episode_ids_item_data in _episode_ids:
            episode_ids_item = UUID(episode_ids_item_data)

            episode_ids.append(episode_ids_item)

        queue = cls(
            episode_ids=episode_ids,
        )

        return queue
