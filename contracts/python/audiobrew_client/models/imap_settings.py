from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.imap_settings_security import ImapSettingsSecurity, check_imap_settings_security

T = TypeVar("T", bound="ImapSettings")


@_attrs_define
class ImapSettings:
    """What is known about the mail server of an address."""

    provider: str
    """ The provider's name; empty if it is not known. """
    host: str
    """ Empty if a mailbox there cannot be read in this way. """
    port: int
    security: ImapSettingsSecurity
    is_own_server: bool
    """ Whether you run the server yourself, so that host and port may be other ones. """
    help_: str
    """ What to do first, such as making an app password. """
    help_url: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        provider = self.provider

        host = self.host

        port = self.port

        security: str = self.security

        is_own_server = self.is_own_server

        help_ = self.help_

        help_url = self.help_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "provider": provider,
                "host": host,
                "port": port,
                "security": security,
                "is_own_server": is_own_server,
                "help": help_,
                "help_url": help_url,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        provider = d.pop("provider")

        host = d.pop("host")

        port = d.pop("port")

        security = check_imap_settings_security(d.pop("security"))

        is_own_server = d.pop("is_own_server")

        help_ = d.pop("help")

        help_url = d.pop("help_url")

        imap_settings = cls(
            provider=provider,
            host=host,
            port=port,
            security=security,
            is_own_server=is_own_server,
            help_=help_,
            help_url=help_url,
        )

        imap_settings.additional_properties = d
        return imap_settings

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
