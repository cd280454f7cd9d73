from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="AppRollout")


@_attrs_define
class AppRollout:
    """Which side serves whom. The railway side serves a listener whose bucket is less than `percent` times
    100; the vercel side serves all others, and everybody while `kill` is true.

    The bucket is the first four bytes of the SHA-256 of `salt`, a colon and the listener's id, as a
    big-endian number, modulo 10000. For visitors who have not signed in it is 9999.

    """

    percent: float
    salt: str
    """ Never changes. """
    kill: bool
    """ The vercel side serves everybody. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        percent = self.percent

        salt = self.salt

        kill = self.kill

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "percent": percent,
                "salt": salt,
                "kill": kill,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        percent = d.pop("percent")

        salt = d.pop("salt")

        kill = d.pop("kill")

        app_rollout = cls(
            percent=percent,
            salt=salt,
            kill=kill,
        )

        app_rollout.additional_properties = d
        return app_rollout

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
