"""What is known about each language: one file, `lang/<code>.toml`, for each ISO 639-1 code.

`sections.py` explains every key, and docs/adding-a-language.md says how to add a language. A complete
language has all sections of CompleteLanguage; of others we know little more than a voice.
"""

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import ValidationError

from audiobrew.lang.mail_sections import Boilerplate, ForwardedHead
from audiobrew.lang.meaning_section import Meaning
from audiobrew.lang.page_section import Page
from audiobrew.lang.sections import (
    Currencies,
    Framing,
    Interests,
    Links,
    Modifiers,
    Numbers,
    NumberWords,
    References,
    RelativeDays,
    Section,
    Sentences,
    Structure,
    Symbols,
    Tables,
    Transcript,
)
from audiobrew.lang.voice_sections import Voices


class UnknownLanguage(LookupError):
    """There is no file for this language."""


class LanguageFileInvalid(ValueError):
    """A language's file lacks a key, has an unknown one or a value of the wrong type."""


class Language(Section):
    """One language's file."""

    code: str
    # The language's English name in prompts; its code where there is none.
    prompt_name: str = ""
    # The language in the tag of an MP3 file.
    iso_639_2: str = "und"
    # Whether all words are in Latin letters.
    latin_script: bool = False
    # Whether listeners can order episodes in it; `tests/script/` tests what is said in such a language.
    offered: bool = False
    framing: Framing | None = None
    references: References = References()
    structure: Structure = Structure()
    page: Page = Page()
    tables: Tables = Tables()
    symbols: Symbols = Symbols()
    numbers: Numbers = Numbers()
    currencies: Currencies = Currencies()
    links: Links = Links()
    interests: Interests = Interests()
    relative_days: RelativeDays | None = None
    meaning: Meaning = Meaning()
    boilerplate: Boilerplate = Boilerplate()
    forwarded: ForwardedHead = ForwardedHead()
    voices: Voices = Voices()


class CompleteLanguage(Language):
    """A language in which episodes can be framed, checked and spoken."""

    framing: Framing
    sentences: Sentences
    modifiers: Modifiers
    number_words: NumberWords
    transcript: Transcript


COMPLETE_SECTIONS = CompleteLanguage.model_fields.keys() - Language.model_fields.keys()


def parse_language(code: str, text: str) -> Language:
    """The language of a file's text. A file with any section of a complete language must have all of them.

    Raises LanguageFileInvalid.
    """
    try:
        content = tomllib.loads(text)
        kind = Language if COMPLETE_SECTIONS.isdisjoint(content) else CompleteLanguage
        return kind.model_validate({**content, "code": code})
    except tomllib.TOMLDecodeError as error:
        raise LanguageFileInvalid(f"lang/{code}.toml is not TOML: {error}.") from None
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()
        )
        raise LanguageFileInvalid(f"lang/{code}.toml is not valid. {faults}.") from None


@cache
def language_codes() -> frozenset[str]:
    """The codes of all languages that have a file."""
    names = (file.name for file in files(__package__).iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


@cache
def _read_language(code: str) -> Language:
    file = files(__package__).joinpath(f"{code}.toml")
    return parse_language(code, file.read_text(encoding="utf-8"))


def load_language(code: str) -> Language:
    """The language of an ISO 639-1 code. Raises UnknownLanguage and LanguageFileInvalid."""
    if code not in language_codes():
        raise UnknownLanguage(f"There is no file lang/{code}.toml for the language {code!r}.")
    return _read_language(code)


def language_or_default(code: str) -> Language:
    """The language of a code; for an unknown one, a language with no words at all."""
    return _read_language(code) if code in language_codes() else UNKNOWN


def symbols_of(code: str) -> Symbols:
    """How the language reads symbols; no words for any in an unknown one."""
    return language_or_default(code).symbols


def complete_language(code: str) -> CompleteLanguage:
    """The language of a code if it is complete, else English."""
    for candidate in (language_or_default(code), load_language("en")):
        if isinstance(candidate, CompleteLanguage):
            return candidate
    raise LanguageFileInvalid("lang/en.toml must be complete: other languages fall back to it.")


@cache
def all_languages() -> tuple[Language, ...]:
    return tuple(load_language(code) for code in sorted(language_codes()))


@cache
def complete_languages() -> tuple[CompleteLanguage, ...]:
    return tuple(one for one in all_languages() if isinstance(one, CompleteLanguage))


@cache
def offered_languages() -> tuple[str, ...]:
    """The codes of the languages in which listeners can order episodes."""
    return tuple(language.code for language in all_languages() if language.offered)


UNKNOWN = Language(code="")
