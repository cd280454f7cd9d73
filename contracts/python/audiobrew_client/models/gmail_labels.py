from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.gmail_label import GmailLabel


T = TypeVar("T", bound="GmailLabels")


@_attrs_define
class GmailLabels:
    """All labels of the mailbox."""

    labels: list[GmailLabel]
    audiobrew_label: GmailLabel | None
    """ The label named AudioBrew, in upper or lower case. """
    has_audiobrew_label: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.gmail_label import GmailLabel  # noqa: PLC0415

        labels = []
        for labels_item_data in self.labels:
            labels_item = labels_item_data.to_dict()
            labels.append(labels_item)

        audiobrew_label: dict[str, Any] | None
        if isinstance(self.audiobrew_label, GmailLabel):
            audiobrew_label = self.audiobrew_label.to_dict()
        else:
            audiobrew_label = self.audiobrew_label

        has_audiobrew_label = self.has_audiobrew_label

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "labels": labels,
                "audiobrew_label": audiobrew_label,
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

        def _parse_audiobrew_label(data: object) -> GmailLabel | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                audiobrew_label_type_0 = GmailLabel.from_dict(data)

                return audiobrew_label_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(GmailLabel | None, data)

        audiobrew_label = _parse_audiobrew_label(d.pop("audiobrew_label"))

        has_audiobrew_label = d.pop("has_audiobrew_label")

        gmail_labels = cls(
            labels=labels,
            audiobrew_label=audiobrew_label,
            has_audiobrew_label=has_audiobrew_label,
        )

        gmail_labels.additional_properties = d
        return gmail_labels

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
