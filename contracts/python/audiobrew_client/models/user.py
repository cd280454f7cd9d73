from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.preferences import Preferences


T = TypeVar("T", bound="User")


@_attrs_define
class User:
    """A listener's account."""

    id: UUID
    created_at: datetime.datetime
    preferences: Preferences
    """ Defaults for what an order or a schedule leaves out, which the app also suggests. """
    mailbox_connected: bool
    """ Whether a Gmail mailbox is connected. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        created_at = self.created_at.isoformat()

        preferences = self.preferences.to_dict()

        mailbox_connected = self.mailbox_connected

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "created_at": created_at,
                "preferences": preferences,
                "mailbox_connected": mailbox_connected,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.preferences import Preferences  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        preferences = Preferences.from_dict(d.pop("preferences"))

        mailbox_connected = d.pop("mailbox_connected")

        user = cls(
            id=id,
            created_at=created_at,
            preferences=preferences,
            mailbox_connected=mailbox_connected,
        )

        user.additional_properties = d
        return user

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
