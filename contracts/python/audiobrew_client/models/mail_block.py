from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.block_kind import BlockKind, check_block_kind
from ..models.cut import Cut, check_cut
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.block_link import BlockLink


T = TypeVar("T", bound="MailBlock")


@_attrs_define
class MailBlock:
    """One paragraph of a mail."""

    id: str
    kind: BlockKind
    text: str
    links: list[BlockLink]
    cut: Cut | None
    """ Why the block is cut; null if it is not. """
    level: int | None | Unset = UNSET
    """ Of a heading; null for other kinds, and in mails that were read before it was kept. """
    role: None | str | Unset = UNSET
    """ What it is for, where `kind` does not say it: `code`, `image` (its alternative text), `caption`, `question`
    and `answer` (of an interview), `byline`, `footnote`, or `link` (of a list of links). More may be added: show a
    role that you do not know as `kind` says. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        kind: str = self.kind

        text = self.text

        links = []
        for links_item_data in self.links:
            links_item = links_item_data.to_dict()
            links.append(links_item)

        cut: None | str
        if isinstance(self.cut, str):
            cut = self.cut
        else:
            cut = self.cut

        level: int | None | Unset
        if isinstance(self.level, Unset):
            level = UNSET
        else:
            level = self.level

        role: None | str | Unset
        if isinstance(self.role, Unset):
            role = UNSET
        else:
            role = self.role

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "text": text,
                "links": links,
                "cut": cut,
            }
        )
        if level is not UNSET:
            field_dict["level"] = level
        if role is not UNSET:
            field_dict["role"] = role

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.block_link import BlockLink  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        kind = check_block_kind(d.pop("kind"))

        text = d.pop("text")

        links = []
        _links = d.pop("links")
        for links_item_data in _links:
            links_item = BlockLink.from_dict(links_item_data)

            links.append(links_item)

        def _parse_cut(data: object) -> Cut | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                cut_type_0 = check_cut(data)

                return cut_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Cut | None, data)

        cut = _parse_cut(d.pop("cut"))

        def _parse_level(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        level = _parse_level(d.pop("level", UNSET))

        def _parse_role(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        role = _parse_role(d.pop("role", UNSET))

        mail_block = cls(
            id=id,
            kind=kind,
            text=text,
            links=links,
            cut=cut,
            level=level,
            role=role,
        )

        mail_block.additional_properties = d
        return mail_block

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
