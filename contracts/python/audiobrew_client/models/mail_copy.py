from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MailCopy")


@_attrs_define
class MailCopy:
    """Another mail with the same issue: sent again, corrected or forwarded."""

    id: UUID
    subject: str
    received_at: datetime.datetime
    newer: bool
    """ Whether an order without `email_ids` takes this copy instead. """
    in_episode: bool
    """ Whether a finished episode included this copy. The others are not new then, either. """
    changed: bool
    """ Whether its text differs by more than a greeting. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        subject = self.subject

        received_at = self.received_at.isoformat()

        newer = self.newer

        in_episode = self.in_episode

        changed = self.changed

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "subject": subject,
                "received_at": received_at,
                "newer": newer,
                "in_episode": in_episode,
                "changed": changed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        subject = d.pop("subject")

        received_at = datetime.datetime.fromisoformat(d.pop("received_at"))

        newer = d.pop("newer")

        in_episode = d.pop("in_episode")

        changed = d.pop("changed")

        mail_copy = cls(
            id=id,
            subject=subject,
            received_at=received_at,
            newer=newer,
            in_episode=in_episode,
            changed=changed,
        )

        mail_copy.additional_properties = d
        return mail_copy

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
