"""Servers of one's own that speak: three kinds work without a key, and what is wrong with them is said."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from audiobrew.audio import pcm
from audiobrew.audio.recorder import make_clip
from audiobrew.audio.server_voice import ServerVoice, VoiceServerFailed, base_url, split_text
from audiobrew.audio.server_voices import ServerVoices
from audiobrew.audio.voice import ClipFailed, LanguageNotSpoken, Utterance
from audiobrew.audio.voice_names import person_of
from audiobrew.models import openai_client
from audiobrew.models.openai_client import OpenAICalls
from audiobrew.script.script import Speaker

from tests.standins.speech_server import KokoroServer, LocalAI, Speaches, SpeechServer, serving
from tests.standins.speech_server.sounds import encode, hiss, wav

FIRST, SECOND = Speaker
NEWS = ("The city council approved a new tram line on Monday.", "It opens in nine years.")
PIPER = "speaches-ai/piper-de_DE-{}"
GERMAN = {
    "de": ("thorsten@" + PIPER.format("thorsten-medium"), "eva_k@" + PIPER.format("eva_k-x_low"))
}
SPEACHES_MODEL = "speaches-ai/Kokoro-82M-v1.0-ONNX"
AMY = ("amy", "ryan")
# With a voice, and a part of a mixture, whose names are wrong.
ENGLISH, MIXTURE = {"en": ("af_hart", "am_michael")}, ("ff_siwis(1)+im_nikola(2)", "ff_siwis")


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai_client, "FIRST_WAIT", 0.01)


@asynccontextmanager
async def voice_of(
    server: SpeechServer,
    model: str = "kokoro",
    voices: tuple[str, str] | dict[str, tuple[str, str]] | None = None,
    key: str = "none",
) -> AsyncIterator[ServerVoice]:
    with serving(server) as url:
        calls = OpenAICalls(key, base_url(url), 2, seconds=10.0)
        yield ServerVoice(calls, url, model, ServerVoices.of(voices, model))
        await calls.aclose()


def utterance(speaker: Speaker = FIRST, language: str = "en") -> Utterance:
    return Utterance(NEWS, speaker, language)


def seconds(sound: bytes) -> float:
    return len(sound) / 2 / pcm.RATE


KINDS = [
    (KokoroServer(), "kokoro", None),
    (Speaches(), SPEACHES_MODEL, None),
    (Speaches(), "tts-1", {"en": ("af_heart", "am_michael")}),
    (LocalAI(), "voice-en-us-amy-low", ("amy@voice-en-us-amy-low", "ryan@voice-en-us-ryan-low")),
]
IDS = ["Kokoro-FastAPI", "speaches", "speaches by an alias", "LocalAI"]


@pytest.mark.parametrize(("server", "model", "voices"), KINDS, ids=IDS)
async def test_each_kind_of_server_is_recognized_and_speaks_for_both_hosts(
    server: SpeechServer, model: str, voices: tuple[str, str] | None
) -> None:
    async with voice_of(server, model, voices) as voice:
        if not (isinstance(server, Speaches) and voices is None):  # it has fewer of Kokoro's voices
            await voice.check()
        clips = [await make_clip(voice, utterance(speaker)) for speaker in Speaker]

    assert [len(clip.cues) for clip in clips] == [2, 2]
    assert all(3 < clip.seconds < 8 for clip in clips)
    assert len({request["voice"] for request in server.requests[-2:]}) == 2
    assert {request["response_format"] for request in server.requests} == {"wav"}
    assert not any("speed" in request for request in server.requests)


async def test_it_costs_nothing_unless_the_operators_price_table_has_the_model() -> None:
    async with voice_of(KokoroServer()) as voice:
        sound = await voice.speak(utterance())
        priced = ServerVoice(voice.calls, voice.url, "kokoro", voice.voices, has_price=True)
        expected = priced.forecast(utterance().text, "en")

        assert (voice.forecast("x", "en"), sound.units) == (None, None)
        assert expected and (await priced.speak(utterance())).units == expected.units


async def test_voices_of_several_models_speak_a_language() -> None:
    server = Speaches()
    async with voice_of(
        server, SPEACHES_MODEL, {"en": ("af_heart", "am_michael"), **GERMAN}
    ) as voice:
        await voice.check()
        for speaker in Speaker:
            sound = await voice.speak(utterance(speaker, "de"))
            assert 3 < seconds(sound.pcm) < 8, "its own sample rate is in the header"

        assert voice.cast("de").first == "Thorsten"
        assert voice.cast("de").second == "Eva K"
        assert voice.languages == ["en", "de"]
        assert not voice.speaks("fr")
        with pytest.raises(LanguageNotSpoken):
            await voice.speak(utterance(language="fr"))
    assert [request["model"] for request in server.requests] == [
        PIPER.format("thorsten-medium"),
        PIPER.format("eva_k-x_low"),
    ]


async def test_one_voice_is_lower_as_the_second_host() -> None:
    server = KokoroServer()
    async with voice_of(server, voices={"fr": ("ff_siwis", "ff_siwis")}) as voice:
        first, second = [await voice.speak(utterance(speaker, "fr")) for speaker in Speaker]

        assert (voice.cast("fr").first, voice.cast("fr").second) == ("Siwis", "Siwis, lower")
    assert server.requests[1]["speed"] == pytest.approx(1 / 0.84)
    assert seconds(second.pcm) == pytest.approx(seconds(first.pcm), rel=0.1)
    assert first.pcm != second.pcm


def test_who_speaks_what() -> None:
    usual = ServerVoices.of(None, "kokoro")
    own = ServerVoices.of(("bf_emma", "bm_george"), "kokoro")
    others = ServerVoices.of(("alloy", "onyx"), "xtts")
    english, everywhere = own.of_language("en-GB"), others.of_language("nl")

    assert set(usual.by_language) == {"en", "es", "fr", "hi", "it", "ja", "pt", "zh"}
    assert english and [voice.person for voice in english] == ["Emma", "George"]
    assert own.of_language("fr") == usual.of_language("fr")
    assert everywhere and [voice.voice for voice in everywhere] == ["alloy", "onyx"]
    assert len({usual.fingerprint, own.fingerprint, others.fingerprint}) == 3


@pytest.mark.parametrize(
    ("voice", "person"),
    [
        ("af_heart", "Heart"),
        ("af_v0bella", "Bella"),
        ("ff_siwis(0.35)+im_nicola(0.65)", "Siwis and Nicola"),
        ("ff_siwis:0.35+im_nicola:0.65", "Siwis and Nicola"),
        ("thorsten", "Thorsten"),
        ("de_DE-thorsten-medium", "Thorsten"),
        ("en_GB-southern_english_female-low", "Southern English Female"),
        ("eva_k", "Eva K"),
        ("alloy", "Alloy"),
        ("+", "+"),
    ],
)
def test_names_are_names_of_people(voice: str, person: str) -> None:
    assert person_of(voice) == person


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://localhost:8880", "http://localhost:8880/v1"),
        ("http://localhost:8880/", "http://localhost:8880/v1"),
        ("http://localhost:8880/v1/", "http://localhost:8880/v1"),
        ("https://host.example/speech/v1", "https://host.example/speech/v1"),
    ],
)
def test_an_address_without_a_path_gets_the_usual_one(url: str, base: str) -> None:
    assert base_url(url) == base


# -- formats ----------------------------------------------------------------------------------


@pytest.fixture
def plain() -> Iterator[bytes]:
    async def speak() -> bytes:
        async with voice_of(KokoroServer()) as voice:
            return (await voice.speak(utterance())).pcm

    yield asyncio.run(speak())


@pytest.mark.parametrize("format", ["mp3", "flac", "opus", "aac", "pcm"])
async def test_an_answer_in_another_format_is_decoded(format: str) -> None:
    server = KokoroServer()
    async with voice_of(server) as voice:
        expected = await voice.speak(utterance())
        server.answers.append(format)
        sound = await voice.speak(utterance())

    assert seconds(sound.pcm) == pytest.approx(seconds(expected.pcm), abs=0.2)


def float_samples(sound: bytes) -> bytes:
    import numpy as np

    return (np.frombuffer(sound, "<i2").astype("<f4") / 32768).tobytes()


def stereo(sound: bytes) -> bytes:
    import numpy as np

    return np.repeat(np.frombuffer(sound, "<i2"), 2).tobytes()


async def test_wavs_of_all_kinds_are_decoded(plain: bytes) -> None:
    answers = [
        wav(plain, 24_000),
        wav(plain, 24_000, size=0),
        wav(plain, 24_000, size=0x7FFFFFFF),
        wav(float_samples(plain), 24_000, kind=3, bits=32),
        wav(stereo(plain), 24_000, channels=2),
    ]
    server = KokoroServer(answers=list(answers))
    async with voice_of(server) as voice:
        sounds = [await voice.speak(utterance()) for _ in answers]

    for sound in sounds:
        assert seconds(sound.pcm) == pytest.approx(seconds(plain), abs=0.1)


@pytest.mark.parametrize("rate", [8000, 16_000, 22_050, 44_100, 48_000])
async def test_any_sample_rate_is_converted(rate: int) -> None:
    server = LocalAI()
    server.rate = rate
    async with voice_of(server, "tts-1", AMY) as voice:
        sound = await voice.speak(utterance())

    assert 3 < seconds(sound.pcm) < 8


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"RIFF", "a broken WAV"),
        (b"ID3\x04" + bytes(64), "a broken MP3"),
        (b"OggS" + bytes(64), "a broken OGG"),
        (b'{"detail": "The text was secret."}', "text instead of sound"),
    ],
)
async def test_what_is_no_sound_is_said_at_once(body: bytes, words: str) -> None:
    server = KokoroServer(answers=[body])
    async with voice_of(server) as voice:
        with pytest.raises(ClipFailed, match=words) as raised:
            await voice.speak(utterance())

    assert len(server.requests) == 1
    assert "secret" not in str(raised.value)


async def test_a_page_of_a_proxy_is_said(plain: bytes) -> None:
    async with voice_of(KokoroServer(answers=["page"])) as voice:
        with pytest.raises(ClipFailed, match="a web page instead of sound"):
            await voice.speak(utterance())


@pytest.mark.parametrize(
    ("answer", "what"), [("silence", "silence"), ("hiss", "noise"), ("short", "too little sound")]
)
async def test_silence_and_noise_are_asked_for_again_and_then_said(answer: str, what: str) -> None:
    server = KokoroServer(answers=[answer])
    async with voice_of(server) as voice:
        with pytest.raises(ClipFailed, match=f"gave {what} instead of speech") as raised:
            await voice.speak(utterance())

    assert raised.value.retries == 1


async def test_a_whole_wav_that_lacks_its_end_is_asked_for_again(plain: bytes) -> None:
    server = KokoroServer(answers=[wav(plain, 24_000)[:-40_000]])
    async with voice_of(server) as voice:
        with pytest.raises(ClipFailed, match="a part of a WAV") as raised:
            await voice.speak(utterance())

    assert raised.value.retries == 1


def test_speech_is_no_noise_and_tones_and_hiss_are(plain: bytes) -> None:
    import numpy as np

    tone = (np.sin(np.arange(72_000) / 9) * 9000).astype("<i2").tobytes()

    assert not pcm.is_noise(plain)
    assert not pcm.is_noise(b"")
    assert not pcm.is_noise(bytes(48_000))
    assert pcm.is_noise(tone)
    assert pcm.is_noise(hiss(2))
    assert encode(plain, "mp3") != plain


# -- errors -----------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["500", "cut"])
async def test_errors_that_pass_are_retried(fault: str) -> None:
    server = KokoroServer(answers=[fault, fault])
    async with voice_of(server) as voice:
        assert seconds((await voice.speak(utterance())).pcm) > 3

    assert len(server.requests) == 3


@pytest.mark.parametrize(
    "server", [KokoroServer(), Speaches(), LocalAI()], ids=lambda one: type(one).__name__
)
async def test_errors_that_stay_are_said_in_a_sentence(server: SpeechServer) -> None:
    server.answers = ["500"] * 5
    model = next(iter(server.MODELS))  # type: ignore[attr-defined]
    async with voice_of(server, model, ("af_heart", "af_heart")) as voice:
        with pytest.raises(
            VoiceServerFailed, match="cannot be reached, is too busy or has an error"
        ):
            await voice.speak(utterance())


async def test_a_server_that_is_away_is_said() -> None:
    calls = OpenAICalls("none", "http://127.0.0.1:9/v1", 2, seconds=2.0)
    voice = ServerVoice(calls, "http://127.0.0.1:9", "kokoro", ServerVoices.of(None, "kokoro"))

    for call in (voice.check, lambda: voice.speak(utterance())):
        with pytest.raises(VoiceServerFailed, match="cannot be reached"):
            await call()
    await calls.aclose()


@pytest.mark.parametrize(
    ("server", "model", "voices", "words"),
    [
        (
            KokoroServer(),
            "kokoro-2",
            None,
            "no model kokoro-2: AUDIOBREW_VOICE_MODEL. It has tts-1, tts-1-hd",
        ),
        (KokoroServer(), "kokoro", ENGLISH, "no voice af_hart: AUDIOBREW_VOICES. It has af_heart"),
        (KokoroServer(), "kokoro", {"fr": MIXTURE}, "no voice im_nikola"),
        (Speaches(), "speaches-ai/Kokoro", ENGLISH, "has no model speaches-ai/Kokoro"),
        (Speaches(), SPEACHES_MODEL, {"de": ("thorsten", "eva")}, "no voice eva"),
        (LocalAI(), "kokoros", {"en": AMY}, "has no model kokoros"),
    ],
)
async def test_a_check_says_what_a_server_does_not_have(
    server: SpeechServer, model: str, voices: dict[str, tuple[str, str]] | None, words: str
) -> None:
    async with voice_of(server, model, voices) as voice:
        with pytest.raises(VoiceServerFailed, match=re.escape(words)):
            await voice.check()

    assert server.requests == []


async def test_the_older_list_of_voices_is_read() -> None:
    server = KokoroServer()
    server.legacy = True
    async with voice_of(server) as voice:
        await voice.check()
    async with voice_of(server, voices={"en": ("af_hart", "am_michael")}) as voice:
        with pytest.raises(VoiceServerFailed, match="no voice af_hart"):
            await voice.check()


@pytest.mark.parametrize(
    ("server", "model", "voices", "words"),
    [
        (KokoroServer(), "kokoro", {"en": ("af_hart", "af_hart")}, "rejected a text or a voice"),
        (Speaches(), "speaches-ai/Kokoro", {"en": AMY}, "does not have the configured model"),
        (Speaches(), SPEACHES_MODEL, {"en": AMY}, "rejected a text or a voice"),
    ],
)
async def test_a_wrong_voice_or_model_is_said_without_retries(
    server: SpeechServer, model: str, voices: dict[str, tuple[str, str]], words: str
) -> None:
    async with voice_of(server, model, voices) as voice:
        with pytest.raises(VoiceServerFailed, match=words):
            await voice.speak(utterance())

    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "server",
    [KokoroServer(key="k"), Speaches(key="k"), LocalAI(key="k")],
    ids=lambda one: type(one).__name__,
)
async def test_a_server_with_a_key_gets_its_own_key(server: SpeechServer) -> None:
    model = next(iter(server.MODELS))  # type: ignore[attr-defined]
    voices = {"en": ("af_heart", "am_michael")}
    async with voice_of(server, model, voices, key="k") as voice:
        await voice.check()
        await voice.speak(utterance())
    async with voice_of(server, model, voices) as voice:
        for call in (voice.check, lambda: voice.speak(utterance())):
            with pytest.raises(VoiceServerFailed, match="AUDIOBREW_VOICE_KEY"):
                await call()


# -- texts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("noise", ["\0", "\ud800", "☕🎧", "\u202e", "\x1b[0m"])
async def test_what_is_unspeakable_reaches_no_server(noise: str) -> None:
    server = KokoroServer()
    async with voice_of(server) as voice:
        sound = await voice.speak(Utterance((f"One and two,{noise} and three.",), FIRST, "en"))

    assert seconds(sound.pcm) > 1
    assert server.requests[0]["input"].isprintable()


async def test_five_thousand_characters_are_spoken_in_parts() -> None:
    text = "the council met again " * 230
    server = KokoroServer()
    async with voice_of(server) as voice:
        sound = await voice.speak(Utterance((text,), FIRST, "en"))

    assert "".join(split_text(text)) == text
    assert [len(request["input"]) <= 2000 for request in server.requests] == [True] * 3
    assert seconds(sound.pcm) > 60


async def test_two_brews_at_once_ask_for_two_clips_at_a_time() -> None:
    server = KokoroServer()
    async with voice_of(server) as voice:
        sounds = await asyncio.gather(
            *(voice.speak(utterance(speaker)) for speaker in (FIRST, SECOND) * 5)
        )

    assert server.at_once == 2
    assert len({sound.pcm for sound in sounds}) == 2
