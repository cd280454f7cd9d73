from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ImportRequest")


@_attrs_define
class ImportRequest:
    """The file that is going to be uploaded in parts."""

    name: str
    """ The name of the file, to show it. """
    bytes_: int
    """ The size of the file. """
    include_others: bool | Unset = False
    """ Whether mails without any sign of a newsletter are stored as well. """
    content_hash: None | str | Unset = UNSET
    """ The SHA-256 of the file's first 4 MiB followed by its last 4 MiB, in hexadecimal digits. The import has it,
    too, so that a client recognizes the file before it continues the upload. """

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        bytes_ = self.bytes_

        include_others = self.include_others

        content_hash: None | str | Unset
        if isinstance(self.content_hash, Unset):
            content_hash = UNSET
        else:
            content_hash = self.content_hash

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "bytes": bytes_,
            }
        )
        if include_others is not UNSET:
            field_dict["include_others"] = include_others
        if content_hash is not UNSET:
            field_dict["content_hash"] = content_hash

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        bytes_ = d.pop("bytes")

        include_others = d.pop("include_others", UNSET)

        def _parse_content_hash(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        content_hash = _parse_content_hash(d.pop("content_hash", UNSET))

        import_request = cls(
            name=name,
            bytes_=bytes_,
            include_others=include_others,
            content_hash=content_hash,
        )

        return import_request
