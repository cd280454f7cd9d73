from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="OpmlImport")


@_attrs_define
class OpmlImport:
    """A list of feeds from another program."""

    opml: str
    """ OPML, as text. """

    def to_dict(self) -> dict[str, Any]:
        opml = self.opml

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "opml": opml,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        opml = d.pop("opml")

        opml_import = cls(
            opml=opml,
        )

        return opml_import
