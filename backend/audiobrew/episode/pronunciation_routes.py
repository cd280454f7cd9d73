"""Endpoints for the words that the listener wants said in another way."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from audiobrew.account.current_listener import Listener
from audiobrew.episode.dependencies import PronunciationsDep
from audiobrew.episode.pronunciations import (
    MAX_SAY,
    MAX_WORD,
    PronunciationNotFound,
    StoredPronunciation,
    TooManyPronunciations,
)
from audiobrew.http.body_limit import LimitedRoute
from audiobrew.problems import SignInNeeded, problems

router = APIRouter(route_class=LimitedRoute, prefix="/api/pronunciations", tags=["pronunciations"])
# Contains a letter or a digit, and no control character.
SPEAKABLE = r"^[^\x00-\x1f\x7f]*[^\W_][^\x00-\x1f\x7f]*$"


class PronunciationRequest(BaseModel):
    """A word, and what a voice should read in its place."""

    model_config = ConfigDict(extra="forbid")

    word: Annotated[
        str, StringConstraints(min_length=1, max_length=MAX_WORD, pattern=SPEAKABLE)
    ] = Field(
        description="A word or a few, as newsletters write them. Upper and lower case are equal."
    )
    say: Annotated[str, StringConstraints(min_length=1, max_length=MAX_SAY, pattern=SPEAKABLE)] = (
        Field(description="How it sounds, spelled as an ordinary word: `Win` for Nguyen.")
    )


class StoredWord(BaseModel):
    """A word in the listener's list, and how it is said."""

    id: UUID
    word: str
    say: str
    created_at: AwareDatetime


@router.get("", responses=problems(SignInNeeded))
async def list_pronunciations(listener: Listener, store: PronunciationsDep) -> list[StoredWord]:
    """List how words are said in your episodes, in alphabetical order."""
    return [_stored_word(one) for one in await store.list(listener)]


@router.put("", responses=problems(SignInNeeded, TooManyPronunciations))
async def put_pronunciation(
    body: PronunciationRequest, listener: Listener, store: PronunciationsDep
) -> StoredWord:
    """Say how a word is pronounced, or change it.

    Every voice follows, in episodes that are spoken from now on. What was spoken already stays as it is;
    where the word does not occur, nothing is spoken or paid for again.
    """
    return _stored_word(await store.put(listener, body.word.strip(), body.say.strip()))


@router.delete("/{id}", status_code=204, responses=problems(SignInNeeded, PronunciationNotFound))
async def delete_pronunciation(id: UUID, listener: Listener, store: PronunciationsDep) -> None:
    """Delete a word from the list. Voices read it as it is written again."""
    await store.delete(listener, id)


def _stored_word(one: StoredPronunciation) -> StoredWord:
    return StoredWord(id=one.id, word=one.word, say=one.say, created_at=one.created_at)
