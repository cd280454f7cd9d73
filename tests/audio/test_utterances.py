"""Every sentence is in exactly one utterance, in order."""

import random

from audiobrew.audio.utterances import MAX_SENTENCES, utterances_of
from audiobrew.audio.voice import MAX_CHARACTERS
from audiobrew.script.script import Segment, Sentence, Speaker

FIRST, SECOND = Speaker


def segment(*lines: tuple[str, Speaker], language: str = "en") -> Segment:
    return Segment("T", language, tuple(Sentence(text, speaker) for text, speaker in lines))


def test_sentences_of_one_speaker_are_one_utterance() -> None:
    [part] = utterances_of(segment(("It rained.", FIRST), ("Nobody minded.", FIRST)), ())

    assert part.utterance.sentences == ("It rained.", "Nobody minded.")
    assert part.utterance.text == "It rained. Nobody minded."
    assert part.numbers == (0, 1)


def test_another_speaker_begins_another_utterance() -> None:
    parts = utterances_of(segment(("One.", FIRST), ("Two.", SECOND), ("Three.", FIRST)), ())

    assert [part.utterance.speaker for part in parts] == [FIRST, SECOND, FIRST]


def test_an_utterance_has_at_most_eight_sentences() -> None:
    parts = utterances_of(segment(*[("Short.", FIRST)] * 9), ())

    assert [len(part.numbers) for part in parts] == [5, 4]


def test_utterances_have_similar_lengths() -> None:
    sentence = "word " * 30 + "end."
    parts = utterances_of(segment(*[(sentence, FIRST)] * 5), ())

    assert [len(part.numbers) for part in parts] == [3, 2]


def test_a_long_sentence_is_an_utterance_of_its_own() -> None:
    long = "and on and " * 80 + "on."
    parts = utterances_of(segment(("Before.", FIRST), (long, FIRST), ("After.", FIRST)), ())

    assert [part.numbers for part in parts] == [(0,), (1,), (2,)]
    assert len(parts[1].utterance.text) > MAX_CHARACTERS


def test_every_sentence_is_spoken_once_and_in_order() -> None:
    random_numbers = random.Random(5)
    lines = [
        ("word " * random_numbers.randint(1, 60) + "end.", random_numbers.choice([FIRST, SECOND]))
        for _ in range(200)
    ]
    parts = utterances_of(segment(*lines), ())

    assert [number for part in parts for number in part.numbers] == list(range(200))
    assert all(len(part.numbers) <= MAX_SENTENCES for part in parts)
    assert all(
        len(part.utterance.text) <= MAX_CHARACTERS or len(part.numbers) == 1 for part in parts
    )


def test_sentences_without_words_are_left_out() -> None:
    parts = utterances_of(segment(("☕🎧", FIRST), ("It rained.", FIRST), ("…", FIRST)), ())

    assert [part.numbers for part in parts] == [(1,)]


def test_a_headline_gets_a_full_stop() -> None:
    [part] = utterances_of(segment(("Trams are back", FIRST), ("“Finally!”", FIRST)), ())

    assert part.utterance.sentences[0] == "Trams are back."
    assert part.utterance.sentences[1].rstrip('”"').endswith("!")


def test_a_line_break_in_a_sentence_does_not_end_it() -> None:
    [part] = utterances_of(segment(("It rained\nall day.", FIRST)), ())

    assert part.utterance.sentences == ("It rained all day.",)
