from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.cadence import Cadence, check_cadence
from ..models.host_roles import HostRoles, check_host_roles
from ..models.show_style import ShowStyle, check_show_style
from ..models.style import Style, check_style
from ..models.zone import Zone, check_zone
from ..types import UNSET, Unset

T = TypeVar("T", bound="KeptSchedule")


@_attrs_define
class KeptSchedule:
    """A schedule, its next time, and the outcome of its last one."""

    cadence: Cadence
    time: str
    zone: Zone
    next_at: datetime.datetime
    last_at: datetime.datetime | None
    last_episode: None | UUID
    outcome: None | str
    """ The outcome of the last time, as a sentence. """
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
    style: Style | Unset = UNSET
    """ In a briefing, one host tells each story. In a conversation, the hosts take turns within a story. """
    show_style: ShowStyle | Unset = UNSET
    """ How a show sounds.

    In a briefing, one host tells each story. In a conversation, the hosts take turns within a story. In an
    interview, one host asks and the other one answers. A deep dive tells few stories at length. """

    def to_dict(self) -> dict[str, Any]:
        cadence: str = self.cadence

        time = self.time

        zone: str = self.zone

        next_at = self.next_at.isoformat()

        last_at: None | str
        if isinstance(self.last_at, datetime.datetime):
            last_at = self.last_at.isoformat()
        else:
            last_at = self.last_at

        last_episode: None | str
        if isinstance(self.last_episode, UUID):
            last_episode = str(self.last_episode)
        else:
            last_episode = self.last_episode

        outcome: None | str
        outcome = self.outcome

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

        show_style: str | Unset = UNSET
        if not isinstance(self.show_style, Unset):
            show_style = self.show_style

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cadence": cadence,
                "time": time,
                "zone": zone,
                "next_at": next_at,
                "last_at": last_at,
                "last_episode": last_episode,
                "outcome": outcome,
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
        if show_style is not UNSET:
            field_dict["show_style"] = show_style

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cadence = check_cadence(d.pop("cadence"))

        time = d.pop("time")

        zone = check_zone(d.pop("zone"))

        next_at = datetime.datetime.fromisoformat(d.pop("next_at"))

        def _parse_last_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_at_type_0 = datetime.datetime.fromisoformat(data)

                return last_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_at = _parse_last_at(d.pop("last_at"))

        def _parse_last_episode(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_episode_type_0 = UUID(data)

                return last_episode_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        last_episode = _parse_last_episode(d.pop("last_episode"))

        def _parse_outcome(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        outcome = _parse_outcome(d.pop("outcome"))

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
        style: Style | Unset
        if isinstance(_style, Unset):
            style = UNSET
        else:
            style = check_style(_style)

        _show_style = d.pop("show_style", UNSET)
        show_style: ShowStyle | Unset
        if isinstance(_show_style, Unset):
            show_style = UNSET
        else:
            show_style = check_show_style(_show_style)

        kept_schedule = cls(
            cadence=cadence,
            time=time,
            zone=zone,
            next_at=next_at,
            last_at=last_at,
            last_episode=last_episode,
            outcome=outcome,
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
            show_style=show_style,
        )

        return kept_schedule
