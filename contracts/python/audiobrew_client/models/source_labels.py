from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.gmail_label import GmailLabel


T = TypeVar("T", bound="SourceLabels")


@_attrs_define
class SourceLabels:
    """The labels of a Gmail mailbox."""

    labels: list[GmailLabel]
    has_audiobrew_label: bool
    """ Whether one is named AudioBrew, in upper or lower case. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        labels = []
        for labels_item_data in self.labels:
            labels_item = labels_item_data.to_dict()
            labels.append(labels_item)

        has_audiobrew_label = self.has_audiobrew_label

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "labels": labels,
                "has_audiobrew_label": has_audiobrew_label,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.gmail_label import GmailLabel  # noqa: PLC0415

        d = dict(src_dict)
        labels = []
        _labels = d.pop("labels")
        for labels_item_data in _labels:
            labels_item = GmailLabel.from_dict(labels_item_data)

            labels.append(labels_item)

        has_audiobrew_label = d.pop("has_audiobrew_label")

        source_labels = cls(
            labels=labels,
            has_audiobrew_label=has_audiobrew_label,
        )

        source_labels.additional_properties = d
        return source_labels

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
