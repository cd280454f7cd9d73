from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.host_roles import HostRoles, check_host_roles
from ..models.show_style import ShowStyle, check_show_style
from ..models.zone import Zone, check_zone
from ..types import UNSET, Unset

T = TypeVar("T", bound="BrewRequest")


@_attrs_define
class BrewRequest:
    """An order. Without `email_ids`, it is for every newsletter that no episode has told yet."""

    user_id: None | Unset | UUID = UNSET
    """ Must be your own id, if you send it: the token already identifies you. """
    email_ids: list[UUID] | None | Unset = UNSET
    title: None | str | Unset = UNSET
    minutes: int | Unset = UNSET
    """ The length in minutes. `/api/config` has the limits. If omitted, your preference applies. """
    hosts: int | Unset = UNSET
    """ If omitted, your preference applies. """
    style: ShowStyle | Unset = UNSET
    """ How a show sounds.

    In a briefing, one host tells each story. In a conversation, the hosts take turns within a story. In an
    interview, one host asks and the other one answers. A deep dive tells few stories at length. """
    language: None | str | Unset = UNSET
    """ The language of the whole episode (ISO 639-1). If null, each mail keeps its own language. If omitted, your
    preference applies. """
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
    time_zone: None | Unset | Zone = UNSET
    """ Your time zone, which decides the day in the title. If omitted, the zone of your preferences applies, else
    that of your schedule. """
    review: bool | Unset = UNSET
    """ Whether the script waits until you have read it: `awaits_review` is true then, and `POST
    /api/podcast/{id}/speak` goes on. """
    cap_usd: float | None | Unset = UNSET
    """ The most that the episode may cost, in US dollars: no call is made that would exceed it. If null, the
    setting of this service applies. If omitted, your preference applies. """

    def to_dict(self) -> dict[str, Any]:
        user_id: None | str | Unset
        if isinstance(self.user_id, Unset):
            user_id = UNSET
        elif isinstance(self.user_id, UUID):
            user_id = str(self.user_id)
        else:
            user_id = self.user_id

        email_ids: list[str] | None | Unset
        if isinstance(self.email_ids, Unset):
            email_ids = UNSET
        elif isinstance(self.email_ids, list):
            email_ids = []
            for email_ids_type_0_item_data in self.email_ids:
                email_ids_type_0_item = str(email_ids_type_0_item_data)
                email_ids.append(email_ids_type_0_item)

        else:
            email_ids = self.email_ids

        title: None | str | Unset
        if isinstance(self.title, Unset):
            title = UNSET
        else:
            title = self.title

        minutes = self.minutes

        hosts = self.hosts

        style: str | Unset = UNSET
        if not isinstance(self.style, Unset):
            style = self.style

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

        time_zone: None | str | Unset
        if isinstance(self.time_zone, Unset):
            time_zone = UNSET
        elif isinstance(self.time_zone, str):
            time_zone = self.time_zone
        else:
            time_zone = self.time_zone

        review = self.review

        cap_usd: float | None | Unset
        if isinstance(self.cap_usd, Unset):
            cap_usd = UNSET
        else:
            cap_usd = self.cap_usd

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if user_id is not UNSET:
            field_dict["user_id"] = user_id
        if email_ids is not UNSET:
            field_dict["email_ids"] = email_ids
        if title is not UNSET:
            field_dict["title"] = title
        if minutes is not UNSET:
            field_dict["minutes"] = minutes
        if hosts is not UNSET:
            field_dict["hosts"] = hosts
        if style is not UNSET:
            field_dict["style"] = style
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
        if time_zone is not UNSET:
            field_dict["time_zone"] = time_zone
        if review is not UNSET:
            field_dict["review"] = review
        if cap_usd is not UNSET:
            field_dict["cap_usd"] = cap_usd

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_user_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                user_id_type_0 = UUID(data)

                return user_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        user_id = _parse_user_id(d.pop("user_id", UNSET))

        def _parse_email_ids(data: object) -> list[UUID] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                email_ids_type_0 = []
                _email_ids_type_0 = data
                for email_ids_type_0_item_data in _email_ids_type_0:
                    email_ids_type_0_item = UUID(email_ids_type_0_item_data)

                    email_ids_type_0.append(email_ids_type_0_item)

                return email_ids_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[UUID] | None | Unset, data)

        email_ids = _parse_email_ids(d.pop("email_ids", UNSET))

        def _parse_title(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        title = _parse_title(d.pop("title", UNSET))

        minutes = d.pop("minutes", UNSET)

        hosts = d.pop("hosts", UNSET)

        _style = d.pop("style", UNSET)
        style: ShowStyle | Unset
        if isinstance(_style, Unset):
            style = UNSET
        else:
            style = check_show_style(_style)

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

        def _parse_time_zone(data: object) -> None | Unset | Zone:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                time_zone_type_0 = check_zone(data)

                return time_zone_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | Zone, data)

        time_zone = _parse_time_zone(d.pop("time_zone", UNSET))

        review = d.pop("review", UNSET)

        def _parse_cap_usd(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        cap_usd = _parse_cap_usd(d.pop("cap_usd", UNSET))

        brew_request = cls(
            user_id=user_id,
            email_ids=email_ids,
            title=title,
            minutes=minutes,
            hosts=hosts,
            style=style,
            language=language,
            interests=interests,
            host_names=host_names,
            host_roles=host_roles,
            sounds=sounds,
            time_zone=time_zone,
            review=review,
            cap_usd=cap_usd,
        )

        return brew_request
