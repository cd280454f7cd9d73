"""Newsletters in several languages: each section is told in its own, and nothing else changes language."""

from datetime import date

import pytest
from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.block_languages import block_languages, count_short_texts, count_unspoken
from audiobrew.script.extractive_segments import build_rundown, build_segment
from audiobrew.script.gate.gate import Sources, check_script
from audiobrew.script.items import items_of
from audiobrew.script.openai.points import items_from_points
from audiobrew.script.openai.prompts import Points, ToldPoint, ToldStory
from audiobrew.script.running_order import is_speakable
from audiobrew.script.script import Kind, Script
from audiobrew.script.writer import Brief

from tests.mail.mails import html, read

ENGLISH = [
    (
        "The quay stays closed",
        "The harbour office said on Tuesday that the quay is closed until spring, and that boats moor at"
        " the north pier. The repairs cost 412,000 euros and are paid by the county.",
    ),
    (
        "A tram to the lighthouse",
        "The town council has approved a tram line to the lighthouse, which opens in 2031. Residents had"
        " asked for a bus instead, because it can start soon.",
    ),
    (
        "Marathon with a record",
        "The marathon drew 18,000 runners on Sunday, more than ever before. The organisers want a second"
        " start line next year, as the street is narrow.",
    ),
]
GERMAN = [
    (
        "Die Bibliothek öffnet sonntags",
        "Die Stadtbibliothek öffnet ab Januar auch am Sonntag, wie der Gemeinderat am Montag beschlossen hat."
        " Die zusätzlichen Stunden kosten im Jahr 64.000 Euro.",
    ),
    (
        "Neue Züge nach Lindau",
        "Die Regionalbahn kauft 36 neue Züge für die Strecke nach Lindau. Die Fahrzeit sinkt um zwölf Minuten"
        " auf knapp eine Stunde, und im Sommer fahren die Züge häufiger.",
    ),
]
FRENCH = (
    "La ville a ouvert lundi son nouveau pont, et des centaines de personnes l’ont traversé sous la pluie."
    " Les travaux ont duré deux ans et ont coûté 14 millions d’euros."
)
DAY = date(2026, 11, 3)


def page(sections: list[tuple[str, str]]) -> str:
    return "".join(f"<h2>{title}</h2><p>{text}</p>" for title, text in sections)


def write(newsletter: Newsletter, *languages: str) -> Script:
    """The script of a newsletter, of which the gate drops nothing."""
    brief = Brief(5, "AudioBrew", DAY, dict.fromkeys(languages, 15.0))
    rundown = build_rundown([newsletter], brief)
    segments = [
        build_segment(rundown, number, [newsletter], brief)
        for number in range(len(rundown.stories))
    ]
    script = Script(rundown.title, rundown.language, tuple(segments))
    assert check_script(script, [newsletter], brief).dropped == ()
    return script


def texts(script: Script, language: str) -> str:
    return " ".join(
        sentence.text
        for segment in script.segments
        if segment.language == language
        for sentence in segment.sentences
    )


@pytest.mark.parametrize(
    ("english", "german"), [(3, 2), (1, 1), (1, 2), (2, 1)], ids=lambda count: str(count)
)
def test_each_section_of_a_bilingual_newsletter_is_told_in_its_language(
    english: int, german: int
) -> None:
    newsletter = read(html(page(ENGLISH[:english] + GERMAN[:german])))

    script = write(newsletter, "en", "de")

    for sections, language in ((ENGLISH[:english], "en"), (GERMAN[:german], "de")):
        for title, text in sections:
            assert text.rpartition(". ")[2] in texts(script, language)
            assert title in {one.title for one in script.segments if one.language == language}


def test_what_follows_in_another_language_is_handed_over_in_it() -> None:
    script = write(read(html(page(ENGLISH[:1] + GERMAN[:1]))), "en", "de")

    assert len(script.segments) == 2
    second = script.segments[1]
    assert any(one.kind is Kind.HANDOVER for one in second.sentences)


def test_paragraphs_by_turns_in_two_languages_become_one_item_each() -> None:
    turns = "".join(
        f"<p>{english}</p><p>{german}</p>"
        for (_, english), (_, german) in zip(ENGLISH, GERMAN, strict=False)
    )

    items = items_of(read(html(turns)))

    assert {item.language: len(item.lines) for item in items} == {"en": 4, "de": 4}


def test_headings_in_two_languages_stand_above_their_own_texts() -> None:
    (one, english), (other, german) = ENGLISH[0], GERMAN[0]

    items = items_of(
        read(html(f"<h2>{one}</h2><h2>{other}</h2><p>{english}</p><p>{german}</p>{page(ENGLISH)}"))
    )

    assert (items[0].language, items[0].title) == ("en", one)
    assert (items[1].language, items[1].title) == ("de", other)


def test_a_french_letter_with_an_english_interview_keeps_both() -> None:
    letter = f"<h2>Le pont est ouvert</h2><p>{FRENCH}</p><p>{FRENCH.replace('lundi', 'mardi')}</p>"
    interview = (
        "<h2>The engineer of the bridge</h2>"
        "<p><b>How long did it take to build the bridge over the river?</b></p>"
        "<p>It took us two years and three months, because the old piers had to be replaced first.</p>"
        "<p><b>And what was the hardest part of the work for you?</b></p>"
        "<p>The winter of the first year was the hardest part, since the river was frozen for weeks.</p>"
    )

    items = items_of(read(html(letter + interview)))

    assert {item.language for item in items} == {"fr", "en"}
    [english] = [item for item in items if item.language == "en"]
    assert len(english.lines) >= 3


@pytest.mark.parametrize(
    "foreign",
    [
        "<p>Die Stadt hat ihre Brücke.</p>",
        "<blockquote>Nous sommes très heureux que le port de la ville soit enfin ouvert à tous, et que les"
        " bateaux reviennent au printemps prochain.</blockquote>",
        "<p>« Nous sommes très heureux que le port de la ville soit enfin ouvert à tous, et que les bateaux"
        " reviennent au printemps prochain. »</p>",
        "<p>The mayor of Lyon wrote:</p><p>Nous sommes très heureux que le port de la ville soit enfin ouvert"
        " à tous, et que les bateaux reviennent au printemps prochain.</p>",
        "<p>Guests: Jean-Pierre Lefèvre, Marguerite Dubois, Friedrich von Hohenlohe, Giuseppe Bianchi.</p>",
    ],
    ids=["short", "blockquote", "marks", "introduced", "names"],
)
def test_a_short_newsletter_never_changes_its_language(foreign: str) -> None:
    newsletter = read(html(page(ENGLISH[:2]) + foreign))

    assert newsletter.language == "en"
    assert set(block_languages(newsletter).values()) == {"en"}


SCRIPTS = {
    "el": "Το λιμάνι της πόλης έκλεισε την Τρίτη και τα πλοία δένουν στη βόρεια προβλήτα μέχρι την άνοιξη του"
    " επόμενου έτους, όπως ανακοίνωσε ο δήμος.",
    "ru": "Городской порт закрылся во вторник, и до весны следующего года суда будут стоять у северного"
    " причала, сообщила администрация города.",
    "he": "הנמל של העיר נסגר ביום שלישי, והספינות יעגנו ברציף הצפוני עד האביב של השנה הבאה, כך הודיעה אתמול"
    " העירייה לתושבים ולכל בעלי הסירות.",
    "ar": "أغلق ميناء المدينة يوم الثلاثاء وسترسو السفن عند الرصيف الشمالي حتى ربيع العام المقبل كما أعلنت"
    " البلدية أمس للسكان ولجميع أصحاب القوارب.",
    "hi": "शहर का बंदरगाह मंगलवार को बंद हो गया और अगले साल वसंत तक जहाज उत्तरी घाट पर रुकेंगे, नगर निगम ने कल"
    " निवासियों को यह जानकारी दी है।",
    "ja": "港町の港は火曜日に閉鎖され、来年の春まで船は北の埠頭に停泊すると、市の港湾局が昨日発表しました。",
    "ko": "도시의 항구가 화요일에 문을 닫았으며 내년 봄까지 배들은 북쪽 부두에 정박한다고 시 항만청이"
    " 어제 발표했습니다. 수리 비용은 군이 부담합니다.",
    "en": ENGLISH[0][1],
}


def test_eight_scripts_in_one_mail_are_told_or_counted() -> None:
    newsletter = read(
        html("".join(f"<h2>{code}</h2><p>{text}</p>" for code, text in SCRIPTS.items()))
    )

    items = items_of(newsletter)

    assert [item.language for item in items] == list(SCRIPTS)
    script = write(newsletter, "en", "el", "ru")
    assert {segment.language for segment in script.segments} == {"en", "el", "ru"}
    assert count_unspoken(newsletter, {"en", "el", "ru"}.__contains__) == {
        "he": 1, "ar": 1, "hi": 1, "ja": 1, "ko": 1
    }  # fmt: skip


def test_points_of_a_model_are_in_the_language_of_their_blocks() -> None:
    newsletter = read(html(page(ENGLISH[:2] + GERMAN[:1])))
    brief = Brief(5, "AudioBrew", DAY, {"en": 15.0})
    text = GERMAN[0][1].partition(". ")[0] + "."
    point = ToldPoint(text=text, blocks=[len(newsletter.uncut_blocks) - 1])
    story = ToldStory(title="", hook=point, kind="news", value=5, interest=5, points=[point])

    [item] = items_from_points(
        newsletter, Points(stories=[story]), Sources.of([newsletter], brief), None
    )

    assert item.language == "de"
    assert not is_speakable(item, brief)


SHORT_GERMAN = "Die Bücherei bleibt am Montag wegen einer Feier geschlossen."


def test_a_short_section_in_another_language_is_counted_for_the_note() -> None:
    newsletter = read(html(page([*ENGLISH, ("Bücherei", SHORT_GERMAN)])))

    assert SHORT_GERMAN not in texts(write(newsletter, "en", "de"), "en")
    assert count_short_texts(newsletter, {"en", "de"}.__contains__) == {"de": 1}


@pytest.mark.parametrize(
    "sections",
    [ENGLISH, ENGLISH + GERMAN, [*ENGLISH, ("Bücherei", f"„{SHORT_GERMAN}“")]],
    ids=["one language", "two languages", "a quotation"],
)
def test_what_is_told_or_quoted_is_not_counted_as_short(sections: list[tuple[str, str]]) -> None:
    assert count_short_texts(read(html(page(sections))), {"en", "de"}.__contains__) == {}


def test_what_a_voice_does_not_speak_is_counted_once() -> None:
    newsletter = read(html(page([*ENGLISH, ("Bücherei", SHORT_GERMAN)])))

    assert count_short_texts(newsletter, {"de"}.__contains__) == {}
