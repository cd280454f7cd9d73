"""What is known about each language: one file, `lang/<code>.toml`, for each ISO 639-1 code.

The classes here explain every key, and docs/adding-a-language.md says how to add a language. A complete
language has all sections of CompleteLanguage; of others we know little more than a voice.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError


def _split(value: object) -> object:
    return value.split() if isinstance(value, str) else value


# Both are one string in the file, with spaces between the words.
Words = Annotated[tuple[str, ...], BeforeValidator(_split)]
WordSet = Annotated[frozenset[str], BeforeValidator(_split)]
# Regular expressions, any of which may match.
Patterns = Annotated[tuple[str, ...], Field(min_length=1)]
Forms = Annotated[tuple[str, ...], Field(min_length=1)]


class UnknownLanguage(LookupError):
    """There is no file for this language."""


class LanguageFileInvalid(ValueError):
    """A language's file lacks a key, has an unknown one or a value of the wrong type."""


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Framing(Section):
    """The sentences around the stories. `next` and `too` introduce a newsletter: one with a new story, or
    one with the same story. `date` is a pattern in Unicode CLDR's notation."""

    date: str
    greeting: Forms
    next: Forms
    too: Forms
    signoff: Forms


class Sentences(Section):
    """Words by which sentences are judged."""

    # Articles, prepositions, pronouns and the like, which name nothing.
    function_words: WordSet
    # Pronouns that are capitalized anywhere in a sentence.
    capitalized_pronouns: WordSet = frozenset()
    # First words that refer to the sentence before.
    back_references: WordSet
    # Pronouns that refer to the sentence before when they come early, or very early, in a sentence.
    early_pronouns: WordSet
    very_early_pronouns: WordSet = frozenset()
    # Last words that refer to the next sentence.
    dependent_endings: WordSet = frozenset()
    # Regular expressions for imperatives that tell the listener to do something.
    calls_to_action: Patterns


class Modifiers(Section):
    """Words that deny, weaken or make conditional what is beside them."""

    denials: Patterns
    doubts: Patterns
    conditions: Patterns


class NumberWords(Section):
    """Numbers as words. `_` stands for a number whose word is missing or also means something else."""

    # From zero on.
    small: Words
    # From twenty on.
    tens: Words
    # "One" in compounds such as `einundzwanzig`, in languages that have such compounds.
    one: str = ""
    # Other words for numbers.
    variants: dict[str, int] = {}


class Symbols(Section):
    """Symbols and abbreviations as they are read aloud."""

    dot: str
    at: str
    ampersand: str
    # Between two numbers.
    dash: str
    percent: str
    number_sign: str
    # After a number that has a currency symbol.
    magnitudes: dict[str, str] = {}
    abbreviations: dict[str, str] = {}


class Transcript(Section):
    """How a voice's transcript may differ from the text that it said."""

    # Words that do not change the meaning. None is a negation or a figure.
    fillers: WordSet
    minus: Words = ("minus",)
    # What an abbreviation may be read as, without spaces.
    short_forms: dict[str, Words] = {}


class Numbers(Section):
    """Numbers in digits, and the words beside them."""

    # Whether the decimal separator is a point; otherwise it is a comma.
    decimal_point: bool = False
    # Whether a plain space may separate thousands.
    space_grouping: bool = False
    # Whether a billion is 10¹² rather than 10⁹.
    long_scale: bool = False
    # Whether we can spell numbers as they are spoken.
    spelled_out: bool = False
    # The words for the decimal separator.
    point: Words = ()
    hour: str = ""
    # A regular expression for the suffix of an ordinal in digits: 1st, 2e.
    ordinal_suffix: str = "th"
    # Endings that may follow the basic form of an ordinal.
    ordinal_endings: Words = ()
    # Endings of number words and what may replace them, for example before a feminine noun.
    endings: dict[str, Words] = {}
    # Words that multiply a number, by their power of ten.
    powers: dict[int, Words] = {}
    # What an abbreviated magnitude is read as.
    magnitudes: dict[str, Words] = {}
    # Words for percent, and pairs of words: the first, and what may follow it.
    percent: WordSet = frozenset()
    percent_phrases: dict[str, WordSet] = {}


class Currencies(Section):
    """Names of currencies, by ISO 4217 code. CLDR's names need no entry here."""

    # Whether the noun precedes the adjective: `dollar australien`.
    noun_first: bool = False
    # The usual names.
    names: dict[str, Words] = {}
    # Names of one currency only, and names that mean several, by the usual one.
    exact: dict[str, Words] = {}
    vague: dict[str, Words] = {}
    # Words between an amount and its cents, and words for cents.
    conjunctions: Words = ()
    cents: Words = ()


class Boilerplate(Section):
    """Phrases of newsletters that are not news, as regular expressions for whole words.

    A phrase alone does not cut a block: see `mail/cuts`. An apostrophe (`’`) may also be straight.
    """

    # False if there are no spaces between words. Then a phrase may be anywhere in a word.
    word_boundaries: bool = True
    # Ways to leave a list, and why the reader receives the mail.
    unsubscribe: tuple[str, ...] = ()
    why_sent: tuple[str, ...] = ()
    # All rights reserved; imprints and disclaimers; and links to such texts.
    rights: tuple[str, ...] = ()
    legal: tuple[str, ...] = ()
    legal_links: tuple[str, ...] = ()
    view_in_browser: tuple[str, ...] = ()
    # What readers are asked for: to share, reply, rate, support, follow or subscribe.
    requests: tuple[str, ...] = ()
    # A clause that begins with one of these verbs and goes on with one of these objects is a request, too.
    request_verbs: tuple[str, ...] = ()
    request_objects: tuple[str, ...] = ()
    # How a text addresses its reader; "we" and "our"; words for the newsletter; and words for what it asks of
    # its readers. Several of them together show that a newsletter speaks of itself.
    readers: tuple[str, ...] = ()
    first_person: tuple[str, ...] = ()
    newsletter_words: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    advertise: tuple[str, ...] = ()
    # Labels that stand alone, and labels that a sponsor's name follows.
    sponsor_labels: tuple[str, ...] = ()
    sponsored_by: tuple[str, ...] = ()
    # The words of labels. Those that say that something is paid for make a label of a line that has no
    # others than the words of these four keys; words for partners and support, only with one for the
    # newsletter or its issue. Accents do not count.
    paid_words: Words = ()
    partner_words: Words = ()
    issue_words: Words = ()
    label_words: Words = ()
    # Sentences that say that the newsletter is paid for its links.
    affiliate_notes: tuple[str, ...] = ()
    # What a newsletter sells itself, and terms of special offers and prize draws. Two of them make a
    # paragraph an advertisement.
    own_products: tuple[str, ...] = ()
    deals: tuple[str, ...] = ()
    # What offers something for sale: it shows that the words after a label are an advertisement.
    offers: tuple[str, ...] = ()
    # The first words of buttons.
    buttons: tuple[str, ...] = ()
    # Titles of tables of contents, of polls, and of other sections without content.
    contents: tuple[str, ...] = ()
    polls: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    # What a line says that tells how long reading takes.
    reading_time: tuple[str, ...] = ()
    # What precedes the name of a photographer, and of an author.
    credits: tuple[str, ...] = ()
    bylines: tuple[str, ...] = ()
    # Words beside a house number.
    streets: tuple[str, ...] = ()


class ForwardedHead(Section):
    """What mail programs write above a mail that is forwarded."""

    # Labels of the fields, without the colon.
    sender: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    # The line above the fields.
    markers: tuple[str, ...] = ()
    # What a forwarded mail's subject begins with, without the colon.
    prefixes: tuple[str, ...] = ()


class EspeakSettings(Section):
    """`voice`, that of a region and `speed` are espeak-ng's parameters; `pace` is characters per second."""

    voice: str
    pace: float
    # Words per minute; lower where words are longer than espeak-ng assumes.
    speed: int = 168
    # Other voices, by the region of a BCP 47 tag in lower case.
    regions: dict[str, str] = {}


class Voices(Section):
    """A voice that is missing does not speak the language."""

    # Characters of text per second of finished audio.
    openai_pace: float | None = None
    characters_per_token: float = 4.0
    espeak: EspeakSettings | None = None


class Language(Section):
    """One language's file."""

    code: str
    # The language's English name in prompts; its code where there is none.
    prompt_name: str = ""
    # The language in the tag of an MP3 file.
    iso_639_2: str = "und"
    # Whether all words are in Latin letters.
    latin_script: bool = False
    numbers: Numbers = Numbers()
    currencies: Currencies = Currencies()
    boilerplate: Boilerplate = Boilerplate()
    forwarded: ForwardedHead = ForwardedHead()
    voices: Voices = Voices()


class CompleteLanguage(Language):
    """A language in which episodes can be framed, checked and spoken."""

    framing: Framing
    sentences: Sentences
    modifiers: Modifiers
    number_words: NumberWords
    symbols: Symbols
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


def base_code(tag: str) -> str:
    """The language of a BCP 47 tag, without its region: `pt` of `pt-BR`."""
    return tag.lower().replace("_", "-").split("-")[0]


UNKNOWN = Language(code="")
