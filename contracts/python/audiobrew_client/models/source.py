from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.block_kind import BlockKind, check_block_kind

if TYPE_CHECKING:
    from ..models.block_link import BlockLink


T = TypeVar("T", bound="Source")


@_attrs_define
class Source:
    """A block that a sentence cites."""

    block_id: str
    mail_id: UUID
    sender: str
    sender_domain: None | str
    """ The domain of the address in the mail's From field: anyone can choose any sender name. Null if the mail has
    no address, and for older episodes. """
    subject: str
    kind: BlockKind
    text: str
    links: list[BlockLink]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        block_id = self.block_id

        mail_id = str(self.mail_id)

        sender = self.sender

        sender_domain: None | str
        sender_domain = self.sender_domain

        subject = self.subject

        kind: str = self.kind

        text = self.text

        links = []
        for links_item_data in self.links:
            links_item = links_item_data.to_dict()
            links.append(links_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "block_id": block_id,
                "mail_id": mail_id,
                "sender": sender,
                "sender_domain": sender_domain,
                "subject": subject,
                "kind": kind,
                "text": text,
                "links": links,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.block_link import BlockLink  # noqa: PLC0415

        d = dict(src_dict)
        block_id = d.pop("block_id")

        mail_id = UUID(d.pop("mail_id"))

        sender = d.pop("sender")

        def _parse_sender_domain(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        sender_domain = _parse_sender_domain(d.pop("sender_domain"))

        subject = d.pop("subject")

        kind = check_block_kind(d.pop("kind"))

        text = d.pop("text")

        links = []
        _links = d.pop("links")
        for links_item_data in _links:
            links_item = BlockLink.from_dict(links_item_data)

            links.append(links_item)

        source = cls(
            block_id=block_id,
            mail_id=mail_id,
            sender=sender,
            sender_domain=sender_domain,
            subject=subject,
            kind=kind,
            text=text,
            links=links,
        )

        source.additional_properties = d
        return source

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
