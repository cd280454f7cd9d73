"""Routes for ordering, following, reading, changing and deleting episodes."""

from collections.abc import AsyncIterable, AsyncIterator
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from audiobrew.account.current_listener import CurrentAuthentication, CurrentListener
from audiobrew.account.identity import NotYours
from audiobrew.db.stages import ENDED
from audiobrew.episode import serializers
from audiobrew.episode.dependencies import (
    EpisodesDep,
    OrdersDep,
    SchedulesDep,
    ScriptsDep,
)
from audiobrew.episode.episode import (
    AlreadyEnded,
    Episode,
    IdempotencyKeyReused,
    NothingToBrew,
    NotInReview,
    NotRetriable,
    Order,
    Progress,
    SentenceNotFound,
    SentenceNotSupported,
    TooManyBrews,
)
from audiobrew.episode.followers import Follower, TooManyStreams, changes
from audiobrew.episode.playback import PlaybackFilter
from audiobrew.episode.playback_schemas import FILTER_DESCRIPTION
from audiobrew.episode.preferences import Preferred, stand_ins
from audiobrew.episode.quote_schemas import BrewQuote
from audiobrew.episode.schemas import (
    BrewEnd,
    BrewEvent,
    Brewing,
    BrewProgress,
    BrewRequest,
    EpisodeScript,
    Podcast,
    PodcastEvent,
    PodcastPatch,
    PodcastWithScript,
    SentencePatch,
)
from audiobrew.http.body_limit import LimitedRoute, body_limit
from audiobrew.http.location_header import location
from audiobrew.mail.mail import MailNotFound
from audiobrew.media.dependencies import SignerDep
from audiobrew.models.dependencies import ChargesDep
from audiobrew.problems import EpisodeNotFound, SignInNeeded, problems
from audiobrew.script.host_name import named_hosts
from audiobrew.script.order_limits import CannotTranslate, MinutesOutOfRange


async def get_own_episode(id: UUID, listener: CurrentListener, episodes: EpisodesDep) -> Episode:
    """The listener's episode of the path. Raises EpisodeNotFound before a stream or a file begins."""
    return await episodes.get(listener, id)


OwnEpisode = Annotated[Episode, Depends(get_own_episode)]

router = APIRouter(
    route_class=LimitedRoute,
    prefix="/api/podcast",
    tags=["podcast"],
    responses=problems(SignInNeeded, NotYours),
)
QUOTE_PROBLEMS = (
    SignInNeeded,
    NotYours,
    MinutesOutOfRange,
    NothingToBrew,
    MailNotFound,
    CannotTranslate,
)
EVENTS: dict[int | str, dict[str, Any]] = {200: {"description": "Server-sent events."}}
# An order may name five hundred mails.
ORDER_BYTES = 64 * 2**10
ACCEPTED = location(202, "The order was accepted.", "The URL of the episode.")
QUOTE_RESPONSES = problems(*QUOTE_PROBLEMS)
ORDER_RESPONSES = problems(*QUOTE_PROBLEMS, TooManyBrews, IdempotencyKeyReused)


@router.post("/generate", status_code=202, responses=ACCEPTED | ORDER_RESPONSES)
@body_limit(ORDER_BYTES)
async def brew_podcast(
    request: BrewRequest,
    listener: CurrentListener,
    orders: OrdersDep,
    preferences: Preferred,
    schedules: SchedulesDep,
    response: Response,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            description="The same order with the same key returns the same episode.",
        ),
    ] = None,
) -> Brewing:
    """Order an episode. The id in the response can be used at once."""
    day = await schedules.day_of(listener, request.time_zone)
    order, preferred = _order(request, listener, day), stand_ins(request, preferences)
    episode = await orders.start(listener, order, idempotency_key, _as_order_fields(preferred))
    response.headers["Location"] = f"/api/podcast/{episode.id}"
    sentences = ["Your episode is being brewed", *await orders.missing_voices(episode)]
    return Brewing(id=episode.id, status="processing", message=f"{'. '.join(sentences)}.")


@router.post("/quote", responses=QUOTE_RESPONSES)
@body_limit(ORDER_BYTES)
async def quote_podcast(
    request: BrewRequest,
    listener: CurrentListener,
    orders: OrdersDep,
    preferences: Preferred,
    schedules: SchedulesDep,
) -> BrewQuote:
    """Estimate the cost and the length of an order, without ordering it."""
    day = await schedules.day_of(listener, request.time_zone)
    order, preferred = _order(request, listener, day), stand_ins(request, preferences)
    return serializers.quote(await orders.quote(listener, order, _as_order_fields(preferred)))


def _as_order_fields(preferred: dict[str, Any]) -> dict[str, Any]:
    """The preferences under the names of the order's fields."""
    if "cap_usd" in preferred:
        preferred["cap"] = serializers.millionths(preferred.pop("cap_usd"))
    if "host_names" in preferred:
        preferred["host_names"] = named_hosts(preferred["host_names"])
    return preferred


def _order(request: BrewRequest, listener: UUID, day: date) -> Order:
    """Raises NotYours."""
    if request.user_id and request.user_id != listener:
        raise NotYours
    return Order(
        tuple(request.email_ids or ()),
        request.minutes,
        day,
        request.title,
        request.hosts,
        request.style,
        request.language,
        serializers.millionths(request.cap_usd),
        interests=request.interests,
        host_names=named_hosts(request.host_names),
        host_roles=request.host_roles,
        review=request.review,
        sounds=request.sounds,
    )


@router.get("/list", response_model=list[Podcast])
async def list_podcasts(
    listener: CurrentListener,
    episodes: EpisodesDep,
    signer: SignerDep,
    limit: Annotated[int, Query(ge=1, le=200, description="The maximum number of items.")] = 50,
    before: Annotated[UUID | None, Query(description="The last id of the previous page.")] = None,
    playback: Annotated[PlaybackFilter | None, Query(description=FILTER_DESCRIPTION)] = None,
) -> Response:
    """List your episodes, newest first, without their scripts."""
    body = serializers.podcasts(await episodes.list(listener, limit, before, playback), signer)
    return Response(body, media_type="application/json")


async def get_follower(listener: CurrentListener, orders: OrdersDep) -> AsyncIterator[Follower]:
    """A follower for this request. Raises TooManyStreams before the stream begins."""
    with orders.followers.join(listener) as follower:
        yield follower


FollowerDep = Annotated[Follower, Depends(get_follower)]


@router.get(
    "/events",
    response_class=EventSourceResponse,
    responses=EVENTS | problems(SignInNeeded, NotYours, TooManyStreams),
)
async def follow_podcasts(
    follower: FollowerDep, access: CurrentAuthentication
) -> AsyncIterable[PodcastEvent]:
    """Follow all your brews in one stream: first the open ones, then every change.

    Each event has the whole state of one episode as JSON, so a missed event does not matter. After a lost
    connection, compare the first event with the brews that you knew, and load those that it does not contain.
    The stream ends when your session ends."""
    async for change in changes(follower, access.check, access.expires_at):
        yield ServerSentEvent(data=serializers.event(change))  # type: ignore[misc]


@router.get("/{id}", responses=problems(SignInNeeded, NotYours, EpisodeNotFound))
async def get_podcast(
    episode: OwnEpisode,
    episodes: EpisodesDep,
    scripts: ScriptsDep,
    charges: ChargesDep,
    signer: SignerDep,
) -> PodcastWithScript:
    """Get an episode with its script as text, its newsletters and its cost."""
    script, bill = await scripts.get(episode.id), await charges.bill(episode.id)
    newsletters = await episodes.newsletters(episode.id)
    return serializers.with_script(episode, script, newsletters, bill, signer)


@router.patch("/{id}", responses=problems(SignInNeeded, NotYours, EpisodeNotFound))
async def change_podcast(
    episode: OwnEpisode,
    changes: PodcastPatch,
    episodes: EpisodesDep,
    orders: OrdersDep,
    signer: SignerDep,
) -> Podcast:
    """Change an episode's title or cap."""
    if changes.title is not None:
        await episodes.rename(episode.listener, episode.id, changes.title)
    if "cap_usd" in changes.model_fields_set:
        cap = orders.effective_cap(serializers.millionths(changes.cap_usd))
        await episodes.set_cap(episode.listener, episode.id, cap)
    return serializers.podcast(await episodes.get(episode.listener, episode.id), signer)


@router.delete(
    "/{id}", status_code=204, responses=problems(SignInNeeded, NotYours, EpisodeNotFound)
)
async def delete_podcast(episode: OwnEpisode, orders: OrdersDep) -> None:
    """Delete an episode and its audio. An unfinished brew is stopped first."""
    await orders.delete(episode.listener, episode.id)


@router.post(
    "/{id}/cancel", responses=problems(SignInNeeded, NotYours, EpisodeNotFound, AlreadyEnded)
)
async def cancel_podcast(episode: OwnEpisode, orders: OrdersDep, signer: SignerDep) -> Podcast:
    """Stop a brew. Finished parts are kept for a retry."""
    return serializers.podcast(await orders.cancel(episode.listener, episode.id), signer)


@router.post(
    "/{id}/retry",
    status_code=202,
    responses=problems(SignInNeeded, NotYours, EpisodeNotFound, NotRetriable, TooManyBrews),
)
async def retry_podcast(episode: OwnEpisode, orders: OrdersDep, signer: SignerDep) -> Podcast:
    """Retry an episode that failed or was cancelled. Finished parts are used again."""
    return serializers.podcast(await orders.retry(episode.listener, episode.id), signer)


@router.get("/{id}/script", responses=problems(SignInNeeded, NotYours, EpisodeNotFound))
async def get_podcast_script(
    episode: OwnEpisode, scripts: ScriptsDep, orders: OrdersDep
) -> EpisodeScript:
    """Get every sentence with its time and sources, and the sentences that were dropped."""
    script = await scripts.get(episode.id)
    return serializers.script(episode, script, await orders.estimate(episode, script))


@router.patch(
    "/{id}/script/{number}",
    responses=problems(
        SignInNeeded,
        NotYours,
        EpisodeNotFound,
        SentenceNotFound,
        NotInReview,
        SentenceNotSupported,
    ),
)
async def change_sentence(
    episode: OwnEpisode,
    number: Annotated[int, Path(ge=0, le=2**31 - 1)],
    changes: SentencePatch,
    orders: OrdersDep,
    scripts: ScriptsDep,
) -> EpisodeScript:
    """Change or remove a sentence of a script that waits for you, or restore it."""
    text = changes.text and " ".join(changes.text.split())
    await orders.edit(episode.listener, episode.id, number, text, changes.removed)
    script = await scripts.get(episode.id)
    return serializers.script(episode, script, await orders.estimate(episode, script))


@router.post(
    "/{id}/speak",
    status_code=202,
    responses=problems(SignInNeeded, NotYours, EpisodeNotFound, NotInReview, TooManyBrews),
)
async def speak_podcast(episode: OwnEpisode, orders: OrdersDep, signer: SignerDep) -> Podcast:
    """Speak a script that waits for you, as it is now."""
    return serializers.podcast(await orders.approve(episode.listener, episode.id), signer)


@router.get(
    "/{id}/events",
    response_class=EventSourceResponse,
    responses=EVENTS | problems(SignInNeeded, NotYours, EpisodeNotFound, TooManyStreams),
)
async def follow_podcast(
    episode: OwnEpisode,
    orders: OrdersDep,
    follower: FollowerDep,
    access: CurrentAuthentication,
    last_event_id: Annotated[
        int | None,
        Header(ge=0, le=2**53, description="The id of the last event that you received."),
    ] = None,
) -> AsyncIterable[BrewEvent]:
    """Follow one brew until its `end` event.

    Each event has the whole state as JSON, so a missed event does not matter. After a lost connection, send
    the id of the last event as `Last-Event-ID`."""
    async for progress in orders.events_for(follower, episode.id, last_event_id or 0, access):
        yield ServerSentEvent(data=_brew_event(progress), id=str(progress.revision))  # type: ignore[misc]


def _brew_event(progress: Progress) -> BrewProgress | BrewEnd:
    if progress.stage in ENDED:
        return BrewEnd(
            event="end",
            stage=serializers.stage_of(progress.stage),
            percent=progress.percent,
            trouble=progress.trouble,
            trouble_type=progress.trouble_type,
        )
    return BrewProgress(event="progress", **serializers.progress_fields(progress))
