"""What a brew works with, handed to every step."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from audiobrew.audio.pace_store import PaceStore
from audiobrew.audio.voice import Voice
from audiobrew.db.stages import ENDED
from audiobrew.episode.episode import BrewStopped, Episode, NothingToBrew, Order
from audiobrew.episode.quote import Quote, estimate_quote
from audiobrew.episode.script_store import Scripts
from audiobrew.episode.store import Episodes
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
    """`work` is a folder for files on their way; `at_once` how many clips are made side by side."""

    episodes: Episodes
    scripts: Scripts
    request_ids: RequestIds
    mails: MailStore
    results: ResultCache
    budgeted_calls: BudgetedCalls
    paces: PaceStore
    media: Media
    deletions: DeletionQueue
    writer: Writer
    voice: Voice
    work: Path
    at_once: int
    room: asyncio.Semaphore = field(init=False)
    _reading: dict[UUID, "asyncio.Task[Sequence[StoredMail]]"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "room", asyncio.Semaphore(self.at_once))

    async def episode(self, brew: str) -> Episode:
        """The episode of a brew, `<id>.<attempt>`.

        Raises BrewStopped once it has ended or is at a later attempt: a step that was still at work
        when the listener cancelled must not write into the retry. Raises EpisodeNotFound.
        """
        id, attempt = brew.split(".")
        episode = await self.episodes.get_unscoped(UUID(id))
        if episode.stage in ENDED or episode.attempt != int(attempt):
            raise BrewStopped
        return episode

    async def mails_of(self, episode: Episode) -> Sequence[StoredMail]:
        """What is still there of the mails that were ordered. Raises NothingToBrew.

        Read once for all steps that ask at one time: the parts of a script begin together.
        """
        reading = self._reading.get(episode.id)
        if reading is None:
            reading = asyncio.create_task(self._read(episode))
            self._reading[episode.id] = reading
            reading.add_done_callback(lambda _: self._reading.pop(episode.id))
        if mails := await asyncio.shield(reading):
            return mails
        raise NothingToBrew("The newsletters of this episode were deleted. Order another one.")

    async def _read(self, episode: Episode) -> Sequence[StoredMail]:
        return await self.mails.get_many(episode.listener, await self.episodes.mails(episode.id))

    async def newsletters(self, episode: Episode) -> Sequence[StoredMail]:
        """See `mails_of` and `spoken`."""
        return self.spoken(episode, await self.mails_of(episode))

    def spoken(self, episode: Episode, mails: Sequence[StoredMail]) -> Sequence[StoredMail]:
        """Those of an episode's mails that the voice can speak. Raises NothingToBrew."""
        silent = self.silent(episode, mails)
        spoken = [mail for mail in mails if mail not in silent]
        if not spoken:
            raise NothingToBrew("None of these newsletters is in a language that the voice speaks.")
        return spoken

    def silent(self, episode: Episode, mails: Sequence[StoredMail]) -> Sequence[StoredMail]:
        """Those that the voice cannot speak."""
        return [mail for mail in mails if not self.voice.speaks(self._language(episode, mail))]

    def _language(self, episode: Episode, mail: StoredMail) -> str:
        return episode.asked_language or mail.newsletter.language

    async def quote(self, order: Order, mails: Sequence[MailSize]) -> Quote:
        """See `quote.quoted`."""
        paces = await self._paces({order.language or one.language for one in mails}, 1.0)
        brief = Brief(
            order.minutes, SHOW, order.day, paces, order.hosts, order.style, order.language
        )
        return estimate_quote(mails, brief, self.writer, self.voice, self.budgeted_calls.prices)

    async def check_prices(self, episode: Episode, mails: Sequence[StoredMail]) -> None:
        """Before anything is paid for. Raises PriceUnknown when no price is known of something that this
        episode needs, and there is a limit to keep."""
        brief = await self.brief(episode, mails, 1.0)
        uses = self.writer.forecast([mail.size for mail in mails], brief)
        heard = self.voice.forecast("x", self._language(episode, mails[0]))
        self.budgeted_calls.check_prices(episode, [*uses, *([heard] if heard else [])])

    async def _paces(self, languages: Iterable[str], faster: float) -> dict[str, float]:
        """As measured, else as the voice says; languages that it does not speak are left out."""
        measured = await self.paces.measured_paces(self.voice.name)
        return {
            name: round(measured.get(name, self.voice.pace(name)) * faster, 4)
            for name in sorted(languages)
            if self.voice.speaks(name)
        }

    async def brief(self, episode: Episode, mails: Sequence[StoredMail], pace: float) -> Brief:
        """What the writer is asked for; `pace` is 1.0, or how much faster this episode turned out."""
        paces = await self._paces({self._language(episode, mail) for mail in mails}, pace)
        return Brief(
            episode.minutes,
            SHOW,
            episode.day,
            paces,
            episode.hosts,
            episode.style,
            episode.asked_language,
        )
