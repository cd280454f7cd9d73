"""Makes the voice and the ear that the settings choose. Imports only what they need."""

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from audiobrew.settings import Settings

if TYPE_CHECKING:
    from audiobrew.audio.hearing.ear import Ear
    from audiobrew.audio.local.local_voice import Installed
    from audiobrew.audio.voice import Voice
    from audiobrew.models.openai_client import OpenAICalls


def create_voice(
    settings: Settings,
    openai: "OpenAICalls | None",
    installed: "Installed | None",
    stack: AsyncExitStack,
) -> "Voice":
    """The voice of the setting. `auto` prefers a server of one's own, then a key, then this machine."""
    if settings.has_voice_server:
        return create_server_voice(settings, stack)
    if openai and settings.voice in ("auto", "realtime"):
        from audiobrew.audio.openai_realtime import RealtimeVoice

        return RealtimeVoice(openai, settings.voice_model, settings.voice_pair)
    if openai and settings.voice == "speech":
        from audiobrew.audio.openai_speech import SpeechVoice

        return SpeechVoice(openai, settings.voice_model, settings.voice_pair)
    from audiobrew.audio.espeak import EspeakVoice

    espeak = EspeakVoice(settings.espeak_library)
    if installed is None:
        return espeak
    from audiobrew.audio.local.local_voice import LocalVoice
    from audiobrew.audio.local.speech_process import SpeechProcess

    voice = LocalVoice(installed, espeak, SpeechProcess(settings.voice_threads))
    stack.push_async_callback(voice.aclose)
    return voice


def create_server_voice(settings: Settings, stack: AsyncExitStack) -> "Voice":
    """The voice of the server at AUDIOBREW_VOICE_URL. It never gets OpenAI's key."""
    from audiobrew.audio.server_voice import CALLS_AT_ONCE, ServerVoice, base_url
    from audiobrew.audio.server_voices import ServerVoices
    from audiobrew.models.openai_client import OpenAICalls
    from audiobrew.models.prices import prices

    assert settings.voice_url
    key = settings.voice_key.get_secret_value() if settings.voice_key else "none"
    url, model = base_url(settings.voice_url), settings.voice_model
    at_once = min(CALLS_AT_ONCE, settings.calls_at_once)
    calls = OpenAICalls(key, url, at_once, settings.call_seconds)
    stack.push_async_callback(calls.aclose)
    has_price = settings.prices is not None and model in prices(settings.prices).models
    voices = ServerVoices.of(settings.server_voices, model)
    return ServerVoice(calls, url, model, voices, has_price=has_price)


def create_ear(settings: Settings, stack: AsyncExitStack) -> "Ear | None":
    """The recognizer that listens to clips, which is loaded for the first one; None if it is off."""
    if settings.hearing == "off":
        return None
    from audiobrew.audio.hearing.local_ear import LocalEar

    stack.push_async_callback((ear := LocalEar(settings.voice_threads)).aclose)
    return ear
