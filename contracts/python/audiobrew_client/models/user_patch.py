from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.preference_changes import PreferenceChanges


T = TypeVar("T", bound="UserPatch")


@_attrs_define
class UserPatch:
    """Changes to an account."""

    preferences: PreferenceChanges
    """ Omitted preferences stay unchanged. """

    def to_dict(self) -> dict[str, Any]:
        preferences = self.preferences.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "preferences": preferences,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.preference_changes import PreferenceChanges  # noqa: PLC0415

        d = dict(src_dict)
        preferences = PreferenceChanges.from_dict(d.pop("preferences"))

        user_patch = cls(
            preferences=preferences,
        )

        return user_patch
