from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.cadence import Cadence, check_cadence
from ..models.host_roles import HostRoles, check_host_roles
from ..models.show_style import ShowStyle, check_show_style
from ..models.zone import Zone, check_zone
from ..types import UNSET, Unset

T = TypeVar("T", bound="ScheduleRequest")


@_attrs_define
class ScheduleRequest:
    """When episodes are brewed automatically, and how."""

    cadence: Cadence
    time: str
    zone: Zone
    weekday: int | None | Unset = UNSET
    """ The day of a weekly schedule. 0 is Monday, which is the default. """
    minutes: int | Unset = UNSET
    """ If omitted, your preference applies. """
    hosts: int | Unset = UNSET
    """ If omitted, your preference applies. """
    language: None | str | Unset = UNSET
    """ If omitted, your preference applies. """
    interests: str | Unset = UNSET
    """ What the listener wants to hear about, and how much they know of it, in their own words. Stories that fit
    come first. If omitted, your preference applies. """
    host_names: list[str] | Unset = UNSET
    """ The names of the first and the second host, who introduce themselves with them. An empty name stands for a
    host without one. If omitted, your preference applies. """
    host_roles: HostRoles | Unset = UNSET
    """ What two hosts do: both tell stories, or one asks and leads through the show, and the other one tells.

    With one host it has no effect. """
    sounds: bool | None | Unset = UNSET
    """ Whether short sounds open and close an episode and separate its stories; null for the setting of this
    service. If omitted, your preference applies. """
    review: bool | Unset = UNSET
    """ Whether the script waits until you have read it: `awaits_review` is true then, and `POST
    /api/podcast/{id}/speak` goes on. """
    style: ShowStyle | Unset = UNSET
    """ How a show sounds.

    In a briefing, one host tells each story. In a conversation, the hosts take turns within a story. In an
    interview, one host asks and the other one answers. A deep dive tells few stories at length. """

    def to_dict(self) -> dict[str, Any]:
        cadence: str = self.cadence

        time = self.time

        zone: str = self.zone

        weekday: int | None | Unset
        if isinstance(self.weekday, Unset):
            weekday = UNSET
        else:
            weekday = self.weekday

        minutes = self.minutes

        hosts = self.hosts

        language: None | str | Unset
        if isinstance(self.language, Unset):
            language = UNSET
        else:
            language = self.language

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

        review = self.review

        style: str | Unset = UNSET
        if not isinstance(self.style, Unset):
            style = self.style

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cadence": cadence,
                "time": time,
                "zone": zone,
            }
        )
        if weekday is not UNSET:
            field_dict["weekday"] = weekday
        if minutes is not UNSET:
            field_dict["minutes"] = minutes
        if hosts is not UNSET:
            field_dict["hosts"] = hosts
        if language is not UNSET:
            field_dict["language"] = language
        if interests is not UNSET:
            field_dict["interests"] = interests
        if host_names is not UNSET:
            field_dict["host_names"] = host_names
        if host_roles is not UNSET:
            field_dict["host_roles"] = host_roles
        if sounds is not UNSET:
            field_dict["sounds"] = sounds
        if review is not UNSET:
            field_dict["review"] = review
        if style is not UNSET:
            field_dict["style"] = style

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cadence = check_cadence(d.pop("cadence"))

        time = d.pop("time")

        zone = check_zone(d.pop("zone"))

        def _parse_weekday(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        weekday = _parse_weekday(d.pop("weekday", UNSET))

        minutes = d.pop("minutes", UNSET)

        hosts = d.pop("hosts", UNSET)

        def _parse_language(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        language = _parse_language(d.pop("language", UNSET))

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

        review = d.pop("review", UNSET)

        _style = d.pop("style", UNSET)
        style: ShowStyle | Unset
        if isinstance(_style, Unset):
            style = UNSET
        else:
            style = check_show_style(_style)

        schedule_request = cls(
            cadence=cadence,
            time=time,
            zone=zone,
            weekday=weekday,
            minutes=minutes,
            hosts=hosts,
            language=language,
            interests=interests,
            host_names=host_names,
            host_roles=host_roles,
            sounds=sounds,
            review=review,
            style=style,
        )

        return schedule_request
