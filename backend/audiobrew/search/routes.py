"""Routes for searching episodes and newsletters."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from audiobrew.account.current_listener import CurrentListener
from audiobrew.account.identity import NotYours
from audiobrew.http.body_limit import LimitedRoute
from audiobrew.problems import SignInNeeded, problems
from audiobrew.search import snippet
from audiobrew.search.dependencies import SearchDep
from audiobrew.search.schemas import NewsletterMatch, SearchText, StoryMatch, TextPart

router = APIRouter(
    route_class=LimitedRoute,
    prefix="/api/search",
    tags=["search"],
    responses=problems(SignInNeeded, NotYours),
)
Words = Annotated[
    SearchText,
    Query(
        description="All of these words, in any order. Case and accents do not matter, the last word may be"
        " incomplete, and words in quotation marks must follow each other."
    ),
]
Limit = Annotated[int, Query(ge=1, le=50, description="The maximum number of items.")]


@router.get("/stories")
async def search_stories(
    q: Words,
    listener: CurrentListener,
    search: SearchDep,
    limit: Limit = 20,
    before: Annotated[UUID | None, Query(description="The last id of the previous page.")] = None,
) -> list[StoryMatch]:
    """Search what your episodes say, and their titles, the best matches first."""
    return [
        StoryMatch(
            id=match.id,
            episode_id=match.episode,
            episode_title=match.episode_title,
            day=match.day,
            story=match.story,
            title=text_parts(match.title),
            snippet=text_parts(match.snippet),
            sentence_id=match.sentence,
            start=match.start,
        )
        for match in await search.stories(listener, q, limit, before)
    ]


@router.get("/newsletters")
async def search_newsletters(
    q: Words,
    listener: CurrentListener,
    search: SearchDep,
    limit: Limit = 20,
    before: Annotated[UUID | None, Query(description="The last id of the previous page.")] = None,
) -> list[NewsletterMatch]:
    """Search the subjects and senders of your newsletters, the newest first."""
    return [
        NewsletterMatch(
            id=match.id,
            subject=text_parts(match.subject),
            sender=text_parts(match.sender),
            received_at=match.received_at,
        )
        for match in await search.newsletters(listener, q, limit, before)
    ]


def text_parts(parts: Sequence[snippet.TextPart]) -> list[TextPart]:
    return [TextPart(text=part.text, is_match=part.is_match) for part in parts]
