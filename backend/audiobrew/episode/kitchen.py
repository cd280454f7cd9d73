"""What a brew works with, handed to every step."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from audiobrew.audio.voice import Voice
from audiobrew.episode.episode import Episode, NothingToBrew
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

    async def episode(self, id: str) -> Episode:
        return await self.episodes.any(UUID(id))

    async def newsletters(self, episode: Episode) -> Sequence[KeptMail]:
        """The mails of an episode that the voice can speak. Raises NothingToBrew."""
        ids = await self.episodes.mails(episode.id)
        mails = await self.mails.newsletters(episode.listener, ids)
        spoken = [mail for mail in mails if self.voice.speaks(mail.newsletter.language)]
        if not spoken:
            raise NothingToBrew("None of these newsletters is in a language that the voice speaks.")
        return spoken

    def brief(self, episode: Episode, mails: Sequence[KeptMail], pace: float) -> Brief:
        """What the writer is asked for; `pace` is 1.0, or how much faster this episode turned out."""
        languages = sorted({mail.newsletter.language for mail in mails})
        paces = {name: round(self.voice.pace(name) * pace, 4) for name in languages}
        return Brief(episode.minutes, SHOW, episode.day, paces, episode.hosts)
