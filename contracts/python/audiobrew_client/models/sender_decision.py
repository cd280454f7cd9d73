from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="SenderDecision")


@_attrs_define
class SenderDecision:
    """Whether a sender sends newsletters. Becomes a rule, also for the emails that have arrived."""

    newsletter: bool

    def to_dict(self) -> dict[str, Any]:
        newsletter = self.newsletter

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "newsletter": newsletter,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        newsletter = d.pop("newsletter")

        sender_decision = cls(
            newsletter=newsletter,
        )

        return sender_decision
