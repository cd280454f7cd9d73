"""Schemas of search results in the API."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from audiobrew.http.fields import PRINTABLE

SearchText = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)]


class TextPart(BaseModel):
    """A piece of a text. The pieces in a row are the text."""

    text: str
    is_match: bool = Field(description="Whether the piece matches what you searched.")


class StoryMatch(BaseModel):
    """A story of one of your episodes, or an episode with a matching title."""

    id: UUID = Field(description="Of the match: send it as `before` to get the next page.")
    episode_id: UUID
    episode_title: str
    day: date = Field(description="The day of the episode, on your clock.")
    story: int | None = Field(
        description="The place of the story in the episode's script, from 0; null if the title of the episode"
        " matches."
    )
    title: list[TextPart] = Field(description="The title of the story, or else of the episode.")
    snippet: list[TextPart] = Field(
        description="The sentence of the story that matches best, or a part of it; empty if there is none."
    )
    sentence_id: int | None = Field(description="The id of this sentence in the episode's script.")
    start: float | None = Field(
        description="Where to begin to play, in seconds of the episode; null if it is not known."
    )


class NewsletterMatch(BaseModel):
    """A newsletter in your inbox, found by its subject or its sender."""

    id: UUID = Field(description="The mail's id.")
    subject: list[TextPart]
    sender: list[TextPart]
    received_at: AwareDatetime
