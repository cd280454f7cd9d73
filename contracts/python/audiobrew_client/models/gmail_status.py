from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.gmail_status_state import GmailStatusState, check_gmail_status_state

T = TypeVar("T", bound="GmailStatus")


@_attrs_define
class GmailStatus:
    """Whether Gmail is connected."""

    is_connected: bool
    email: None | str
    """ The mailbox's address. """
    state: GmailStatusState
    """ `reconnect`: Google no longer accepts the consent; connect Gmail again. """
    label: None | str
    """ The chosen label; null for the one named AudioBrew. """
    offered: bool
    """ Whether Gmail can be connected on this server. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        is_connected = self.is_connected

        email: None | str
        email = self.email

        state: str = self.state

        label: None | str
        label = self.label

        offered = self.offered

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "is_connected": is_connected,
                "email": email,
                "state": state,
                "label": label,
                "offered": offered,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        is_connected = d.pop("is_connected")

        def _parse_email(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        email = _parse_email(d.pop("email"))

        state = check_gmail_status_state(d.pop("state"))

        def _parse_label(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        label = _parse_label(d.pop("label"))

        offered = d.pop("offered")

        gmail_status = cls(
            is_connected=is_connected,
            email=email,
            state=state,
            label=label,
            offered=offered,
        )

        gmail_status.additional_properties = d
        return gmail_status

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
