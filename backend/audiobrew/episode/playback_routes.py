"""Endpoints for how far the listener has heard an episode, and for what comes up next."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from audiobrew.account.current_listener import CurrentListener
from audiobrew.account.home.client_name import client_name
from audiobrew.account.identity import NotYours
from audiobrew.episode import serializers
from audiobrew.episode.dependencies import PlaybacksDep
from audiobrew.episode.playback_schemas import Playback, PlaybackRequest, Queue
from audiobrew.episode.routes import OwnEpisode
from audiobrew.episode.schemas import Podcast
from audiobrew.http.body_limit import LimitedRoute
from audiobrew.media.dependencies import SignerDep
from audiobrew.problems import EpisodeNotFound, SignInNeeded, problems

router = APIRouter(
    route_class=LimitedRoute,
    prefix="/api",
    tags=["podcast"],
    responses=problems(SignInNeeded, NotYours),
)


@router.put("/podcast/{id}/playback", responses=problems(SignInNeeded, NotYours, EpisodeNotFound))
async def set_playback(
    episode: OwnEpisode, position: PlaybackRequest, playbacks: PlaybacksDep, request: Request
) -> Playback:
    """Store how far you have heard an episode.

    The latest position counts: if you were elsewhere after this, on another device, nothing is stored. The
    answer is what counts now."""
    stored = await playbacks.put(
        episode.listener,
        episode.id,
        position.seconds,
        position.finished,
        timedelta(seconds=position.age_seconds),
        client_name(request.headers.get("user-agent", "")),
    )
    return serializers.playback(stored)


@router.get("/queue", response_model=list[Podcast])
async def get_queue(
    listener: CurrentListener, playbacks: PlaybacksDep, signer: SignerDep
) -> Response:
    """List the episodes that come up next, in order."""
    body = serializers.podcasts(await playbacks.queue(listener), signer)
    return Response(body, media_type="application/json")


@router.put("/queue", response_model=list[Podcast])
async def set_queue(
    queue: Queue, listener: CurrentListener, playbacks: PlaybacksDep, signer: SignerDep
) -> Response:
    """Say which episodes come up next, in order.

    They replace those that did. Episodes that do not exist any more are left out, and a finished episode
    leaves the list by itself."""
    await playbacks.set_queue(listener, queue.episode_ids)
    body = serializers.podcasts(await playbacks.queue(listener), signer)
    return Response(body, media_type="application/json")
