"""Fills a script that a model wrote, and that is too short for the ordered minutes, before it is spoken."""

from collections.abc import Sequence

import anyio.to_thread

from audiobrew.audio.mp3 import FRAME_SECONDS
from audiobrew.audio.pauses import Place
from audiobrew.audio.speech_length import CLIP_SECONDS, speech_length
from audiobrew.audio.utterances import spoken_sentence, utterances_of
from audiobrew.audio.voice import Utterance
from audiobrew.episode.brew_context import BrewContext
from audiobrew.episode.episode import Episode
from audiobrew.episode.recording import clip_key
from audiobrew.script.script import Script, Sentence
from audiobrew.script.untold_points import add_untold_points
from audiobrew.script.writer import Story

# A script is filled if it is shorter than what was ordered by more than this share.
MAX_SHORTFALL = 0.015


async def lengthen(
    context: BrewContext,
    episode: Episode,
    script: Script,
    audible: Script,
    stories: Sequence[Story],
) -> Script:
    """The script with points that it does not tell, if too few seconds of it are heard.

    `audible` is what the gate leaves of it, and `stories` are those of its segments.
    """
    languages = {segment.language for segment in script.segments}
    paces = await context.speech_paces(languages)
    ordered_seconds = episode.minutes * 60
    shortfall = ordered_seconds - await estimate_seconds(context, episode, audible)
    if shortfall <= MAX_SHORTFALL * ordered_seconds:
        return script

    def seconds_of(sentence: Sentence, language: str) -> float:
        text = spoken_sentence(sentence.text, language)
        utterance = Utterance((text,), sentence.speaker, language)
        return speech_length(utterance).seconds(paces[language]) - CLIP_SECONDS

    return await anyio.to_thread.run_sync(add_untold_points, script, stories, shortfall, seconds_of)


async def estimate_seconds(context: BrewContext, episode: Episode, script: Script) -> float:
    """How long the episode will be. Clips that are recorded count with the length that they have."""
    paces = await context.speech_paces({segment.language for segment in script.segments})
    pronunciations = await context.pronunciations.of(episode.listener)
    parts = [
        (part, Place(number, segment.language, part.utterance.speaker))
        for number, segment in enumerate(script.segments)
        for part in utterances_of(segment, pronunciations)
    ]
    keys = [clip_key(context, episode.listener, part) for part, _ in parts]
    results = await context.results.find(keys)
    frames = [
        results[key].facts["frames"]
        if key in results
        else round(speech_length(part.utterance).seconds(paces[place.language]) / FRAME_SECONDS)
        for key, (part, place) in zip(keys, parts, strict=True)
    ]
    places = (place for _, place in parts)
    return context.pauses(episode.sounds).seconds(zip(frames, places, strict=True))
