"""What a newsletter tells as items: headlines, titles, and sentences of scripts without spaces."""

import pytest
from audiobrew.script.items import items_of
from audiobrew.script.titles import clean_title

from tests.mail.mails import html, read

STORY = "<p>The harbour town opened its new tram line on Monday, after nine years of work on the quay.</p>"
HEADLINES = [
    "Bakers strike for a third day, bread prices double on the quay",
    "Ministry delays the wind park until next autumn",
    "Oil price falls below fifty crowns for the first time since June",
]


def told(page: str) -> str:
    return " ".join(line.text for item in items_of(read(html(page))) for line in item.lines)


def titles(page: str) -> list[str]:
    return [item.title for item in items_of(read(html(page)))]


@pytest.mark.parametrize("form", ["<p>{}</p>", "<p><a href='https://e.example/x'>{}</a></p>"])
def test_a_section_of_headlines_only_is_told(form):
    page = "<h2>Energy today</h2>" + "".join(form.format(line) for line in HEADLINES)

    assert told(page) == " ".join(f"{line}." for line in HEADLINES)


def test_headlines_in_a_list_are_told_beside_sentences():
    items = "".join(f"<li>{line}</li>" for line in HEADLINES)

    assert all(
        f"{line}." in told(f"<h2>In brief</h2>{STORY}<ul>{items}</ul>") for line in HEADLINES
    )


def test_names_and_places_below_a_story_are_no_headlines():
    assert told(f"{STORY * 3}<p>Ada Brook, editor of the Post</p>").endswith("quay.")


@pytest.mark.parametrize("kicker", ["AUTO", "3.85%", "Analysis"])
def test_a_kicker_below_a_title_is_not_the_title(kicker):
    page = f"<h1>The tram maker goes to court</h1><h3>{kicker}</h3>{STORY}{STORY}"

    assert titles(page) == ["The tram maker goes to court"]


@pytest.mark.parametrize(
    "heading",
    [
        "Mandel Ngan/Getty Images",
        "REUTERS/Ada Brook",
        "Ada Brook / AFP via Getty",
        "Photo by Ada Brook",
        "© Ada Brook 2026",
        "Courtesy of Ada Brook Studios",
        "3.85%",
        "$4.2 billion",
        "+12.4 points",
        "1,204,300",
        "Monday, 2 November 2026",
        "2026-11-02",
        "08:00 AM",
        "ada.lind@home.example",
        "Ada Lind &lt;ada.lind@home.example&gt;",
        "https://lantern.example/a/long/path",
        "12 Mill Street, Arden AB1 2CD",
        "Musterstraße 12, 10115 Berlin",
        "Sponsored",
        "In partnership with Norvik",
        "5 min read",
        "By Ada Brook",
        "—",
        "!",
    ],
)
def test_what_names_no_subject_is_not_the_title(heading: str) -> None:
    lone = f"<h2>{heading}</h2>{STORY * 3}"

    assert titles(lone) == ["A letter"]
    assert titles(f"<h1>The tram maker goes to court</h1>{lone}") == [
        "The tram maker goes to court"
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "Reuters cuts 200 jobs",
        "Getty Images sues a maker of models",
        "3.85% is the new normal",
        "12 Angry Men returns",
        "Mill Street closes until May",
        "Sponsored schools open in Arden",
        "iOS/Android parity at last",
        "November 2026 election results",
        "221B Baker Street, London",
        "24/7 trams",
        "Ads come to the trams",
    ],
)
def test_a_subject_with_the_words_of_a_credit_or_a_figure_is_the_title(heading: str) -> None:
    assert titles(f"<h2>{heading}</h2>{STORY * 3}") == [heading]


def test_a_later_story_without_a_title_is_called_as_it_begins() -> None:
    later = "<p>Bakers of the old town struck for a third day on Wednesday.</p>" * 2
    page = f"<h2>Trams for the quay</h2>{STORY * 2}<h2>Mandel Ngan/Getty Images</h2>{later}"

    assert titles(page)[1].startswith("Bakers of the old town")


def test_a_credit_among_headings_is_not_told() -> None:
    assert "Getty" not in told(f"<h2>Mandel Ngan/Getty Images</h2><p>It opened. {STORY[3:]}")


def test_of_two_titles_in_a_row_the_highest_counts() -> None:
    page = f"<h1>The tram maker goes to court</h1><h3>What our correspondent saw</h3>{STORY * 2}"

    assert titles(page) == ["The tram maker goes to court"]


def test_the_title_of_a_chapter_is_not_that_of_its_first_story() -> None:
    page = (
        f"<h2>From our own correspondents</h2><h3>The tram maker goes to court</h3>{STORY * 2}"
        f"<h3>Bakers strike on the quay</h3>{STORY * 2}"
    )

    assert titles(page) == ["The tram maker goes to court", "Bakers strike on the quay"]


def test_a_title_in_capitals_keeps_names_and_acronyms():
    body = "The SEC sued Velmora Rail on Friday. The company and its lawyers said nothing."

    assert clean_title("SEC SUES VELMORA RAIL", body) == "SEC sues Velmora Rail"
    assert clean_title("LAWYERS OF THE COMPANY", body) == "Lawyers of the company"


@pytest.mark.parametrize(
    "title",
    [
        "Candela: «La última noche apagué yo la luz»",
        "»Hallo«, sagte er",
        "« Elle rattrape »",
        "£18.6m, and an apology",
        "−5 degrees in Arden",
    ],
)
def test_a_title_keeps_its_quotation_and_its_sign(title: str) -> None:
    assert clean_title(title) == title


@pytest.mark.parametrize("text", ["— Read on »", "• Read on →", "▶ Read on:"])
def test_a_title_loses_its_decoration(text: str) -> None:
    assert clean_title(text) == "Read on"


@pytest.mark.parametrize(
    "text",
    [
        "港町の路面電車が月曜日に開業しました。始発から満員で、七時には乗れない人もいました。"
        "市長は灯台以来の大事業と述べました。",
        "港口城市周一开通了新的有轨电车线路。早上七点车厢就坐满了人。市长说这是灯塔建成以来最重要的工程。",
        "बंदरगाह शहर ने सोमवार को नई ट्राम लाइन शुरू की। सुबह सात बजे तक सारे डिब्बे भर चुके थे।"
        " महापौर ने इसे सबसे बड़ा काम कहा।",
        "항구 도시가 월요일에 새 노면전차를 개통했습니다."
        " 아침 일곱 시에 이미 만원이었습니다. 시장은 가장 큰 사업이라고 말했습니다.",
    ],
)
def test_sentences_of_other_scripts_are_told_one_by_one(text):
    (item,) = items_of(read(html(f"<p>{text}</p>")))

    assert len(item.lines) == 3
    assert "".join(line.text for line in item.lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    "line", ["Quay United 2, Fort 1.", "Mill Rovers 3–0 Harbour Town", "Harnheim 3:1 Fordwig"]
)
def test_a_result_is_told_in_a_section_of_its_own(line: str) -> None:
    page = f"<h2>Council</h2>{STORY}<h2>Football</h2><p>{line}</p>"

    assert told(page).endswith(line.rstrip(".") + ".")


def test_results_without_a_full_stop_are_all_told() -> None:
    lines = "<p>Quay United 2, Fort 1</p><p>Mill Rovers 0, Strand 0</p>"

    assert "Quay United 2, Fort 1. Mill Rovers 0, Strand 0." in told(f"<h2>Results</h2>{lines}")


def test_a_short_first_section_under_a_heading_is_no_greeting() -> None:
    first = "The council voted on Monday to close the bridge over the Aller."
    page = f"<h1>Weekly</h1><h2>Council</h2><p>{first}</p><h2>Trams</h2>{STORY}"

    assert first in told(page)
