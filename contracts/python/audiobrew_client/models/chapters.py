from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.chapter import Chapter


T = TypeVar("T", bound="Chapters")


@_attrs_define
class Chapters:
    """The chapters in the format of Podcasting 2.0."""

    version: Literal["1.2.0"]
    title: str
    chapters: list[Chapter]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        title = self.title

        chapters = []
        for chapters_item_data in self.chapters:
            chapters_item = chapters_item_data.to_dict()
            chapters.append(chapters_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "version": version,
                "title": title,
                "chapters": chapters,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.chapter import Chapter  # noqa: PLC0415

        d = dict(src_dict)
        version = cast(Literal["1.2.0"], d.pop("version"))
        if version != "1.2.0":
            raise ValueError(f"version must match const '1.2.0', got '{version}'")

        title = d.pop("title")

        chapters = []
        _chapters = d.pop("chapters")
        for chapters_item_data in _chapters:
            chapters_item = Chapter.from_dict(chapters_item_data)

            chapters.append(chapters_item)

        chapters = cls(
            version=version,
            title=title,
            chapters=chapters,
        )

        chapters.additional_properties = d
        return chapters

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
