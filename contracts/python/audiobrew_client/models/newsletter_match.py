from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.text_part import TextPart


T = TypeVar("T", bound="NewsletterMatch")


@_attrs_define
class NewsletterMatch:
    """A newsletter in your inbox, found by its subject or its sender."""

    id: UUID
    """ The mail's id. """
    subject: list[TextPart]
    sender: list[TextPart]
    received_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        subject = []
        for subject_item_data in self.subject:
            subject_item = subject_item_data.to_dict()
            subject.append(subject_item)

        sender = []
        for sender_item_data in self.sender:
            sender_item = sender_item_data.to_dict()
            sender.append(sender_item)

        received_at = self.received_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "subject": subject,
                "sender": sender,
                "received_at": received_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.text_part import TextPart  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        subject = []
        _subject = d.pop("subject")
        for subject_item_data in _subject:
            subject_item = TextPart.from_dict(subject_item_data)

            subject.append(subject_item)

        sender = []
        _sender = d.pop("sender")
        for sender_item_data in _sender:
            sender_item = TextPart.from_dict(sender_item_data)

            sender.append(sender_item)

        received_at = datetime.datetime.fromisoformat(d.pop("received_at"))

        newsletter_match = cls(
            id=id,
            subject=subject,
            sender=sender,
            received_at=received_at,
        )

        newsletter_match.additional_properties = d
        return newsletter_match

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
