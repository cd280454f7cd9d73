from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="AppLimits")


@_attrs_define
class AppLimits:
    """Limits that the app must respect."""

    upload_bytes: int
    """ Of a file that is uploaded in one request. """
    import_bytes: int
    """ Of a file that is uploaded in parts, as an import. """
    minutes_min: int
    minutes_max: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        upload_bytes = self.upload_bytes

        import_bytes = self.import_bytes

        minutes_min = self.minutes_min

        minutes_max = self.minutes_max

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "upload_bytes": upload_bytes,
                "import_bytes": import_bytes,
                "minutes_min": minutes_min,
                "minutes_max": minutes_max,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        upload_bytes = d.pop("upload_bytes")

        import_bytes = d.pop("import_bytes")

        minutes_min = d.pop("minutes_min")

        minutes_max = d.pop("minutes_max")

        app_limits = cls(
            upload_bytes=upload_bytes,
            import_bytes=import_bytes,
            minutes_min=minutes_min,
            minutes_max=minutes_max,
        )

        app_limits.additional_properties = d
        return app_limits

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
