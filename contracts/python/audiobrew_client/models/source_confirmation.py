from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.source_confirmation_kind import SourceConfirmationKind, check_source_confirmation_kind

T = TypeVar("T", bound="SourceConfirmation")


@_attrs_define
class SourceConfirmation:
    """What an email to an own address asks you to confirm. AudioBrew never opens its link."""

    number: int
    kind: SourceConfirmationKind
    """ `forwarding`: Gmail asks whether it may forward emails to the address. """
    sender: str
    url: None | str
    """ What to open. It comes from the email. """
    host: str
    """ The host of `url`; empty without one. """
    code: None | str
    """ What to enter at Gmail instead. """
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        number = self.number

        kind: str = self.kind

        sender = self.sender

        url: None | str
        url = self.url

        host = self.host

        code: None | str
        code = self.code

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "number": number,
                "kind": kind,
                "sender": sender,
                "url": url,
                "host": host,
                "code": code,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        number = d.pop("number")

        kind = check_source_confirmation_kind(d.pop("kind"))

        sender = d.pop("sender")

        def _parse_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        url = _parse_url(d.pop("url"))

        host = d.pop("host")

        def _parse_code(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        code = _parse_code(d.pop("code"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        source_confirmation = cls(
            number=number,
            kind=kind,
            sender=sender,
            url=url,
            host=host,
            code=code,
            created_at=created_at,
        )

        source_confirmation.additional_properties = d
        return source_confirmation

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
