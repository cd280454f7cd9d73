"""Routes of feed tokens, and of what podcast apps fetch with one."""

from uuid import UUID

from fastapi import APIRouter, Request, Response, status

from audiobrew.account.current_listener import Listener
from audiobrew.feed import responses, transcript_files
from audiobrew.feed.cover_response import episode_cover_response, show_cover_response
from audiobrew.feed.dependencies import FeedAccess, FeedTokensDep, ShowsDep
from audiobrew.feed.feed_token import (
    FeedNotFound,
    FeedRevoked,
    FeedTokenNotFound,
    StoredToken,
    TooManyFeedTokens,
)
from audiobrew.feed.feed_urls import FeedUrls
from audiobrew.feed.ranges import RangeNotSatisfiable
from audiobrew.feed.response_docs import (
    AUDIO,
    CHAPTERS,
    COVER,
    EPISODE_COVER,
    RSS,
    TRANSCRIPT,
    ChaptersJson,
    Jpeg,
    Mp3,
    Part,
    Png,
    Rss,
    Vtt,
)
from audiobrew.feed.rss_response import feed_response
from audiobrew.feed.schemas import FeedToken, FeedTokenRequest, NewFeedToken
from audiobrew.feed.show import RecordingNotFound
from audiobrew.http.body_limit import LimitedRoute
from audiobrew.http.dependencies import SettingsDep
from audiobrew.media.dependencies import MediaDep
from audiobrew.problems import SignInNeeded, problems

router = APIRouter(route_class=LimitedRoute, tags=["feed"])
FEED_PROBLEMS = problems(FeedNotFound, FeedRevoked)
FILE_PROBLEMS = problems(FeedNotFound, FeedRevoked, RecordingNotFound)


@router.get("/api/feed/tokens", responses=problems(SignInNeeded))
async def list_feed_tokens(listener: Listener, tokens: FeedTokensDep) -> list[FeedToken]:
    """List your feed tokens, newest first, including revoked ones."""
    return [_feed_token(token) for token in await tokens.list(listener)]


@router.post(
    "/api/feed/tokens",
    status_code=status.HTTP_201_CREATED,
    responses=problems(SignInNeeded, TooManyFeedTokens),
)
async def create_feed_token(
    body: FeedTokenRequest, listener: Listener, tokens: FeedTokensDep, request: Request
) -> NewFeedToken:
    """Create a feed token for one device or app. Its URL is only returned here."""
    stored, token = await tokens.make(listener, body.name)
    url = FeedUrls.from_request(request, token).feed
    return NewFeedToken(**dict(_feed_token(stored)), token=token, url=url)


@router.delete(
    "/api/feed/tokens/{id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(SignInNeeded, FeedTokenNotFound),
)
async def revoke_feed_token(id: UUID, listener: Listener, tokens: FeedTokensDep) -> None:
    """Revoke a feed token permanently, for the feed and its audio. Revoking it again is not an error."""
    await tokens.revoke(listener, id)


@router.head("/feed/cover.jpg", include_in_schema=False)
@router.get("/feed/cover.jpg", response_class=Jpeg, responses=COVER)
async def get_cover(request: Request) -> Response:
    """Get the cover image, which all shows share."""
    return await show_cover_response(request)


@router.head("/feed/{token}/rss.xml", include_in_schema=False)
@router.get("/feed/{token}/rss.xml", response_class=Rss, responses=RSS | FEED_PROBLEMS)
async def get_feed(
    token: str, owner: FeedAccess, shows: ShowsDep, settings: SettingsDep, request: Request
) -> Response:
    """Get the show as RSS for podcast apps, newest episode first.

    With the `ETag` or `Last-Modified` of the last response, the response is 304 if nothing has changed."""
    return await feed_response(
        request, shows, owner, FeedUrls.from_request(request, token), settings.feed_items
    )


@router.head("/feed/{token}/{episode}.mp3", include_in_schema=False)
@router.get(
    "/feed/{token}/{episode}.mp3",
    response_class=Mp3,
    responses=AUDIO | FILE_PROBLEMS | problems(RangeNotSatisfiable),
)
async def get_feed_audio(
    episode: UUID,
    owner: FeedAccess,
    shows: ShowsDep,
    media: MediaDep,
    request: Request,
    part: Part = None,
) -> Response:
    """Get an episode's audio, or a range of it."""
    recording = await shows.recording(episode, owner.listener)
    return await responses.audio(request, media, recording.media)


@router.head("/feed/{token}/{episode}.vtt", include_in_schema=False)
@router.get("/feed/{token}/{episode}.vtt", response_class=Vtt, responses=TRANSCRIPT | FILE_PROBLEMS)
async def get_feed_transcript(
    episode: UUID, owner: FeedAccess, shows: ShowsDep, request: Request
) -> Response:
    """Get an episode's transcript."""
    return await transcript_files.transcript(
        request, shows, await shows.recording(episode, owner.listener)
    )


@router.head("/feed/{token}/{episode}.json", include_in_schema=False)
@router.get(
    "/feed/{token}/{episode}.json", response_class=ChaptersJson, responses=CHAPTERS | FILE_PROBLEMS
)
async def get_feed_chapters(
    episode: UUID, owner: FeedAccess, shows: ShowsDep, request: Request
) -> Response:
    """Get an episode's chapters."""
    return await transcript_files.chapters(
        request, shows, await shows.recording(episode, owner.listener)
    )


@router.head("/feed/{token}/{episode}.png", include_in_schema=False)
@router.get(
    "/feed/{token}/{episode}.png", response_class=Png, responses=EPISODE_COVER | FILE_PROBLEMS
)
async def get_feed_cover(
    episode: UUID, owner: FeedAccess, shows: ShowsDep, request: Request
) -> Response:
    """Get an episode's cover, which is drawn from its id."""
    recording = await shows.recording(episode, owner.listener)
    return await episode_cover_response(request, recording.episode)


def _feed_token(token: StoredToken) -> FeedToken:
    return FeedToken(
        id=token.id,
        name=token.name,
        created_at=token.created_at,
        last_used_at=token.last_used_at,
        revoked_at=token.revoked_at,
    )
