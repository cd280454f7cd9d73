from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.host_roles import HostRoles, check_host_roles
from ..models.show_style import ShowStyle, check_show_style
from ..models.zone import Zone, check_zone
from ..types import UNSET, Unset

T = TypeVar("T", bound="PreferenceChanges")


@_attrs_define
class PreferenceChanges:
    """Omitted preferences stay unchanged."""

    minutes: int | Unset = 5
    hosts: int | Unset = 2
    language: None | str | Unset = UNSET
    """ ISO 639-1; null for the language of the mails. """
    zone: Zone | Unset = UNSET
    cap_usd: float | None | Unset = UNSET
    """ The most that an episode may cost, in US dollars; null for the setting of this service. """
    interests: str | Unset = ""
    """ What the listener wants to hear about, and how much they know of it, in their own words. Stories that fit
    come first. """
    host_names: list[str] | Unset = UNSET
    """ The names of the first and the second host, who introduce themselves with them. An empty name stands for a
    host without one. """
    host_roles: HostRoles | Unset = UNSET
    """ What two hosts do: both tell stories, or one asks and leads through the show, and the other one tells.

    With one host it has no effect. """
    sounds: bool | None | Unset = UNSET
    """ Whether short sounds open and close an episode and separate its stories; null for the setting of this
    service. """
    speed: float | Unset = 1.0
    """ How fast the app plays episodes; 1 is as spoken. """
    style: ShowStyle | Unset = UNSET
    """ How a show sounds.

    In a briefing, one host tells each story. In a conversation, the hosts take turns within a story. In an
    interview, one host asks and the other one answers. A deep dive tells few stories at length. """
    show_style: None | ShowStyle | Unset = UNSET
    """ For clients that send back what they received: it counts as long as `style` is the closest to it. """

    def to_dict(self) -> dict[str, Any]:
        minutes = self.minutes

        hosts = self.hosts

        language: None | str | Unset
        if isinstance(self.language, Unset):
            language = UNSET
        else:
            language = self.language

        zone: str | Unset = UNSET
        if not isinstance(self.zone, Unset):
            zone = self.zone

        cap_usd: float | None | Unset
        if isinstance(self.cap_usd, Unset):
            cap_usd = UNSET
        else:
            cap_usd = self.cap_usd

        interests = self.interests

        host_names: list[str] | Unset = UNSET
        if not isinstance(self.host_names, Unset):
            host_names = self.host_names

        host_roles: str | Unset = UNSET
        if not isinstance(self.host_roles, Unset):
            host_roles = self.host_roles

        sounds: bool | None | Unset
        if isinstance(self.sounds, Unset):
            sounds = UNSET
        else:
            sounds = self.sounds

        speed = self.speed

        style: str | Unset = UNSET
        if not isinstance(self.style, Unset):
            style = self.style

        show_style: None | str | Unset
        if isinstance(self.show_style, Unset):
            show_style = UNSET
        elif isinstance(self.show_style, str):
            show_style = self.show_style
        else:
            show_style = self.show_style

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if minutes is not UNSET:
            field_dict["minutes"] = minutes
        if hosts is not UNSET:
            field_dict["hosts"] = hosts
        if language is not UNSET:
            field_dict["language"] = language
        if zone is not UNSET:
            field_dict["zone"] = zone
        if cap_usd is not UNSET:
            field_dict["cap_usd"] = cap_usd
        if interests is not UNSET:
            field_dict["interests"] = interests
        if host_names is not UNSET:
            field_dict["host_names"] = host_names
        if host_roles is not UNSET:
            field_dict["host_roles"] = host_roles
        if sounds is not UNSET:
            field_dict["sounds"] = sounds
        if speed is not UNSET:
            field_dict["speed"] = speed
        if style is not UNSET:
            field_dict["style"] = style
        if show_style is not UNSET:
            field_dict["show_style"] = show_style

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        minutes = d.pop("minutes", UNSET)

        hosts = d.pop("hosts", UNSET)

        def _parse_language(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        language = _parse_language(d.pop("language", UNSET))

        _zone = d.pop("zone", UNSET)
        zone: Zone | Unset
        if isinstance(_zone, Unset):
            zone = UNSET
        else:
            zone = check_zone(_zone)

        def _parse_cap_usd(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        cap_usd = _parse_cap_usd(d.pop("cap_usd", UNSET))

        interests = d.pop("interests", UNSET)

        host_names = cast(list[str], d.pop("host_names", UNSET))

        _host_roles = d.pop("host_roles", UNSET)
        host_roles: HostRoles | Unset
        if isinstance(_host_roles, Unset):
            host_roles = UNSET
        else:
            host_roles = check_host_roles(_host_roles)

        def _parse_sounds(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        sounds = _parse_sounds(d.pop("sounds", UNSET))

        speed = d.pop("speed", UNSET)

        _style = d.pop("style", UNSET)
        style: ShowStyle | Unset
        if isinstance(_style, Unset):
            style = UNSET
        else:
            style = check_show_style(_style)

        def _parse_show_style(data: object) -> None | ShowStyle | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                show_style_type_0 = check_show_style(data)

                return show_style_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ShowStyle | Unset, data)

        show_style = _parse_show_style(d.pop("show_style", UNSET))

        preference_changes = cls(
            minutes=minutes,
            hosts=hosts,
            language=language,
            zone=zone,
            cap_usd=cap_usd,
            interests=interests,
            host_names=host_names,
            host_roles=host_roles,
            sounds=sounds,
            speed=speed,
            style=style,
            show_style=show_style,
        )

        return preference_changes
