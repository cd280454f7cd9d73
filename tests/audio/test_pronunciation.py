"""Voices say words as the listener wants them said."""

import struct

import pytest
from audiobrew.audio.openai_realtime import Reading, find_defect
from audiobrew.audio.pronunciation import Pronunciation, pronounce
from audiobrew.audio.utterances import utterances_of
from audiobrew.audio.voice import MAX_CHARACTERS
from audiobrew.script.script import Segment, Sentence, Speaker

NGUYEN = Pronunciation("Nguyen", "Win")
WORDS = (NGUYEN, Pronunciation("San José", "San Hosay"), Pronunciation("GIF", "jiff"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nguyen won.", "Win won."),
        ("nguyen, NGUYEN’s and (Nguyen)", "Win, Win’s and (Win)"),
        ("Nguyens and Nguyenville stay", "Nguyens and Nguyenville stay"),
        ("in San  José today", "in San Hosay today"),
        ("San Jose\u0301", "San Hosay"),
        ("a GIF-maker", "a jiff-maker"),
        ("GIF Nguyen GIF", "jiff Win jiff"),
    ],
)
def test_whole_words_are_replaced_in_any_case(text: str, expected: str) -> None:
    assert pronounce(text, WORDS) == expected


def test_a_word_may_be_anywhere_in_a_script_without_spaces() -> None:
    assert pronounce("我在三藩市工作", [Pronunciation("三藩市", "旧金山")]) == "我在旧金山工作"


def test_what_is_said_is_not_replaced_again() -> None:
    words = [Pronunciation("one", "two"), Pronunciation("two", "one"), Pronunciation("a.c", "x")]

    assert pronounce("one two abc a.c", words) == "two one abc x"


def segment(*texts: str) -> Segment:
    return Segment("Story", "en", tuple(Sentence(text, Speaker.FIRST) for text in texts))


def test_only_utterances_with_the_word_change() -> None:
    texts = ("It rained all day. ", "Nguyen won $5bn. ", "It is dry. ")
    parts = segment(*(text * (MAX_CHARACTERS // len(text)) for text in texts))
    before, after = utterances_of(parts, ()), utterances_of(parts, [NGUYEN])
    changed = [
        one.numbers
        for one, other in zip(before, after, strict=True)
        if one.utterance.sentences != other.utterance.sentences
    ]

    assert [one.numbers for one in before] == [one.numbers for one in after]
    assert changed == [(1,)]
    assert after[1].utterance.text.startswith("Win won 5 billion dollars.")


@pytest.mark.parametrize(
    ("transcript", "defect"),
    [("Win won.", None), ("Nguyen won.", None), ("Smith won.", "reworded")],
)
def test_a_transcript_may_have_the_word_or_its_sound(transcript: str, defect: str | None) -> None:
    [part] = utterances_of(segment("Nguyen won."), [NGUYEN])
    second = struct.pack("<h", 9000) * 24_000

    assert find_defect(part.utterance, Reading(second, transcript, True, None), 15.0) == defect
