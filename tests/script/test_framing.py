"""The phrases of the show in every language that is offered."""

from datetime import date

import pytest
from audiobrew.lang.language import all_languages, language_or_default, offered_languages
from audiobrew.script.framing import (
    NAMES_ONLY,
    Form,
    FramingNames,
    FramingWords,
    forms_of,
    greeting,
    is_framed,
    signoff,
    spoken_date,
)
from audiobrew.script.script import Kind, Sentence, Speaker

DAY = date(2026, 11, 23)
FRAMED = [language.code for language in all_languages() if language.framing]
NAMES = FramingNames("AudioBrew", DAY, ("Slow Letters", "Mara Ilves from Slow Letters"))


def test_languages_are_offered_only_with_phrases() -> None:
    assert len(offered_languages()) == 26
    assert [code for code in offered_languages() if not is_framed(code)] == []


def test_languages_that_espeak_speaks_have_phrases() -> None:
    spoken = [language.code for language in all_languages() if language.voices.espeak]

    assert [code for code in spoken if not is_framed(code)] == []


@pytest.mark.parametrize("language", FRAMED)
def test_the_phrases_of_a_language(language: str) -> None:
    framing = language_or_default(language).framing

    assert framing
    assert all("{date}" in form and "{show}" in form for form in framing.greeting)
    for form in (Form.FIRST, Form.NEXT, Form.MORE, Form.TOO):
        assert all(text.count("{newsletter}") == 1 for text in forms_of(language, form))
    assert all("{count}" in text for text in framing.remainder)
    assert len(framing.next) >= 4 and len(framing.more) >= 3
    texts = [*framing.first, *framing.next, *framing.more, *framing.too]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("language", [*FRAMED, "th", "xx"])
def test_the_gate_accepts_every_phrase_with_the_names_of_the_show(language: str) -> None:
    values = {"newsletter": "Slow Letters", "count": 12, "title": "Slow Letters"}
    texts = [
        text.format(**values)
        for form in Form
        if form is not Form.UPDATE
        for text in forms_of(language, form)
    ]

    assert all(
        NAMES.allows(Sentence(text, Speaker.FIRST, Kind.HANDOVER), language) for text in texts
    )
    assert NAMES.allows(greeting("AudioBrew", DAY, language, Speaker.FIRST), language)
    assert NAMES.allows(signoff("AudioBrew", DAY, language, Speaker.FIRST), language)
    assert not NAMES.allows(
        Sentence(texts[0].replace("Slow Letters", "Evil"), Speaker.FIRST, Kind.HANDOVER), language
    )


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Monday, November 23"),
        ("de", "Montag, 23. November"),
        ("fi", "maanantai 23. marraskuuta"),
        ("ru", "понедельник, 23 ноября"),
        ("pl", "poniedziałek, 23 listopada"),
        ("hu", "november 23., hétfő"),
        ("ja", "11月23日月曜日"),
        ("no", "mandag 23. november"),
        ("th", "วันจันทร์, 23 พฤศจิกายน"),
    ],
)
def test_dates(language: str, expected: str) -> None:
    assert spoken_date(DAY, language) == expected


def test_no_wording_is_heard_twice_before_all_others_were() -> None:
    words = FramingWords(DAY)
    forms = forms_of("en", Form.MORE)
    texts = [words.word(Form.MORE, "en", "Slow Letters") for _ in range(len(forms) + 1)]

    assert len(set(texts[:-1])) == len(forms)
    assert texts[-1] == ""


def test_a_language_without_phrases_is_framed_by_names_only() -> None:
    words = FramingWords(DAY)

    assert forms_of("th", Form.MORE) == NAMES_ONLY.more == ()
    assert words.word(Form.NEXT, "th", "ข่าวเช้า") in ("ข่าวเช้า.", "ข่าวเช้า:")
