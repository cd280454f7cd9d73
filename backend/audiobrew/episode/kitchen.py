"""What a brew works with, handed to every step."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from audiobrew.audio.voice import Voice
from audiobrew.episode.episode import ENDED, BrewStopped, Episode, NothingToBrew
from audiobrew.inbox.mail import KeptMail
from audiobrew.script.writer import Brief, Writer
from audiobrew.store.episodes import Episodes
from audiobrew.store.mails import Mails
from audiobrew.store.media import Media
from audiobrew.store.paid import PaidOnce
from audiobrew.store.scripts import Scripts

SHOW = "AudioBrew"


@dataclass(frozen=True, slots=True)
class Kitchen:
    """`work` is a folder for files on their way; `at_once` how many clips are made side by side."""

    episodes: Episodes
    scripts: Scripts
    mails: Mails
    paid: PaidOnce
    media: Media
    writer: Writer
    voice: Voice
    work: Path
    at_once: int

    async def episode(self, brew: str) -> Episode:
        """The episode of a brew, `<id>.<attempt>`.

        Raises BrewStopped once it has ended or is at a later attempt: a step that was still at work
        when the listener cancelled must not write into the retry. Raises EpisodeNotFound.
        """
        id, attempt = brew.split(".")
        episode = await self.episodes.any(UUID(id))
        if episode.stage in ENDED or episode.attempt != int(attempt):
            raise BrewStopped
        return episode

    async def mails_of(self, episode: Episode) -> Sequence[KeptMail]:
        """What is still there of the mails that were ordered. Raises NothingToBrew."""
        ids = await self.episodes.mails(episode.id)
        if mails := await self.mails.newsletters(episode.listener, ids):
            return mails
        raise NothingToBrew("The newsletters of this episode were deleted. Order another one.")

    async def newsletters(self, episode: Episode) -> Sequence[KeptMail]:
        """The mails of an episode that the voice can speak. Raises NothingToBrew."""
        mails = await self.mails_of(episode)
        spoken = [mail for mail in mails if self.voice.speaks(mail.newsletter.language)]
        if not spoken:
            raise NothingToBrew("None of these newsletters is in a language that the voice speaks.")
        return spoken

    def brief(self, episode: Episode, mails: Sequence[KeptMail], pace: float) -> Brief:
        """What the writer is asked for; `pace` is 1.0, or how much faster this episode turned out."""
        languages = sorted({mail.newsletter.language for mail in mails})
        paces = {name: round(self.voice.pace(name) * pace, 4) for name in languages}
        return Brief(episode.minutes, SHOW, episode.day, paces, episode.hosts)
