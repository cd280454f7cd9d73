from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="BlockChanges")


@_attrs_define
class BlockChanges:
    """Which blocks to restore and which to cut, and whether the sender sends newsletters."""

    restore: list[str] | Unset = UNSET
    cut: list[str] | Unset = UNSET
    remember: bool | Unset = True
    """ Whether each restored or cut block becomes a rule for later issues. """
    newsletter: bool | None | Unset = UNSET
    """ Whether this sender sends newsletters. Becomes a rule; null changes nothing. """
    first: bool | None | Unset = UNSET
    """ Whether this sender's newsletters come first in every episode. Becomes a rule, also that they are
    newsletters; null changes nothing. """

    def to_dict(self) -> dict[str, Any]:
        restore: list[str] | Unset = UNSET
        if not isinstance(self.restore, Unset):
            restore = self.restore

        cut: list[str] | Unset = UNSET
        if not isinstance(self.cut, Unset):
            cut = self.cut

        remember = self.remember

        newsletter: bool | None | Unset
        if isinstance(self.newsletter, Unset):
            newsletter = UNSET
        else:
            newsletter = self.newsletter

        first: bool | None | Unset
        if isinstance(self.first, Unset):
            first = UNSET
        else:
            first = self.first

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if restore is not UNSET:
            field_dict["restore"] = restore
        if cut is not UNSET:
            field_dict["cut"] = cut
        if remember is not UNSET:
            field_dict["remember"] = remember
        if newsletter is not UNSET:
            field_dict["newsletter"] = newsletter
        if first is not UNSET:
            field_dict["first"] = first

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        restore = cast(list[str], d.pop("restore", UNSET))

        cut = cast(list[str], d.pop("cut", UNSET))

        remember = d.pop("remember", UNSET)

        def _parse_newsletter(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        newsletter = _parse_newsletter(d.pop("newsletter", UNSET))

        def _parse_first(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        first = _parse_first(d.pop("first", UNSET))

        block_changes = cls(
            restore=restore,
            cut=cut,
            remember=remember,
            newsletter=newsletter,
            first=first,
        )

        return block_changes
