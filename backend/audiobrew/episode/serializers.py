"""Episodes and scripts in the words of the wire."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from audiobrew.db.stages import ENDED, Stage
from audiobrew.episode.episode import Episode, EpisodeChange, Progress
from audiobrew.episode.markdown import script_markdown
from audiobrew.episode.quote import Quote
from audiobrew.episode.schemas import (
    Bill,
    BrewQuote,
    DroppedSentence,
    EpisodeNewsletter,
    EpisodeScript,
    OpenBrew,
    OpenBrews,
    Podcast,
    PodcastEnd,
    PodcastEvent,
    PodcastGone,
    PodcastProgress,
    PodcastWithScript,
    ScriptSegment,
    Source,
    SpokenSentence,
    Why,
)
from audiobrew.episode.script_store import StoredScript, StoredSegment, StoredSentence, StoredSource
from audiobrew.inbox.coverage import OrderedNewsletter
from audiobrew.inbox.schemas import BlockLink
from audiobrew.mail.newsletter import BlockKind
from audiobrew.media.signed_urls import AudioUrlSigner
from audiobrew.models import charges

LIST = TypeAdapter(list[Podcast])
MILLION = 1_000_000


def podcast(episode: Episode, signer: AudioUrlSigner) -> Podcast:
    """Made from our own rows, so it is not checked again: a list of 50 is told in a millisecond."""
    return Podcast.model_construct(**_fields(episode, signer))


def podcasts(episodes: Iterable[Episode], signer: AudioUrlSigner) -> bytes:
    """A list of them, as JSON."""
    return LIST.dump_json([podcast(episode, signer) for episode in episodes])


def with_script(
    episode: Episode,
    script: StoredScript,
    newsletters: Iterable[OrderedNewsletter],
    bill: charges.Bill,
    signer: AudioUrlSigner,
) -> PodcastWithScript:
    return PodcastWithScript(
        **_fields(episode, signer),
        script_markdown=script_markdown(script),
        newsletters=[
            EpisodeNewsletter(
                mail_id=one.mail,
                sender=one.sender,
                subject=one.subject,
                told=one.told,
                left_out=one.left_out,
            )
            for one in newsletters
        ],
        bill=Bill(
            quoted_usd=dollars(episode.quoted),
            cap_usd=dollars(episode.cap),
            calls=bill.calls,
            cost_usd=bill.amount / MILLION,
            lost_usd=bill.lost / MILLION,
        ),
    )


def event(change: list[EpisodeChange] | EpisodeChange) -> PodcastEvent:
    """What is told to who follows all their episodes."""
    if isinstance(change, list):
        brews = [OpenBrew(**_state(one.id, one.progress)) for one in change if one.progress]
        return OpenBrews(event="snapshot", brews=brews)
    progress = change.progress
    if progress is None:
        return PodcastGone(event="gone", podcast_id=change.id)
    if progress.stage not in ENDED:
        return PodcastProgress(event="progress", **_state(change.id, progress))
    return PodcastEnd(
        event="end",
        podcast_id=change.id,
        stage=progress.stage,
        percent=progress.percent,
        trouble=progress.trouble,
        trouble_type=progress.trouble_type,
    )


def _state(id: UUID, progress: Progress) -> dict[str, Any]:
    return {
        "podcast_id": id,
        "stage": progress.stage,
        "done": progress.done,
        "total": progress.total,
        "percent": progress.percent,
    }


def quote(made: Quote) -> BrewQuote:
    return BrewQuote(
        newsletters=made.newsletters,
        characters=made.characters,
        minutes=made.minutes,
        calls=made.calls,
        cost_usd=dollars(made.amount),
        prices_as_of=made.as_of,
    )


def dollars(millionths: int | None) -> float | None:
    return None if millionths is None else millionths / MILLION


def millionths(told: float | None) -> int | None:
    return None if told is None else round(told * MILLION)


def script(episode: Episode, kept: StoredScript) -> EpisodeScript:
    return EpisodeScript(
        episode_id=episode.id,
        language=episode.language,
        segments=[_segment(segment) for segment in kept.segments],
        sources=[_source(source) for source in kept.sources],
        dropped=[
            DroppedSentence(
                text=lost.text, why=Why(lost.why), found=list(lost.found), cites=list(lost.cites)
            )
            for lost in kept.dropped
        ],
    )


def _fields(episode: Episode, signer: AudioUrlSigner) -> dict[str, Any]:
    ready = episode.stage is Stage.READY and episode.media is not None
    return {
        "id": episode.id,
        "user_id": episode.listener,
        "title": episode.title,
        "status": episode.stage,
        "trouble": episode.trouble,
        "trouble_type": episode.trouble_type,
        "retriable": episode.retriable,
        "note": episode.note,
        "audio_url": signer.audio_url(episode.id) if ready else None,
        "duration": round(episode.seconds) if episode.seconds else None,
        "seconds": episode.seconds,
        "minutes": episode.minutes,
        "hosts": episode.hosts,
        "style": episode.style,
        "language": episode.language,
        "source_emails": episode.mail_count,
        "newsletters_told": episode.newsletters_told,
        "created_at": episode.created_at,
        "updated_at": episode.updated_at,
    }


def _segment(kept: StoredSegment) -> ScriptSegment:
    return ScriptSegment(
        title=kept.title,
        language=kept.language,
        start=kept.start,
        end=kept.end,
        sentences=[_sentence(sentence) for sentence in kept.sentences],
    )


def _sentence(kept: StoredSentence) -> SpokenSentence:
    told = kept.sentence
    return SpokenSentence(
        id=kept.number,
        text=told.text,
        speaker=told.speaker,
        kind=told.kind,
        start=kept.start,
        end=kept.end,
        cites=list(told.cites),
    )


def _source(kept: StoredSource) -> Source:
    return Source(
        block_id=kept.block_id,
        mail_id=kept.mail_id,
        sender=kept.sender,
        sender_domain=kept.sender_domain,
        subject=kept.subject,
        kind=BlockKind(kept.kind),
        text=kept.text,
        links=[BlockLink(text=link["text"], url=link["url"]) for link in kept.links],
    )
