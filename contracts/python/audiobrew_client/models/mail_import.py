from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.mail_import_status import MailImportStatus, check_mail_import_status

if TYPE_CHECKING:
    from ..models.skipped_mails import SkippedMails


T = TypeVar("T", bound="MailImport")


@_attrs_define
class MailImport:
    """A file of mails that is uploaded in parts and read in the background."""

    id: UUID
    name: str
    status: MailImportStatus
    """ The last three are final. """
    bytes_: int
    """ The size of the file. """
    part_bytes: int
    """ The size of every part of the file but the last one. """
    received_bytes: int
    """ How much of the file is uploaded. """
    read_bytes: int
    """ How much of the file is read. """
    mails: int
    """ The mails that were found so far. """
    newsletters: int
    """ Those of them that are newsletters. """
    added: int
    """ The mails that were not in the inbox before. """
    senders: int
    """ The newsletters' senders; not counted beyond 2,000. """
    other_mails: int
    """ Mails without any sign of a newsletter. Unless the import includes them, they are left out. """
    skipped_mails: int
    """ Mails that were not read. """
    skipped: list[SkippedMails]
    """ Why they were not read. """
    include_others: bool
    """ Whether mails without any sign of a newsletter are stored as well. """
    content_hash: None | str
    """ The hash of the file that the import began with; null if it began without one. """
    trouble: None | str
    """ Why the import failed; null if it did not. """
    created_at: datetime.datetime
    updated_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        name = self.name

        status: str = self.status

        bytes_ = self.bytes_

        part_bytes = self.part_bytes

        received_bytes = self.received_bytes

        read_bytes = self.read_bytes

        mails = self.mails

        newsletters = self.newsletters

        added = self.added

        senders = self.senders

        other_mails = self.other_mails

        skipped_mails = self.skipped_mails

        skipped = []
        for skipped_item_data in self.skipped:
            skipped_item = skipped_item_data.to_dict()
            skipped.append(skipped_item)

        include_others = self.include_others

        content_hash: None | str
        content_hash = self.content_hash

        trouble: None | str
        trouble = self.trouble

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "name": name,
                "status": status,
                "bytes": bytes_,
                "part_bytes": part_bytes,
                "received_bytes": received_bytes,
                "read_bytes": read_bytes,
                "mails": mails,
                "newsletters": newsletters,
                "added": added,
                "senders": senders,
                "other_mails": other_mails,
                "skipped_mails": skipped_mails,
                "skipped": skipped,
                "include_others": include_others,
                "content_hash": content_hash,
                "trouble": trouble,
                "created_at": created_at,
                "updated_at": updated_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.skipped_mails import SkippedMails  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        name = d.pop("name")

        status = check_mail_import_status(d.pop("status"))

        bytes_ = d.pop("bytes")

        part_bytes = d.pop("part_bytes")

        received_bytes = d.pop("received_bytes")

        read_bytes = d.pop("read_bytes")

        mails = d.pop("mails")

        newsletters = d.pop("newsletters")

        added = d.pop("added")

        senders = d.pop("senders")

        other_mails = d.pop("other_mails")

        skipped_mails = d.pop("skipped_mails")

        skipped = []
        _skipped = d.pop("skipped")
        for skipped_item_data in _skipped:
            skipped_item = SkippedMails.from_dict(skipped_item_data)

            skipped.append(skipped_item)

        include_others = d.pop("include_others")

        def _parse_content_hash(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        content_hash = _parse_content_hash(d.pop("content_hash"))

        def _parse_trouble(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        trouble = _parse_trouble(d.pop("trouble"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        mail_import = cls(
            id=id,
            name=name,
            status=status,
            bytes_=bytes_,
            part_bytes=part_bytes,
            received_bytes=received_bytes,
            read_bytes=read_bytes,
            mails=mails,
            newsletters=newsletters,
            added=added,
            senders=senders,
            other_mails=other_mails,
            skipped_mails=skipped_mails,
            skipped=skipped,
            include_others=include_others,
            content_hash=content_hash,
            trouble=trouble,
            created_at=created_at,
            updated_at=updated_at,
        )

        mail_import.additional_properties = d
        return mail_import

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
