from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="BlockChanges")


@_attrs_define
class BlockChanges:
    """Which blocks to restore and which to cut."""

    restore: list[str] | Unset = UNSET
    cut: list[str] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        restore: list[str] | Unset = UNSET
        if not isinstance(self.restore, Unset):
            restore = self.restore

        cut: list[str] | Unset = UNSET
        if not isinstance(self.cut, Unset):
            cut = self.cut

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if restore is not UNSET:
            field_dict["restore"] = restore
        if cut is not UNSET:
            field_dict["cut"] = cut

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        restore = cast(list[str], d.pop("restore", UNSET))

        cut = cast(list[str], d.pop("cut", UNSET))

        block_changes = cls(
            restore=restore,
            cut=cut,
        )

        return block_changes
