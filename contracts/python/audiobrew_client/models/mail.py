from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Mail")


@_attrs_define
class Mail:
    """One mail in the inbox."""

    id: UUID
    subject: str
    sender: str
    """ The sender's display name, or the address if there is none. """
    address: str
    language: str
    """ ISO 639-1. """
    newsletter: bool
    """ Whether this is a newsletter. Other mails are brewed only if an order names them. """
    told: int
    """ The number of blocks that an episode may read aloud. """
    cut: int
    """ The number of blocks that are cut, such as ads and footers. """
    is_new: bool
    """ Whether this is a newsletter that can be brewed and that no finished episode has included yet. An order
    without `email_ids` includes all of these. """
    received_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        subject = self.subject

        sender = self.sender

        address = self.address

        language = self.language

        newsletter = self.newsletter

        told = self.told

        cut = self.cut

        is_new = self.is_new

        received_at = self.received_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "subject": subject,
                "sender": sender,
                "address": address,
                "language": language,
                "newsletter": newsletter,
                "told": told,
                "cut": cut,
                "is_new": is_new,
                "received_at": received_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        subject = d.pop("subject")

        sender = d.pop("sender")

        address = d.pop("address")

        language = d.pop("language")

        newsletter = d.pop("newsletter")

        told = d.pop("told")

        cut = d.pop("cut")

        is_new = d.pop("is_new")

        received_at = datetime.datetime.fromisoformat(d.pop("received_at"))

        mail = cls(
            id=id,
            subject=subject,
            sender=sender,
            address=address,
            language=language,
            newsletter=newsletter,
            told=told,
            cut=cut,
            is_new=is_new,
            received_at=received_at,
        )

        mail.additional_properties = d
        return mail

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
