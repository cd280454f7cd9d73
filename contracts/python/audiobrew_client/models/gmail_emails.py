from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.gmail_email import GmailEmail


T = TypeVar("T", bound="GmailEmails")


@_attrs_define
class GmailEmails:
    """A label's mails, newest first."""

    label_id: str
    emails: list[GmailEmail]
    total: int
    """ The number of mails with the label, on all pages. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        label_id = self.label_id

        emails = []
        for emails_item_data in self.emails:
            emails_item = emails_item_data.to_dict()
            emails.append(emails_item)

        total = self.total

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "label_id": label_id,
                "emails": emails,
                "total": total,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.gmail_email import GmailEmail  # noqa: PLC0415

        d = dict(src_dict)
        label_id = d.pop("label_id")

        emails = []
        _emails = d.pop("emails")
        for emails_item_data in _emails:
            emails_item = GmailEmail.from_dict(emails_item_data)

            emails.append(emails_item)

        total = d.pop("total")

        gmail_emails = cls(
            label_id=label_id,
            emails=emails,
            total=total,
        )

        gmail_emails.additional_properties = d
        return gmail_emails

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
