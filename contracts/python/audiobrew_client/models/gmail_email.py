from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="GmailEmail")


@_attrs_define
class GmailEmail:
    """A mail with the label. Its id is the same as in the inbox."""

    id: UUID
    subject: str
    from_: str
    date: datetime.datetime
    snippet: str
    """ The beginning of the text, without blocks that are cut. """
    told: bool
    """ Whether a finished episode includes it. """
    newsletter: bool
    """ Whether this is a newsletter. Other mails cannot be brewed. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        subject = self.subject

        from_ = self.from_

        date = self.date.isoformat()

        snippet = self.snippet

        told = self.told

        newsletter = self.newsletter

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "subject": subject,
                "from": from_,
                "date": date,
                "snippet": snippet,
                "told": told,
                "newsletter": newsletter,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        subject = d.pop("subject")

        from_ = d.pop("from")

        date = datetime.datetime.fromisoformat(d.pop("date"))

        snippet = d.pop("snippet")

        told = d.pop("told")

        newsletter = d.pop("newsletter")

        gmail_email = cls(
            id=id,
            subject=subject,
            from_=from_,
            date=date,
            snippet=snippet,
            told=told,
            newsletter=newsletter,
        )

        gmail_email.additional_properties = d
        return gmail_email

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
