"""Episodes and scripts as schemas of the API."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import TypeAdapter

from audiobrew.account.show_fields import CLOSEST_STYLES
from audiobrew.db.stages import ENDED
from audiobrew.db.stages import Stage as Stages
from audiobrew.episode.episode import Episode, EpisodeChange, Progress
from audiobrew.episode.episode import Playback as StoredPlayback
from audiobrew.episode.markdown import script_markdown
from audiobrew.episode.playback_schemas import Playback
from audiobrew.episode.quote import Quote
from audiobrew.episode.quote_schemas import BrewQuote, QuotedVoices
from audiobrew.episode.schemas import (
    Bill,
    DroppedSentence,
    EpisodeNewsletter,
    EpisodeScript,
    Kind,
    LeftOut,
    OpenBrew,
    OpenBrews,
    Podcast,
    PodcastEnd,
    PodcastEvent,
    PodcastGone,
    PodcastProgress,
    PodcastWithScript,
    RemovedSentence,
    RepeatedSentence,
    ScriptReview,
    ScriptSegment,
    SentenceVerdict,
    Source,
    SpokenSentence,
    Stage,
    SuspectSentence,
    Why,
)
from audiobrew.episode.script_store import StoredScript, StoredSegment, StoredSentence, StoredSource
from audiobrew.inbox import coverage
from audiobrew.inbox.coverage import OrderedNewsletter
from audiobrew.inbox.routes import to_earlier_sentence
from audiobrew.inbox.schemas import BlockLink
from audiobrew.mail.newsletter import BlockKind
from audiobrew.media.signed_urls import AudioUrlSigner
from audiobrew.models import charges
from audiobrew.script.script import Kind as ScriptKind
from audiobrew.script.writer import SuspectReason

if TYPE_CHECKING:
    from audiobrew.episode.review import ReviewEstimate

LIST = TypeAdapter(list[Podcast])
MILLION = 1_000_000
REPEAT = coverage.LeftOut.REPEAT


def podcast(episode: Episode, signer: AudioUrlSigner) -> Podcast:
    """Not validated again, because it comes from our own rows: 50 of them take a millisecond."""
    return Podcast.model_construct(**_podcast_fields(episode, signer))


def podcasts(episodes: Iterable[Episode], signer: AudioUrlSigner) -> bytes:
    """A list of podcasts as JSON."""
    return LIST.dump_json([podcast(episode, signer) for episode in episodes])


def with_script(
    episode: Episode,
    script: StoredScript,
    newsletters: Iterable[OrderedNewsletter],
    bill: charges.Bill,
    signer: AudioUrlSigner,
) -> PodcastWithScript:
    mails_of_blocks = {source.block_id: source.mail_id for source in script.sources}
    repeats = {
        mails_of_blocks.get(block): repeat.earlier
        for repeat in reversed(script.repeats)
        for block in repeat.cites
    }
    return PodcastWithScript(
        **_podcast_fields(episode, signer),
        script_markdown=script_markdown(script),
        newsletters=[
            EpisodeNewsletter(
                mail_id=one.mail,
                sender=one.sender,
                subject=one.subject,
                told=one.told,
                left_out=LeftOut(one.left_out) if one.left_out not in (None, REPEAT) else None,
                repeat_of=to_earlier_sentence(
                    repeats.get(one.mail) if one.left_out is REPEAT else None
                ),
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
    """An event of the stream that follows all episodes of a listener."""
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
        stage=Stage(progress.stage.value),
        percent=progress.percent,
        trouble=progress.trouble,
        trouble_type=progress.trouble_type,
    )


def _state(id: UUID, progress: Progress) -> dict[str, Any]:
    return {
        "podcast_id": id,
        **progress_fields(progress),
    }


def progress_fields(progress: Progress) -> dict[str, Any]:
    """The fields that every event of a brew under way has."""
    in_review = progress.stage is Stages.REVIEW
    return {
        "stage": stage_of(progress.stage),
        "done": progress.done,
        "total": progress.total,
        "percent": progress.percent,
        "awaits_review": in_review,
        "seconds_left": progress.seconds_left,
    }


def stage_of(stage: Stages) -> Stage:
    """The stage as the contract names it."""
    return Stage.CHECKING if stage is Stages.REVIEW else Stage(stage.value)


def quote(estimate: Quote) -> BrewQuote:
    return BrewQuote(
        newsletters=estimate.newsletters,
        characters=estimate.characters,
        minutes=estimate.minutes,
        calls=estimate.calls,
        cost_usd=dollars(estimate.amount),
        prices_as_of=estimate.as_of,
        voices=[
            QuotedVoices(
                language=language,
                first=cast.first,
                second=cast.second if estimate.hosts > 1 else None,
                note=cast.note,
            )
            for language, cast in estimate.casts.items()
        ],
    )


def dollars(millionths: int | None) -> float | None:
    return None if millionths is None else millionths / MILLION


def millionths(dollars: float | None) -> int | None:
    return None if dollars is None else round(dollars * MILLION)


def script(
    episode: Episode, stored: StoredScript, estimate: "ReviewEstimate | None" = None
) -> EpisodeScript:
    return EpisodeScript(
        episode_id=episode.id,
        language=episode.language,
        segments=[_segment(segment) for segment in stored.segments],
        sources=[_source(source) for source in stored.sources],
        dropped=[
            DroppedSentence(
                text=rejected.text,
                why=Why(rejected.why),
                found=list(rejected.found),
                cites=list(rejected.cites),
            )
            for rejected in stored.dropped
        ],
        removed=[
            RemovedSentence(id=one.number, segment=one.segment, text=one.sentence.text)
            for one in stored.removed
        ],
        review=ScriptReview(seconds=estimate.seconds, cost_usd=dollars(estimate.amount))
        if estimate
        else None,
        repeats=[
            RepeatedSentence(
                text=repeat.text,
                cites=list(repeat.cites),
                repeat_of=earlier,
            )
            for repeat in stored.repeats
            if (earlier := to_earlier_sentence(repeat.earlier))
        ],
        suspects=[
            SuspectSentence(
                text=one.text, cites=list(one.cites), resembles=SuspectReason(one.reason)
            )
            for one in stored.suspects
        ],
    )


def _podcast_fields(episode: Episode, signer: AudioUrlSigner) -> dict[str, Any]:
    ready = episode.stage is Stages.READY and episode.media is not None
    return {
        "id": episode.id,
        "user_id": episode.listener,
        "title": episode.title,
        "status": stage_of(episode.stage),
        "awaits_review": episode.stage is Stages.REVIEW,
        "trouble": episode.trouble,
        "trouble_type": episode.trouble_type,
        "retriable": episode.retriable,
        "note": episode.note,
        "audio_url": signer.audio_url(episode.id) if ready else None,
        "duration": round(episode.seconds) if episode.seconds else None,
        "seconds": episode.seconds,
        "minutes": episode.minutes,
        "hosts": episode.hosts,
        "style": CLOSEST_STYLES[episode.style],
        "show_style": episode.style,
        "language": episode.language,
        "interests": episode.interests,
        "host_names": list(episode.host_names),
        "host_roles": episode.host_roles,
        "sounds": episode.sounds,
        "source_emails": episode.mail_count,
        "newsletters_told": episode.newsletters_told,
        "created_at": episode.created_at,
        "updated_at": episode.updated_at,
        "playback": playback(episode.playback) if episode.playback else None,
    }


def playback(one: StoredPlayback) -> Playback:
    return Playback(
        seconds=one.seconds, finished=one.finished, heard_at=one.heard_at, client=one.client
    )


def _segment(segment: StoredSegment) -> ScriptSegment:
    return ScriptSegment(
        title=segment.title,
        language=segment.language,
        start=segment.start,
        end=segment.end,
        chosen_because=list(segment.chosen_because),
        sentences=[_sentence(sentence) for sentence in segment.sentences],
        update_of=to_earlier_sentence(segment.update_of),
    )


def _sentence(stored: StoredSentence) -> SpokenSentence:
    sentence = stored.sentence
    is_link = sentence.kind is ScriptKind.LINK
    kinds = {ScriptKind.LINK: Kind.HANDOVER, ScriptKind.DIFFERENCE: Kind.SOURCED}
    return SpokenSentence(
        id=stored.number,
        text=sentence.text,
        speaker=sentence.speaker,
        kind=kinds.get(sentence.kind) or Kind(sentence.kind.value),
        link=is_link,
        start=stored.start,
        end=stored.end,
        cites=list(sentence.cites),
        verdict=SentenceVerdict(outcome=sentence.verdict.outcome, words=sentence.verdict.words)
        if sentence.verdict
        else None,
        unclear=list(stored.unclear),
    )


def _source(source: StoredSource) -> Source:
    return Source(
        block_id=source.block_id,
        mail_id=source.mail_id,
        sender=source.sender,
        sender_domain=source.sender_domain,
        subject=source.subject,
        kind=BlockKind(source.kind),
        text=source.text,
        links=[BlockLink(text=link["text"], url=link["url"]) for link in source.links],
    )
