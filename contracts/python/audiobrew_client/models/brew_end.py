from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.stage import Stage, check_stage

T = TypeVar("T", bound="BrewEnd")


@_attrs_define
class BrewEnd:
    """The end of a brew. It is the last event."""

    event: Literal["end"]
    stage: Stage
    """ Where an episode is. The last three are final, though a failed or cancelled episode can be retried. """
    percent: int
    trouble: None | str
    trouble_type: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        event = self.event

        stage: str = self.stage

        percent = self.percent

        trouble: None | str
        trouble = self.trouble

        trouble_type: None | str
        trouble_type = self.trouble_type

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "event": event,
                "stage": stage,
                "percent": percent,
                "trouble": trouble,
                "trouble_type": trouble_type,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        event = cast(Literal["end"], d.pop("event"))
        if event != "end":
            raise ValueError(f"event must match const 'end', got '{event}'")

        stage = check_stage(d.pop("stage"))

        percent = d.pop("percent")

        def _parse_trouble(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        trouble = _parse_trouble(d.pop("trouble"))

        def _parse_trouble_type(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        trouble_type = _parse_trouble_type(d.pop("trouble_type"))

        brew_end = cls(
            event=event,
            stage=stage,
            percent=percent,
            trouble=trouble,
            trouble_type=trouble_type,
        )

        brew_end.additional_properties = d
        return brew_end

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
