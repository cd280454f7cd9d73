"""The context of a brew: the stores, models and queries that its steps work with."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import anyio.to_thread

from audiobrew.audio.hearing.ear import Ear
from audiobrew.audio.pace_store import PaceStore
from audiobrew.audio.pauses import Pauses
from audiobrew.audio.voice import Voice
from audiobrew.db.stages import ENDED
from audiobrew.episode.episode import BrewStopped, Episode, NothingToBrew, Order
from audiobrew.episode.pronunciations import PronunciationStore
from audiobrew.episode.quote import Quote, estimate_quote
from audiobrew.episode.script_store import ScriptStore
from audiobrew.episode.store import EpisodeStore
from audiobrew.inbox.store import MailStore
from audiobrew.mail.mail import MailSize, StoredMail
from audiobrew.media.deletion_queue import DeletionQueue
from audiobrew.media.storage import Media
from audiobrew.models.budget import BudgetedCalls
from audiobrew.models.request_ids import RequestIds
from audiobrew.models.result_cache import ResultCache
from audiobrew.script.writer import Brief, Writer

SHOW = "AudioBrew"


@dataclass(frozen=True, slots=True)
class BrewContext:
    """Passed to every step.

    `sounds`: whether there are sounds between stories, if an order does not say so. `work` is a folder for
    temporary files. `at_once` is the number of parts and of clips that are made concurrently. `ear` is None
    if nobody listens to clips.
    """

    episodes: EpisodeStore
    scripts: ScriptStore
    pronunciations: PronunciationStore
    request_ids: RequestIds
    mails: MailStore
    results: ResultCache
    budgeted_calls: BudgetedCalls
    paces: PaceStore
    media: Media
    deletions: DeletionQueue
    writer: Writer
    voice: Voice
    sounds: bool
    work: Path
    at_once: int
    ear: Ear | None = None
    clip_semaphore: asyncio.Semaphore = field(init=False)
    # The mails that are being read, by episode.
    _reads: dict[UUID, "asyncio.Task[Sequence[StoredMail]]"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "clip_semaphore", asyncio.Semaphore(self.at_once))

    def has_sounds(self, choice: bool | None) -> bool:
        """Whether there are sounds between stories: as chosen, else as this service is set."""
        return self.sounds if choice is None else choice

    def pauses(self, choice: bool | None) -> Pauses:
        """The pauses between clips; see `has_sounds`."""
        return Pauses.of(self.has_sounds(choice))

    async def episode(self, brew: str) -> Episode:
        """The episode of a brew; `brew` is `<id>.<attempt>`.

        Raises EpisodeNotFound, and BrewStopped if the episode has ended or is at a later attempt: a step that
        was still running when the listener cancelled must not write into the retry.
        """
        id, attempt = brew.split(".")
        episode = await self.episodes.get_unscoped(UUID(id))
        if episode.stage in ENDED or episode.attempt != int(attempt):
            raise BrewStopped
        return episode

    async def mails_of(self, episode: Episode) -> Sequence[StoredMail]:
        """The ordered mails that still exist. Raises NothingToBrew if there are none.

        The parts of a script are written concurrently, so steps that ask at the same time share one read.
        """

        async def read() -> Sequence[StoredMail]:
            ids = await self.episodes.mails(episode.id)
            return await self.mails.get_many(episode.listener, ids)

        task = self._reads.get(episode.id)
        if task is None:
            task = self._reads[episode.id] = asyncio.create_task(read())
            task.add_done_callback(lambda _: self._reads.pop(episode.id))
        if mails := await asyncio.shield(task):
            return mails
        raise NothingToBrew("The newsletters of this episode were deleted. Order another one.")

    async def newsletters(self, episode: Episode) -> Sequence[StoredMail]:
        """The episode's mails that the voice can speak. Raises NothingToBrew."""
        mails = await self.mails_of(episode)
        return self.speakable(mails, await self.unspeakable(episode, mails))

    def speakable(
        self, mails: Sequence[StoredMail], excluded: Sequence[StoredMail]
    ) -> Sequence[StoredMail]:
        """The mails that the voice speaks. Raises NothingToBrew if there are none."""
        mails = [mail for mail in mails if mail not in excluded]
        if not mails:
            raise NothingToBrew("None of these newsletters is in a language that the voice speaks.")
        return mails

    async def unspeakable(
        self, episode: Episode, mails: Sequence[StoredMail]
    ) -> Sequence[StoredMail]:
        """The mails of which the voice speaks no language."""

        def find() -> list[StoredMail]:
            return [
                mail for mail in mails if not any(map(self.voice.speaks, _languages(episode, mail)))
            ]

        return await anyio.to_thread.run_sync(find)

    def _language(self, episode: Episode, mail: StoredMail) -> str:
        return episode.asked_language or mail.newsletter.language

    async def quote(self, order: Order, mails: Sequence[MailSize]) -> Quote:
        """What this order would cost and how long it could be."""
        paces = await self._paces({order.language or one.language for one in mails}, 1.0)
        brief = Brief(
            order.minutes,
            SHOW,
            order.day,
            paces,
            order.hosts,
            order.style,
            order.language,
            interests=order.interests,
            host_names=order.host_names,
            host_roles=order.host_roles,
            breaks=self.pauses(order.sounds).breaks,
        )
        return estimate_quote(mails, brief, self.writer, self.voice, self.budgeted_calls.prices)

    async def check_prices(self, episode: Episode, mails: Sequence[StoredMail]) -> None:
        """Check, before anything is paid for, that the cost of this episode can be limited.

        Raises PriceUnknown if there is a limit and a model that the episode needs has no price.
        """
        brief = await self.brief(episode, mails, 1.0)
        usages = self.writer.forecast([mail.size for mail in mails], brief)
        clip_usage = self.voice.forecast("x", self._language(episode, mails[0]))
        self.budgeted_calls.check_prices(episode, [*usages, *([clip_usage] if clip_usage else [])])

    async def _paces(self, languages: Iterable[str], factor: float) -> dict[str, float]:
        """Characters per second, by language: as measured, else as the voice declares; times `factor`.

        Languages that the voice does not speak are left out.
        """
        measured = await self.paces.measured_paces(self.voice.name)
        return {
            name: round(measured.get(name, self.voice.pace(name)) * factor, 4)
            for name in sorted(languages)
            if self.voice.speaks(name)
        }

    async def speech_paces(self, languages: Iterable[str]) -> dict[str, float]:
        """See `Voice.speech_pace`: as measured, else as the voice declares."""
        measured = await self.paces.measured_speech_paces(self.voice.name)
        return {name: measured.get(name) or self.voice.speech_pace(name) for name in languages}

    async def brief(self, episode: Episode, mails: Sequence[StoredMail], pace: float) -> Brief:
        """The brief for the writer. `pace`: a factor, 1.0 or how much faster the first script was spoken."""
        languages = await anyio.to_thread.run_sync(
            lambda: {code for mail in mails for code in _languages(episode, mail)}
        )
        paces = await self._paces(languages, pace)
        return Brief(
            episode.minutes,
            SHOW,
            episode.day,
            paces,
            episode.hosts,
            episode.style,
            episode.asked_language,
            interests=episode.interests,
            host_names=episode.host_names,
            host_roles=episode.host_roles,
            breaks=self.pauses(episode.sounds).breaks,
        )


def _languages(episode: Episode, mail: StoredMail) -> Sequence[str]:
    """The languages in which a mail can be told: the ordered one, or those of its sections."""
    if episode.asked_language:
        return [episode.asked_language]
    # It reads the files of all languages, which a server needs with the first brew.
    from audiobrew.script.block_languages import languages_of

    return languages_of(mail.newsletter)
