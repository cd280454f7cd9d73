from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.mail_block import MailBlock


T = TypeVar("T", bound="MailWithBlocks")


@_attrs_define
class MailWithBlocks:
    """A mail with all its blocks, including those that are cut."""

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
    blocks: list[MailBlock]
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

        blocks = []
        for blocks_item_data in self.blocks:
            blocks_item = blocks_item_data.to_dict()
            blocks.append(blocks_item)

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
                "blocks": blocks,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.mail_block import MailBlock  # noqa: PLC0415

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

        blocks = []
        _blocks = d.pop("blocks")
        for blocks_item_data in _blocks:
            blocks_item = MailBlock.from_dict(blocks_item_data)

            blocks.append(blocks_item)

        mail_with_blocks = cls(
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
            blocks=blocks,
        )

        mail_with_blocks.additional_properties = d
        return mail_with_blocks

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
