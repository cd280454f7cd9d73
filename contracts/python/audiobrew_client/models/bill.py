from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Bill")


@_attrs_define
class Bill:
    """What an episode has cost so far, with its quote and its cap."""

    quoted_usd: float | None
    cap_usd: float | None
    calls: int
    cost_usd: float
    """ The cost of the calls whose results are stored. """
    lost_usd: float
    """ The most that calls without a result may have cost, because they were cut off. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        quoted_usd: float | None
        quoted_usd = self.quoted_usd

        cap_usd: float | None
        cap_usd = self.cap_usd

        calls = self.calls

        cost_usd = self.cost_usd

        lost_usd = self.lost_usd

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "quoted_usd": quoted_usd,
                "cap_usd": cap_usd,
                "calls": calls,
                "cost_usd": cost_usd,
                "lost_usd": lost_usd,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_quoted_usd(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        quoted_usd = _parse_quoted_usd(d.pop("quoted_usd"))

        def _parse_cap_usd(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        cap_usd = _parse_cap_usd(d.pop("cap_usd"))

        calls = d.pop("calls")

        cost_usd = d.pop("cost_usd")

        lost_usd = d.pop("lost_usd")

        bill = cls(
            quoted_usd=quoted_usd,
            cap_usd=cap_usd,
            calls=calls,
            cost_usd=cost_usd,
            lost_usd=lost_usd,
        )

        bill.additional_properties = d
        return bill

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
