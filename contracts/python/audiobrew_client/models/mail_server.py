from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.mail_server_security import MailServerSecurity, check_mail_server_security
from ..types import UNSET, Unset

T = TypeVar("T", bound="MailServer")


@_attrs_define
class MailServer:
    """A mail server, and how its connections are encrypted."""

    host: str
    port: int | Unset = 993
    security: MailServerSecurity | Unset = "tls"

    def to_dict(self) -> dict[str, Any]:
        host = self.host

        port = self.port

        security: str | Unset = UNSET
        if not isinstance(self.security, Unset):
            security = self.security

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "host": host,
            }
        )
        if port is not UNSET:
            field_dict["port"] = port
        if security is not UNSET:
            field_dict["security"] = security

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        host = d.pop("host")

        port = d.pop("port", UNSET)

        _security = d.pop("security", UNSET)
        security: MailServerSecurity | Unset
        if isinstance(_security, Unset):
            security = UNSET
        else:
            security = check_mail_server_security(_security)

        mail_server = cls(
            host=host,
            port=port,
            security=security,
        )

        return mail_server
