"""The files of languages: which keys they have, and that what one place offers is known in the others."""

import tomllib
from importlib.resources import files

import pytest
from audiobrew.audio.espeak import find_voice
from audiobrew.lang import number_words
from audiobrew.lang.language import (
    CompleteLanguage,
    LanguageFileInvalid,
    UnknownLanguage,
    all_languages,
    complete_language,
    language_codes,
    language_or_default,
    load_language,
    parse_language,
)
from audiobrew.lang.sections import Symbols

LANGUAGES = ["de", "en", "es", "fr", "it", "nl", "pt"]
SECTIONS = ("framing", "sentences", "modifiers", "number_words", "transcript")
# Keys that a complete language may leave out, because the language has no such thing.
OPTIONAL = {
    "prompt_name",
    "interests.compounds",
    "framing.one_host",
    "framing.two_hosts",
    "sentences.capitalized_pronouns",
    "references.very_early_pronouns",
    "references.dependent_phrases",
    "structure.abbreviations",
    "structure.before_ordinals",
    "structure.continuing_headings",
    "number_words.one",
    "number_words.variants",
    *(
        f"symbols.{key}"
        for key in Symbols.model_fields.keys()
        - {"dot", "at", "ampersand", "dash", "percent", "number_sign", "signs", "fractions"}
    ),
    "transcript.minus",
    "transcript.short_forms",
    "meaning.auxiliaries",
    "meaning.object_articles",
    "meaning.object_prepositions",
    "meaning.capitalized_nouns",
    "meaning.before_names",
    "meaning.ordinals",
    "meaning.first_words",
    "meaning.against",
    "meaning.common_nouns",
    "meaning.not_hedges",
    "meaning.limits",
    "meaning.exclusives",
    "boilerplate.view_in_browser",
    "boilerplate.legal_links",
    "numbers.decimal_point",
    "numbers.space_grouping",
    "numbers.long_scale",
    "meaning.ambiguous_seasons",
    "meaning.fraction_of",
    "meaning.compound_parts",
    "meaning.mixed_numbers",
    "meaning.unit_links",
    "meaning.before_hours",
    "meaning.after_hours",
    "meaning.minutes_past",
    "meaning.minutes_to",
    "meaning.hours_past",
    "meaning.hours_to",
    "meaning.year_pairs",
    "meaning.decades",
    "meaning.decade_words",
    "meaning.than",
    "meaning.losing_to",
    "meaning.untils",
    "numbers.hour",
    "numbers.ordinal_suffix",
    "numbers.ordinal_endings",
    "numbers.endings",
    "numbers.percent",
    "numbers.percent_phrases",
    "currencies.noun_first",
    "meaning.unit_endings",
    "currencies.names",
    "currencies.exact",
    "currencies.vague",
    "currencies.conjunctions",
    "currencies.cents",
}


def text_of(code: str) -> str:
    return (files("audiobrew.lang") / f"{code}.toml").read_text(encoding="utf-8")


def keys_of(code: str) -> set[str]:
    """The keys of a file: those at the top and those of its sections."""
    content = tomllib.loads(text_of(code))
    return {
        f"{section}.{key}" if key else section
        for section, value in content.items()
        for key in (value if isinstance(value, dict) else [""])
    }


def test_every_file_is_valid_and_named_by_its_code() -> None:
    assert {language.code for language in all_languages()} == language_codes()
    assert all(code.isalpha() and code.islower() and len(code) == 2 for code in language_codes())


def test_the_complete_languages_are_those_of_the_documentation() -> None:
    complete = [one.code for one in all_languages() if isinstance(one, CompleteLanguage)]

    assert complete == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_complete_languages_have_the_same_keys(language: str) -> None:
    assert keys_of(language) - OPTIONAL == keys_of("en") - OPTIONAL


@pytest.mark.parametrize("section", SECTIONS)
def test_a_complete_language_without_a_section_fails_with_a_sentence(section: str) -> None:
    content = text_of("de").replace(f"[{section}]", f"[{section}_]").replace(f"[{section}.", "[x.")

    with pytest.raises(LanguageFileInvalid, match=rf"^lang/de.toml is not valid.* {section}: Fie"):
        parse_language("de", content)


def test_a_missing_and_an_unknown_key_fail_with_a_sentence() -> None:
    with pytest.raises(LanguageFileInvalid, match=r"lang/de.toml .*framing.date: Field required"):
        parse_language("de", text_of("de").replace('\ndate = "', '\nday = "'))
    with pytest.raises(LanguageFileInvalid, match=r"voices.pace: Extra inputs are not permitted"):
        parse_language("xy", "[voices]\npace = 12.0\n")
    with pytest.raises(LanguageFileInvalid, match=r"lang/xy.toml is not TOML: "):
        parse_language("xy", "voices")


@pytest.mark.parametrize("code", ["xx", "", "EN", "../lang/en", "en.toml"])
def test_an_unknown_code_raises_or_has_defaults(code: str) -> None:
    with pytest.raises(UnknownLanguage, match="There is no file lang/"):
        load_language(code)
    assert language_or_default(code).voices.espeak is None
    assert complete_language(code).code == "en"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_that_is_framed_is_spoken_too(language: str) -> None:
    assert complete_language(language).code == language
    assert find_voice(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_framing_has_the_placeholders_that_it_needs(language: str) -> None:
    framing = complete_language(language).framing

    assert all("{show}" in form and "{date}" in form for form in framing.greeting)
    assert all("{newsletter}" in form for form in (*framing.next, *framing.too))
    assert all("{host}" in form and "{other}" not in form for form in framing.one_host)
    assert all("{host}" in form and "{other}" in form for form in framing.two_hosts)
    assert bool(framing.one_host) == bool(framing.two_hosts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_millions_and_thousands_are_known_by_their_word(language: str) -> None:
    words = {
        "de": ("tausend", "Millionen"),
        "en": ("thousand", "million"),
        "es": ("mil", "millones"),
        "fr": ("mille", "millions"),
        "it": ("mila", "milioni"),
        "nl": ("duizend", "miljoen"),
        "pt": ("mil", "milhões"),
    }[language]

    assert [number_words.power_of_ten(word.lower(), language) for word in words] == [3, 6]
