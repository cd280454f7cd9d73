from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="GmailLabelChoice")


@_attrs_define
class GmailLabelChoice:
    """The label from which newsletters are read."""

    label_id: None | str
    """ Null for the label named AudioBrew. """

    def to_dict(self) -> dict[str, Any]:
        label_id: None | str
        label_id = self.label_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "label_id": label_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_label_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        label_id = _parse_label_id(d.pop("label_id"))

        gmail_label_choice = cls(
            label_id=label_id,
        )

        return gmail_label_choice
