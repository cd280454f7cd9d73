"""Copies of an issue are recognized by what they say, and other issues are not taken for copies."""

from datetime import UTC, datetime, timedelta

import pytest
from audiobrew.mail.fingerprint import Fingerprint, Issue, is_copy, normalize_subject

from tests.mail.mails import read

MORNING = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
INTRO = (
    "Welcome to the Harbour Letter, which Ines and Tom write twice a week for everybody who lives by the"
    " water and wants to know what the council, the port and the ferries are up to."
)
STORIES = (
    "The harbour of Aveiro opens again on Tuesday after nine weeks of repairs, says the mayor of the town.",
    "Growers in Huila report a harvest that is twelve percent larger than last year, and better prices, too.",
    "A small museum in Cork bought the clock that a baker built by hand during the long winter of 1962.",
    "Ferries to the islands sail every hour from May, because the company found captains for two more ships.",
    "The library counted 4,120 visitors on one Sunday, which is more than on any day since it was built.",
)
OTHER_STORIES = (
    "The council wants trees in every street by 2030, and begins with those around the market in March.",
    "Two schools share a kitchen from autumn on, since the cook of one of them retires after forty years.",
    "Engineers measured the old bridge for a month and found that it bears more than anybody had thought.",
    "A theatre group plays in the dry dock for a week, with an audience that sits on the steps of the ramp.",
    "The weather station on the hill has a new keeper, who is twenty-three and came for the quiet nights.",
)


def issue(
    texts: tuple[str, ...], subject: str = "Harbour opens again", after: timedelta = timedelta(0)
) -> Issue:
    return Issue(subject, MORNING + after, Fingerprint.of(texts))


ISSUE = issue(STORIES)
CHANGED = (
    *STORIES[:3],
    "Ferries to the islands will not sail before June, the company says.",
    STORIES[4],
)
CORRECTED = (*STORIES[:4], STORIES[4].replace("4,120", "1,420"))
HOURS, DAYS = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(issue(STORIES, after=2 * HOURS), id="sent again"),
        pytest.param(issue(STORIES, "In case you missed it", 3 * DAYS), id="for non-readers"),
        pytest.param(issue(STORIES, "Resent: Harbour opens again", 9 * DAYS), id="resent"),
        pytest.param(issue(CORRECTED, after=3 * HOURS), id="a figure"),
        pytest.param(issue(CORRECTED, after=DAYS), id="a figure on the next day"),
        pytest.param(issue(CHANGED, after=HOURS), id="a paragraph"),
        pytest.param(issue(CHANGED, "[Correction] Harbour opens again", DAYS), id="correction"),
        pytest.param(issue(CHANGED, "Korrektur: Harbour opens again", DAYS), id="Korrektur"),
        pytest.param(issue(CHANGED, "Harbour opens again (corrected)", DAYS), id="corrected"),
        pytest.param(issue(CHANGED, "【訂正】Harbour opens again", DAYS), id="訂正"),
        pytest.param(issue(CHANGED, "Oops! Here is the right issue", HOURS), id="oops"),
        pytest.param(issue(("Hi Bob,", *STORIES), after=HOURS), id="a greeting"),
        pytest.param(issue(("Sorry for the wrong date.", *STORIES), after=HOURS), id="an apology"),
        pytest.param(issue((" ".join(STORIES),), "Fwd: Harbour opens again"), id="forwarded"),
        pytest.param(issue(tuple(text.upper() for text in STORIES)), id="capitals"),
    ],
)
def test_copies_are_recognized(copy: Issue) -> None:
    assert is_copy(ISSUE, copy)
    assert is_copy(copy, ISSUE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(ISSUE, issue(OTHER_STORIES, "Trees", 7 * DAYS), id="next week"),
        pytest.param(ISSUE, issue(OTHER_STORIES, after=7 * DAYS), id="one subject for all"),
        pytest.param(
            issue((INTRO, STORIES[0])),
            issue((INTRO, OTHER_STORIES[0]), "Trees", DAYS),
            id="a standing intro",
        ),
        pytest.param(
            issue((INTRO, STORIES[0])),
            issue((INTRO, OTHER_STORIES[0]), after=DAYS),
            id="a standing intro and subject",
        ),
        pytest.param(
            issue((INTRO, STORIES[0])),
            issue((INTRO, OTHER_STORIES[0]), "Trees", HOURS),
            id="a standing intro on one day",
        ),
        pytest.param(
            issue((*STORIES[:2],)), issue((*STORIES[:1], *OTHER_STORIES[:4])), id="one story of two"
        ),
        pytest.param(ISSUE, issue(STORIES, "Harbour opens again", 90 * DAYS), id="long ago"),
        pytest.param(issue(("Hello.",)), issue(("Hello.",)), id="too short to know"),
        pytest.param(issue(()), issue(()), id="empty"),
        pytest.param(
            issue(("Here are this week's links, as every week since we began.",)),
            issue(("Here are this week's links, as every week since we began.",), "Trees", DAYS),
            id="a standing sentence",
        ),
    ],
)
def test_other_issues_are_no_copies(one: Issue, other: Issue) -> None:
    assert not is_copy(one, other)
    assert not is_copy(other, one)


def forecast(high: int, wind: int, rain: int) -> tuple[str, ...]:
    return (
        f"The high in Bergen is {high} degrees, with a light wind of {wind} knots from the west, and the"
        f" chance of rain is {rain} percent. Whoever goes out in a small boat should look at the flags on the"
        " pier first, because gusts around the point are stronger than in the bay.",
    )


@pytest.mark.parametrize("subject", ["Weather", "Weather for November 25"])
def test_a_report_with_new_figures_is_a_new_issue(subject: str) -> None:
    yesterday = issue(forecast(9, 12, 40), "Weather")

    assert not is_copy(yesterday, issue(forecast(11, 8, 75), subject, DAYS))


def test_links_do_not_count() -> None:
    text = "{0} Read more at https://news.example/{1}/c4f and https://track.example/?id={1}."
    one, other = (
        Fingerprint.of(text.format(story, id * 30) for story in STORIES) for id in ("a1", "b2")
    )

    assert one == other


def test_a_forward_of_a_newsletter_says_the_same() -> None:
    body = "\r\n\r\n".join(STORIES)
    original = f"From: The Roast <hi@roast.example>\r\nSubject: Harbour\r\n\r\n{body}"
    forward = (
        "From: Ada <ada@mail.example>\r\nSubject: Fwd: Harbour\r\n\r\nFor you!\r\n\r\n"
        "---------- Forwarded message ---------\r\nFrom: The Roast <hi@roast.example>\r\n"
        f"Date: Tue, Nov 24, 2026 at 7:30 AM\r\nSubject: Harbour\r\nTo: <ada@mail.example>\r\n\r\n{body}"
    )
    one, other = (
        Fingerprint.of(block.text for block in read(mail.encode()).uncut_blocks)
        for mail in (original, forward)
    )

    assert one.share_with(other) > 0.95


def test_a_long_text_is_sampled() -> None:
    words = [f"word{number}" for number in range(5_000)]
    changed = [*words[:4_000], *(f"other{number}" for number in range(1_000))]
    one, other = Fingerprint.of([" ".join(words)]), Fingerprint.of([" ".join(changed)])

    assert len(one.to_bytes()) < 3_000
    assert one.share_with(other) == pytest.approx(0.8, abs=0.06)
    assert one.share_with(one) == 1.0


@pytest.mark.parametrize(
    "texts", [(), ("早安，今天港口重新開放，市長說維修花了九個星期。",), STORIES]
)
def test_a_fingerprint_is_stored_and_loaded(texts: tuple[str, ...]) -> None:
    fingerprint = Fingerprint.of(texts)

    assert Fingerprint.from_bytes(fingerprint.to_bytes()) == fingerprint


@pytest.mark.parametrize(
    ("subject", "normalized"),
    [
        ("Fwd: [Correction] Beans are back!", "beans are back"),
        ("Resent: Beans, are back", "beans are back"),
        ("Beans are back – corrected", "beans are back"),
        ("Correcting the record", "correcting the record"),
        ("A market correction is here", "a market correction is here"),
        ("Issue 12", "issue 12"),
        ("", ""),
    ],
)
def test_subjects_are_compared_without_marks(subject: str, normalized: str) -> None:
    assert normalize_subject(subject) == normalized
