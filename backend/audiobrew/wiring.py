"""Which adapter stands behind each port: the one place where that is decided."""

from dataclasses import dataclass

from audiobrew.account.identity import Identity
from audiobrew.audio.voice import Voice
from audiobrew.script.writer import Writer
from audiobrew.settings import Settings
from audiobrew.store.media import Media


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything outside this process that AudioBrew talks to."""

    settings: Settings
    identity: Identity
    media: Media
    writer: Writer
    voice: Voice
