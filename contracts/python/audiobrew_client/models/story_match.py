from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.text_part import TextPart


T = TypeVar("T", bound="StoryMatch")


@_attrs_define
class StoryMatch:
    """A story of one of your episodes, or an episode with a matching title."""

    id: UUID
    """ Of the match: send it as `before` to get the next page. """
    episode_id: UUID
    episode_title: str
    day: datetime.date
    """ The day of the episode, on your clock. """
    story: int | None
    """ The place of the story in the episode's script, from 0; null if the title of the episode matches. """
    title: list[TextPart]
    """ The title of the story, or else of the episode. """
    snippet: list[TextPart]
    """ The sentence of the story that matches best, or a part of it; empty if there is none. """
    sentence_id: int | None
    """ The id of this sentence in the episode's script. """
    start: float | None
    """ Where to begin to play, in seconds of the episode; null if it is not known. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        episode_id = str(self.episode_id)

        episode_title = self.episode_title

        day = self.day.isoformat()

        story: int | None
        story = self.story

        title = []
        for title_item_data in self.title:
            title_item = title_item_data.to_dict()
            title.append(title_item)

        snippet = []
        for snippet_item_data in self.snippet:
            snippet_item = snippet_item_data.to_dict()
            snippet.append(snippet_item)

        sentence_id: int | None
        sentence_id = self.sentence_id

        start: float | None
        start = self.start

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "episode_id": episode_id,
                "episode_title": episode_title,
                "day": day,
                "story": story,
                "title": title,
                "snippet": snippet,
                "sentence_id": sentence_id,
                "start": start,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.text_part import TextPart  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        episode_id = UUID(d.pop("episode_id"))

        episode_title = d.pop("episode_title")

        day = datetime.date.fromisoformat(d.pop("day"))

        def _parse_story(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        story = _parse_story(d.pop("story"))

        title = []
        _title = d.pop("title")
        for title_item_data in _title:
            title_item = TextPart.from_dict(title_item_data)

            title.append(title_item)

        snippet = []
        _snippet = d.pop("snippet")
        for snippet_item_data in _snippet:
            snippet_item = TextPart.from_dict(snippet_item_data)

            snippet.append(snippet_item)

        def _parse_sentence_id(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        sentence_id = _parse_sentence_id(d.pop("sentence_id"))

        def _parse_start(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        start = _parse_start(d.pop("start"))

        story_match = cls(
            id=id,
            episode_id=episode_id,
            episode_title=episode_title,
            day=day,
            story=story,
            title=title,
            snippet=snippet,
            sentence_id=sentence_id,
            start=start,
        )

        story_match.additional_properties = d
        return story_match

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
