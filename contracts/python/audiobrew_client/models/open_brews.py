from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.open_brew import OpenBrew


T = TypeVar("T", bound="OpenBrews")


@_attrs_define
class OpenBrews:
    """Every brew that has not ended. It is the first event, and comes again after many missed events."""

    event: Literal["snapshot"]
    brews: list[OpenBrew]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        event = self.event

        brews = []
        for brews_item_data in self.brews:
            brews_item = brews_item_data.to_dict()
            brews.append(brews_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "event": event,
                "brews": brews,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.open_brew import OpenBrew  # noqa: PLC0415

        d = dict(src_dict)
        event = cast(Literal["snapshot"], d.pop("event"))
        if event != "snapshot":
            raise ValueError(f"event must match const 'snapshot', got '{event}'")

        brews = []
        _brews = d.pop("brews")
        for brews_item_data in _brews:
            brews_item = OpenBrew.from_dict(brews_item_data)

            brews.append(brews_item)

        open_brews = cls(
            event=event,
            brews=brews,
        )

        open_brews.additional_properties = d
        return open_brews

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
