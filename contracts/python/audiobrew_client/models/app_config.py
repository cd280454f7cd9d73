from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.app_config_auth import AppConfigAuth, check_app_config_auth

if TYPE_CHECKING:
    from ..models.app_limits import AppLimits


T = TypeVar("T", bound="AppConfig")


@_attrs_define
class AppConfig:
    """How to sign in, and the limits. Public: holds no secret."""

    auth: AppConfigAuth
    """ How listeners sign in. """
    version: str
    voice: str
    """ Which voice speaks. """
    limits: AppLimits
    """ What the app must keep to. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        auth: str = self.auth

        version = self.version

        voice = self.voice

        limits = self.limits.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "auth": auth,
                "version": version,
                "voice": voice,
                "limits": limits,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.app_limits import AppLimits  # noqa: PLC0415

        d = dict(src_dict)
        auth = check_app_config_auth(d.pop("auth"))

        version = d.pop("version")

        voice = d.pop("voice")

        limits = AppLimits.from_dict(d.pop("limits"))

        app_config = cls(
            auth=auth,
            version=version,
            voice=voice,
            limits=limits,
        )

        app_config.additional_properties = d
        return app_config

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
