from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.new_passkey_passkey import NewPasskeyPasskey


T = TypeVar("T", bound="NewPasskey")


@_attrs_define
class NewPasskey:
    """A passkey for an existing account."""

    passkey: NewPasskeyPasskey
    """ The browser's `PublicKeyCredential`, as its `toJSON()` returns it. """
    name: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        passkey = self.passkey.to_dict()

        name = self.name

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "passkey": passkey,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.new_passkey_passkey import NewPasskeyPasskey  # noqa: PLC0415

        d = dict(src_dict)
        passkey = NewPasskeyPasskey.from_dict(d.pop("passkey"))

        name = d.pop("name", UNSET)

        new_passkey = cls(
            passkey=passkey,
            name=name,
        )

        return new_passkey
