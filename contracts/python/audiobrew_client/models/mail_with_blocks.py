from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.earlier_sentence import EarlierSentence
    from ..models.mail_block import MailBlock
    from ..models.mail_copy import MailCopy
    from ..models.rule import Rule


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
    marked: bool | None | Unset = UNSET
    """ Whether you marked this sender as a newsletter (true) or as none (false); null if you did not, and
    `newsletter` is what AudioBrew found. """
    copies: list[MailCopy] | Unset = UNSET
    """ Other mails with the same issue, the newest 20 of them. Only the newest of all is new. """
    repeat_of: EarlierSentence | None | Unset = UNSET
    """ Where an earlier episode told what this newsletter says, if an order found nothing new in it. It is not new
    then, but an order can name it. """
    rules: list[Rule] | Unset = UNSET
    """ Your rules for this newsletter, newest first. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.earlier_sentence import EarlierSentence  # noqa: PLC0415

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

        marked: bool | None | Unset
        if isinstance(self.marked, Unset):
            marked = UNSET
        else:
            marked = self.marked

        copies: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.copies, Unset):
            copies = []
            for copies_item_data in self.copies:
                copies_item = copies_item_data.to_dict()
                copies.append(copies_item)

        repeat_of: dict[str, Any] | None | Unset
        if isinstance(self.repeat_of, Unset):
            repeat_of = UNSET
        elif isinstance(self.repeat_of, EarlierSentence):
            repeat_of = self.repeat_of.to_dict()
        else:
            repeat_of = self.repeat_of

        rules: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.rules, Unset):
            rules = []
            for rules_item_data in self.rules:
                rules_item = rules_item_data.to_dict()
                rules.append(rules_item)

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
        if marked is not UNSET:
            field_dict["marked"] = marked
        if copies is not UNSET:
            field_dict["copies"] = copies
        if repeat_of is not UNSET:
            field_dict["repeat_of"] = repeat_of
        if rules is not UNSET:
            field_dict["rules"] = rules

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.earlier_sentence import EarlierSentence  # noqa: PLC0415
        from ..models.mail_block import MailBlock  # noqa: PLC0415
        from ..models.mail_copy import MailCopy  # noqa: PLC0415
        from ..models.rule import Rule  # noqa: PLC0415

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

        def _parse_marked(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        marked = _parse_marked(d.pop("marked", UNSET))

        _copies = d.pop("copies", UNSET)
        copies: list[MailCopy] | Unset = UNSET
        if _copies is not UNSET:
            copies = []
            for copies_item_data in _copies:
                copies_item = MailCopy.from_dict(copies_item_data)

                copies.append(copies_item)

        def _parse_repeat_of(data: object) -> EarlierSentence | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                repeat_of_type_0 = EarlierSentence.from_dict(data)

                return repeat_of_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(EarlierSentence | None | Unset, data)

        repeat_of = _parse_repeat_of(d.pop("repeat_of", UNSET))

        _rules = d.pop("rules", UNSET)
        rules: list[Rule] | Unset = UNSET
        if _rules is not UNSET:
            rules = []
            for rules_item_data in _rules:
                rules_item = Rule.from_dict(rules_item_data)

                rules.append(rules_item)

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
            marked=marked,
            copies=copies,
            repeat_of=repeat_of,
            rules=rules,
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
