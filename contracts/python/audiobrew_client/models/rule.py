from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Rule")


@_attrs_define
class Rule:
    """What you decided about a newsletter. It applies to mails that are added later."""

    id: UUID
    kind: str
    """ `tell` or `cut`: blocks like `text` are told or cut. `newsletter` or `not_newsletter`: the sender's mails
    are newsletters or are not, including those that are in the inbox already. `first`: they are newsletters, and
    come first in every episode. More may be added. """
    sender: str
    address: str
    text: None | str
    """ The beginning of the block that the rule is about. Blocks with other numbers, dates or names are recognized,
    too. Null for a rule about the sender. """
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        kind = self.kind

        sender = self.sender

        address = self.address

        text: None | str
        text = self.text

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "sender": sender,
                "address": address,
                "text": text,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        kind = d.pop("kind")

        sender = d.pop("sender")

        address = d.pop("address")

        def _parse_text(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        text = _parse_text(d.pop("text"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        rule = cls(
            id=id,
            kind=kind,
            sender=sender,
            address=address,
            text=text,
            created_at=created_at,
        )

        rule.additional_properties = d
        return rule

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
