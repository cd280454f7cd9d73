"""One utterance becomes one clip: spoken, cut to its sound, timed, levelled and encoded."""

from audiobrew.audio.clip import Clip
from audiobrew.audio.voice import Utterance, Voice

CLIP_FORMAT = "mp3-44100-96-mono-16lufs-1"
"""Part of the paid-once key: change it whenever the same sound would give another clip."""


async def make_clip(voice: Voice, utterance: Utterance) -> Clip:
    """Off the event loop. Raises VoiceMissing, LanguageNotSpoken, ClipFailed."""
    raise NotImplementedError
