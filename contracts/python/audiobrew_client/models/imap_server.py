from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.imap_server_security import ImapServerSecurity, check_imap_server_security
from ..types import UNSET, Unset

T = TypeVar("T", bound="ImapServer")


@_attrs_define
class ImapServer:
    """How to reach a mailbox."""

    host: str
    user: str
    password: str
    """ Usually an app password. It is stored encrypted. """
    port: int | Unset = 993
    security: ImapServerSecurity | Unset = "tls"
    """ `none` only within a private network. """
    certificate_sha256: None | str | Unset = UNSET
    """ Trust the certificate with this fingerprint and no other one, instead of those that are valid for the name
    of the server. The owner of the server has to allow private addresses. """

    def to_dict(self) -> dict[str, Any]:
        host = self.host

        user = self.user

        password = self.password

        port = self.port

        security: str | Unset = UNSET
        if not isinstance(self.security, Unset):
            security = self.security

        certificate_sha256: None | str | Unset
        if isinstance(self.certificate_sha256, Unset):
            certificate_sha256 = UNSET
        else:
            certificate_sha256 = self.certificate_sha256

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "host": host,
                "user": user,
                "password": password,
            }
        )
        if port is not UNSET:
            field_dict["port"] = port
        if security is not UNSET:
            field_dict["security"] = security
        if certificate_sha256 is not UNSET:
            field_dict["certificate_sha256"] = certificate_sha256

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        host = d.pop("host")

        user = d.pop("user")

        password = d.pop("password")

        port = d.pop("port", UNSET)

        _security = d.pop("security", UNSET)
        security: ImapServerSecurity | Unset
        if isinstance(_security, Unset):
            security = UNSET
        else:
            security = check_imap_server_security(_security)

        def _parse_certificate_sha256(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        certificate_sha256 = _parse_certificate_sha256(d.pop("certificate_sha256", UNSET))

        imap_server = cls(
            host=host,
            user=user,
            password=password,
            port=port,
            security=security,
            certificate_sha256=certificate_sha256,
        )

        return imap_server
