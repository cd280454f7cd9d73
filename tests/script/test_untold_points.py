"""A script that is too short is filled with the points of its stories that it does not tell."""

from audiobrew.script.script import Kind, Script, Segment, Sentence, Speaker
from audiobrew.script.untold_points import add_untold_points
from audiobrew.script.writer import Point, Story

FERRY = Point("The ferry to Moss sails again from Monday on.", "d1", ("b1",))
PRICE = Point("A ticket costs four euros more than last year.", "d1", ("b2",))
CREW = Point("The crew of nine will stay on board all winter.", "d1", ("b3",))
PIER = Point("It was built in 1961.", "d1", ("b3",))


def story(*points: Point) -> Story:
    return Story("s", "Ferry", "en", ("d1",), ("b1", "b2", "b3"), 100, points)


def script(*sentences: Sentence) -> Script:
    return Script("Show", "en", (Segment("Ferry", "en", sentences),))


def sourced(text: str, *cites: str, speaker: Speaker = Speaker.FIRST) -> Sentence:
    return Sentence(text, speaker, cites=cites)


HANDOVER = Sentence("From Harbour Notes.", Speaker.FIRST, Kind.HANDOVER)
TELLS_FERRY = sourced(
    "From Monday on, the ferry to Moss sails again.", "b1", speaker=Speaker.SECOND
)
TELLS_CREW = sourced("All winter, the crew of nine will stay on board.", "b3")


def lengthen(script: Script, points: tuple[Point, ...], seconds: float) -> list[str]:
    longer = add_untold_points(script, [story(*points)], seconds, lambda sentence, language: 4.0)
    return [sentence.text for sentence in longer.segments[0].sentences]


def test_a_point_that_is_not_told_takes_its_place_among_the_others() -> None:
    texts = lengthen(script(HANDOVER, TELLS_FERRY, TELLS_CREW), (FERRY, PRICE, CREW), 5)

    assert texts == [HANDOVER.text, TELLS_FERRY.text, PRICE.text, TELLS_CREW.text]


def test_the_speaker_of_the_sentence_before_says_it_with_its_sources() -> None:
    longer = add_untold_points(
        script(HANDOVER, TELLS_FERRY), [story(FERRY, PRICE)], 4, lambda sentence, language: 4.0
    )

    assert longer.segments[0].sentences[-1] == sourced(PRICE.text, "b2", speaker=Speaker.SECOND)


def test_no_more_is_added_than_is_missing() -> None:
    points = (FERRY, PRICE, CREW)

    assert lengthen(script(TELLS_FERRY), points, 4) == [TELLS_FERRY.text, PRICE.text]
    assert lengthen(script(TELLS_FERRY), points, 1) == [TELLS_FERRY.text]
    assert len(lengthen(script(TELLS_FERRY), points, 60)) == 3


def test_a_point_that_needs_another_sentence_is_not_added() -> None:
    assert lengthen(script(TELLS_FERRY), (FERRY, PIER), 60) == [TELLS_FERRY.text]


def test_nothing_comes_between_a_sentence_and_what_depends_on_it() -> None:
    following = sourced("That surprised everybody on the island.", "b3")

    assert lengthen(script(TELLS_FERRY, following), (FERRY, PRICE), 60) == [
        TELLS_FERRY.text,
        following.text,
    ]
