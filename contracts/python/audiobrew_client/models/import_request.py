from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

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

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        bytes_ = self.bytes_

        include_others = self.include_others

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "bytes": bytes_,
            }
        )
        if include_others is not UNSET:
            field_dict["include_others"] = include_others

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        bytes_ = d.pop("bytes")

        include_others = d.pop("include_others", UNSET)

        import_request = cls(
            name=name,
            bytes_=bytes_,
            include_others=include_others,
        )

        return import_request
