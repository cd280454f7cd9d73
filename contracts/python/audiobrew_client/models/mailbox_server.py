from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.mailbox_server_security import MailboxServerSecurity, check_mailbox_server_security

T = TypeVar("T", bound="MailboxServer")


@_attrs_define
class MailboxServer:
    """The mail server of a mailbox, and the certificate that you trust there."""

    host: str
    port: int
    security: MailboxServerSecurity
    certificate_sha256: None | str
    """ The fingerprint of the only certificate that you trust there; null for those that are valid for its name.
    """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        host = self.host

        port = self.port

        security: str = self.security

        certificate_sha256: None | str
        certificate_sha256 = self.certificate_sha256

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "host": host,
                "port": port,
                "security": security,
                "certificate_sha256": certificate_sha256,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        host = d.pop("host")

        port = d.pop("port")

        security = check_mailbox_server_security(d.pop("security"))

        def _parse_certificate_sha256(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        certificate_sha256 = _parse_certificate_sha256(d.pop("certificate_sha256"))

        mailbox_server = cls(
            host=host,
            port=port,
            security=security,
            certificate_sha256=certificate_sha256,
        )

        mailbox_server.additional_properties = d
        return mailbox_server

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
