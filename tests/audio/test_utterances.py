"""Sentences are handed to the voice in turns, none lost, none twice."""

import random

from audiobrew.audio.utterances import MAX_SENTENCES, utterances_of
from audiobrew.audio.voice import MAX_CHARACTERS
from audiobrew.script.script import Segment, Sentence, Speaker

FIRST, SECOND = Speaker


def segment(*said: tuple[str, Speaker], language: str = "en") -> Segment:
    return Segment("T", language, tuple(Sentence(text, speaker) for text, speaker in said))


def test_sentences_of_one_speaker_flow_together() -> None:
    [turn] = utterances_of(segment(("It rained.", FIRST), ("Nobody minded.", FIRST)))

    assert turn.utterance.sentences == ("It rained.", "Nobody minded.")
    assert turn.utterance.text == "It rained. Nobody minded."
    assert turn.numbers == (0, 1)


def test_the_other_speaker_begins_anew() -> None:
    made = utterances_of(segment(("One.", FIRST), ("Two.", SECOND), ("Three.", FIRST)))

    assert [turn.utterance.speaker for turn in made] == [FIRST, SECOND, FIRST]


def test_eight_sentences_at_most() -> None:
    made = utterances_of(segment(*[("Short.", FIRST)] * 9))

    assert [len(turn.numbers) for turn in made] == [5, 4]


def test_what_is_too_long_for_one_turn_is_shared_evenly() -> None:
    sentence = "word " * 30 + "end."
    made = utterances_of(segment(*[(sentence, FIRST)] * 5))

    assert [len(turn.numbers) for turn in made] == [3, 2]


def test_a_long_sentence_is_alone_and_whole() -> None:
    long = "and on and " * 80 + "on."
    made = utterances_of(segment(("Before.", FIRST), (long, FIRST), ("After.", FIRST)))

    assert [turn.numbers for turn in made] == [(0,), (1,), (2,)]
    assert len(made[1].utterance.text) > MAX_CHARACTERS


def test_every_sentence_is_said_once_and_in_order() -> None:
    chance = random.Random(5)
    said = [
        ("word " * chance.randint(1, 60) + "end.", chance.choice([FIRST, SECOND]))
        for _ in range(200)
    ]
    made = utterances_of(segment(*said))

    assert [number for turn in made for number in turn.numbers] == list(range(200))
    assert all(len(turn.numbers) <= MAX_SENTENCES for turn in made)
    assert all(
        len(turn.utterance.text) <= MAX_CHARACTERS or len(turn.numbers) == 1 for turn in made
    )


def test_what_cannot_be_spoken_is_left_out_and_the_numbers_say_so() -> None:
    made = utterances_of(segment(("☕🎧", FIRST), ("It rained.", FIRST), ("…", FIRST)))

    assert [turn.numbers for turn in made] == [(1,)]


def test_a_headline_gets_an_end() -> None:
    [turn] = utterances_of(segment(("Trams are back", FIRST), ("“Finally!”", FIRST)))

    assert turn.utterance.sentences[0] == "Trams are back."
    assert turn.utterance.sentences[1].rstrip('”"').endswith("!")


def test_a_line_break_in_a_sentence_does_not_end_it() -> None:
    [turn] = utterances_of(segment(("It rained\nall day.", FIRST)))

    assert turn.utterance.sentences == ("It rained all day.",)
