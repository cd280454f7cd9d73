from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.host_roles import HostRoles, check_host_roles
from ..models.show_style import ShowStyle, check_show_style
from ..models.stage import Stage, check_stage
from ..models.style import Style, check_style
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.bill import Bill
    from ..models.episode_newsletter import EpisodeNewsletter
    from ..models.playback import Playback


T = TypeVar("T", bound="PodcastWithScript")


@_attrs_define
class PodcastWithScript:
    """One episode with its script as text, its newsletters, and its bill."""

    id: UUID
    user_id: UUID
    title: str
    status: Stage
    """ Where an episode is. The last three are final, though a failed or cancelled episode can be retried. """
    trouble: None | str
    """ Why the episode failed, and what to do. Null unless it failed. """
    trouble_type: None | str
    """ The type of the problem that made the episode fail, such as `/problems/cap-reached`. """
    retriable: bool
    """ Whether the episode can be retried. """
    note: None | str
    """ A remark about the finished episode, for example why it is short. """
    audio_url: None | str
    """ A signed URL that expires. Null until the episode is ready. """
    duration: int | None
    """ The length of the file in whole seconds. """
    seconds: float | None
    """ The length of the file in seconds, exact to the frame. """
    minutes: int
    """ The ordered length. """
    hosts: int
    style: Style
    """ In a briefing, one host tells each story. In a conversation, the hosts take turns within a story. """
    show_style: ShowStyle
    """ How a show sounds.

    In a briefing, one host tells each story. In a conversation, the hosts take turns within a story. In an
    interview, one host asks and the other one answers. A deep dive tells few stories at length. """
    language: None | str
    interests: str
    """ As ordered; empty if there are none. """
    host_names: list[str]
    """ The names of the first and the second host, who introduce themselves with them. An empty name stands for a
    host without one. """
    source_emails: int
    """ The number of newsletters that the episode was made from. """
    newsletters_told: int | None
    """ How many of these newsletters the episode tells, including those that earlier episodes told completely. The
    others come first in the next order. Null until the episode is ready, or if it is not known. """
    created_at: datetime.datetime
    updated_at: datetime.datetime
    script_markdown: str
    newsletters: list[EpisodeNewsletter]
    """ In the order in which they are told. """
    bill: Bill
    """ What an episode has cost so far, with its quote and its cap. """
    awaits_review: bool | Unset = False
    """ Whether the script waits for you to read it. """
    host_roles: HostRoles | Unset = UNSET
    """ What two hosts do: both tell stories, or one asks and leads through the show, and the other one tells.

    With one host it has no effect. """
    sounds: bool | None | Unset = UNSET
    """ Whether short sounds open and close it and separate its stories. Null if it was ordered before listeners
    could choose. """
    playback: None | Playback | Unset = UNSET
    """ How far you have heard it, on whichever device. Null if it was never played. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.playback import Playback  # noqa: PLC0415

        id = str(self.id)

        user_id = str(self.user_id)

        title = self.title

        status: str = self.status

        trouble: None | str
        trouble = self.trouble

        trouble_type: None | str
        trouble_type = self.trouble_type

        retriable = self.retriable

        note: None | str
        note = self.note

        audio_url: None | str
        audio_url = self.audio_url

        duration: int | None
        duration = self.duration

        seconds: float | None
        seconds = self.seconds

        minutes = self.minutes

        hosts = self.hosts

        style: str = self.style

        show_style: str = self.show_style

        language: None | str
        language = self.language

        interests = self.interests

        host_names = self.host_names

        source_emails = self.source_emails

        newsletters_told: int | None
        newsletters_told = self.newsletters_told

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        script_markdown = self.script_markdown

        newsletters = []
        for newsletters_item_data in self.newsletters:
            newsletters_item = newsletters_item_data.to_dict()
            newsletters.append(newsletters_item)

        bill = self.bill.to_dict()

        awaits_review = self.awaits_review

        host_roles: str | Unset = UNSET
        if not isinstance(self.host_roles, Unset):
            host_roles = self.host_roles

        sounds: bool | None | Unset
        if isinstance(self.sounds, Unset):
            sounds = UNSET
        else:
            sounds = self.sounds

        playback: dict[str, Any] | None | Unset
        if isinstance(self.playback, Unset):
            playback = UNSET
        elif isinstance(self.playback, Playback):
            playback = self.playback.to_dict()
        else:
            playback = self.playback

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "user_id": user_id,
                "title": title,
                "status": status,
                "trouble": trouble,
                "trouble_type": trouble_type,
                "retriable": retriable,
                "note": note,
                "audio_url": audio_url,
                "duration": duration,
                "seconds": seconds,
                "minutes": minutes,
                "hosts": hosts,
                "style": style,
                "show_style": show_style,
                "language": language,
                "interests": interests,
                "host_names": host_names,
                "source_emails": source_emails,
                "newsletters_told": newsletters_told,
                "created_at": created_at,
                "updated_at": updated_at,
                "script_markdown": script_markdown,
                "newsletters": newsletters,
                "bill": bill,
            }
        )
        if awaits_review is not UNSET:
            field_dict["awaits_review"] = awaits_review
        if host_roles is not UNSET:
            field_dict["host_roles"] = host_roles
        if sounds is not UNSET:
            field_dict["sounds"] = sounds
        if playback is not UNSET:
            field_dict["playback"] = playback

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bill import Bill  # noqa: PLC0415
        from ..models.episode_newsletter import EpisodeNewsletter  # noqa: PLC0415
        from ..models.playback import Playback  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        user_id = UUID(d.pop("user_id"))

        title = d.pop("title")

        status = check_stage(d.pop("status"))

        def _parse_trouble(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        trouble = _parse_trouble(d.pop("trouble"))

        def _parse_trouble_type(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        trouble_type = _parse_trouble_type(d.pop("trouble_type"))

        retriable = d.pop("retriable")

        def _parse_note(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        note = _parse_note(d.pop("note"))

        def _parse_audio_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        audio_url = _parse_audio_url(d.pop("audio_url"))

        def _parse_duration(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        duration = _parse_duration(d.pop("duration"))

        def _parse_seconds(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        seconds = _parse_seconds(d.pop("seconds"))

        minutes = d.pop("minutes")

        hosts = d.pop("hosts")

        style = check_style(d.pop("style"))

        show_style = check_show_style(d.pop("show_style"))

        def _parse_language(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        language = _parse_language(d.pop("language"))

        interests = d.pop("interests")

        host_names = cast(list[str], d.pop("host_names"))

        source_emails = d.pop("source_emails")

        def _parse_newsletters_told(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        newsletters_told = _parse_newsletters_told(d.pop("newsletters_told"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        script_markdown = d.pop("script_markdown")

        newsletters = []
        _newsletters = d.pop("newsletters")
        for newsletters_item_data in _newsletters:
            newsletters_item = EpisodeNewsletter.from_dict(newsletters_item_data)

            newsletters.append(newsletters_item)

        bill = Bill.from_dict(d.pop("bill"))

        awaits_review = d.pop("awaits_review", UNSET)

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

        def _parse_playback(data: object) -> None | Playback | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                playback_type_0 = Playback.from_dict(data)

                return playback_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Playback | Unset, data)

        playback = _parse_playback(d.pop("playback", UNSET))

        podcast_with_script = cls(
            id=id,
            user_id=user_id,
            title=title,
            status=status,
            trouble=trouble,
            trouble_type=trouble_type,
            retriable=retriable,
            note=note,
            audio_url=audio_url,
            duration=duration,
            seconds=seconds,
            minutes=minutes,
            hosts=hosts,
            style=style,
            show_style=show_style,
            language=language,
            interests=interests,
            host_names=host_names,
            source_emails=source_emails,
            newsletters_told=newsletters_told,
            created_at=created_at,
            updated_at=updated_at,
            script_markdown=script_markdown,
            newsletters=newsletters,
            bill=bill,
            awaits_review=awaits_review,
            host_roles=host_roles,
            sounds=sounds,
            playback=playback,
        )

        podcast_with_script.additional_properties = d
        return podcast_with_script

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
