from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.home_account_role import HomeAccountRole, check_home_account_role

if TYPE_CHECKING:
    from ..models.passkey import Passkey
    from ..models.signed_in_browser import SignedInBrowser


T = TypeVar("T", bound="HomeAccount")


@_attrs_define
class HomeAccount:
    """Your account on this server, and the ways to sign in to it."""

    name: str
    role: HomeAccountRole
    has_password: bool
    passkeys: list[Passkey]
    provider_name: None | str
    """ The name of the account at the provider with which you sign in; null if there is none. """
    sessions: list[SignedInBrowser]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        role: str = self.role

        has_password = self.has_password

        passkeys = []
        for passkeys_item_data in self.passkeys:
            passkeys_item = passkeys_item_data.to_dict()
            passkeys.append(passkeys_item)

        provider_name: None | str
        provider_name = self.provider_name

        sessions = []
        for sessions_item_data in self.sessions:
            sessions_item = sessions_item_data.to_dict()
            sessions.append(sessions_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "role": role,
                "has_password": has_password,
                "passkeys": passkeys,
                "provider_name": provider_name,
                "sessions": sessions,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.passkey import Passkey  # noqa: PLC0415
        from ..models.signed_in_browser import SignedInBrowser  # noqa: PLC0415

        d = dict(src_dict)
        name = d.pop("name")

        role = check_home_account_role(d.pop("role"))

        has_password = d.pop("has_password")

        passkeys = []
        _passkeys = d.pop("passkeys")
        for passkeys_item_data in _passkeys:
            passkeys_item = Passkey.from_dict(passkeys_item_data)

            passkeys.append(passkeys_item)

        def _parse_provider_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        provider_name = _parse_provider_name(d.pop("provider_name"))

        sessions = []
        _sessions = d.pop("sessions")
        for sessions_item_data in _sessions:
            sessions_item = SignedInBrowser.from_dict(sessions_item_data)

            sessions.append(sessions_item)

        home_account = cls(
            name=name,
            role=role,
            has_password=has_password,
            passkeys=passkeys,
            provider_name=provider_name,
            sessions=sessions,
        )

        home_account.additional_properties = d
        return home_account

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
