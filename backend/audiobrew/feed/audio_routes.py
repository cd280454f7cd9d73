"""Routes for playing an episode in the app: its audio, transcript, chapters and cover."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from audiobrew.account.current_listener import Listener, Scheme, authenticate
from audiobrew.feed import responses, transcript_files
from audiobrew.feed.cover_response import episode_cover_response
from audiobrew.feed.dependencies import ShowsDep
from audiobrew.feed.ranges import RangeNotSatisfiable
from audiobrew.feed.response_docs import (
    AUDIO,
    CHAPTERS,
    EPISODE_COVER,
    TRANSCRIPT,
    ChaptersJson,
    Mp3,
    Part,
    Png,
    Vtt,
)
from audiobrew.feed.show import Recording, RecordingNotFound
from audiobrew.http.body_limit import LimitedRoute
from audiobrew.media.dependencies import MediaDep, SignerDep
from audiobrew.media.signed_urls import AudioAddressExpired
from audiobrew.problems import SignInNeeded, problems

router = APIRouter(route_class=LimitedRoute, prefix="/api/podcast/{id}", tags=["podcast"])
NOT_FOUND = problems(SignInNeeded, RecordingNotFound)


async def get_playable_recording(
    id: UUID,
    shows: ShowsDep,
    signer: SignerDep,
    request: Request,
    credentials: Scheme,
    expires: Annotated[int | None, Query(description="A parameter of `audio_url`.")] = None,
    signature: Annotated[str | None, Query(description="A parameter of `audio_url`.")] = None,
) -> Recording:
    """The recording, for the listener's token or cookie, or for a signed URL that has not expired.

    Raises SignInNeeded, AudioAddressExpired, RecordingNotFound.
    """
    if credentials or expires is None or signature is None:
        return await shows.recording(id, (await authenticate(request)).listener)
    signer.check(id, expires, signature)
    return await shows.recording(id)


@router.head("/audio", include_in_schema=False)
@router.get(
    "/audio",
    response_class=Mp3,
    responses=AUDIO
    | problems(SignInNeeded, AudioAddressExpired, RecordingNotFound, RangeNotSatisfiable),
)
async def get_podcast_audio(
    recording: Annotated[Recording, Depends(get_playable_recording)],
    media: MediaDep,
    request: Request,
    part: Part = None,
) -> Response:
    """Get an episode's audio, or a range of it. `audio_url` needs no token until it expires."""
    return await responses.audio(request, media, recording.media)


@router.head("/transcript", include_in_schema=False)
@router.get("/transcript", response_class=Vtt, responses=TRANSCRIPT | NOT_FOUND)
async def get_podcast_transcript(
    id: UUID, listener: Listener, shows: ShowsDep, request: Request
) -> Response:
    """Get an episode's transcript, sentence by sentence."""
    return await transcript_files.transcript(request, shows, await shows.recording(id, listener))


@router.head("/chapters", include_in_schema=False)
@router.get("/chapters", response_class=ChaptersJson, responses=CHAPTERS | NOT_FOUND)
async def get_podcast_chapters(
    id: UUID, listener: Listener, shows: ShowsDep, request: Request
) -> Response:
    """Get an episode's chapters, one for each story."""
    return await transcript_files.chapters(request, shows, await shows.recording(id, listener))


@router.head("/cover", include_in_schema=False)
@router.get("/cover", response_class=Png, responses=EPISODE_COVER | NOT_FOUND)
async def get_podcast_cover(
    id: UUID, listener: Listener, shows: ShowsDep, request: Request
) -> Response:
    """Get an episode's cover, which is drawn from its id."""
    recording = await shows.recording(id, listener)
    return await episode_cover_response(request, recording.episode)
