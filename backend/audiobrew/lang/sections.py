"""The sections of a language's file, except those for reading mail (`mail_sections`), for the gate
(`meaning_section`) and for voices (`voice_sections`). The classes explain every key."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _split(value: object) -> object:
    return value.split() if isinstance(value, str) else value


# Both are one string in the file, with spaces between the words.
Words = Annotated[tuple[str, ...], BeforeValidator(_split)]
WordSet = Annotated[frozenset[str], BeforeValidator(_split)]
# Regular expressions, any of which may match.
Patterns = Annotated[tuple[str, ...], Field(min_length=1)]
Forms = Annotated[tuple[str, ...], Field(min_length=1)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Framing(Section):
    """The sentences around the stories. `date` is a pattern in Unicode CLDR's notation.

    The name of a newsletter is not inflected, so it stands alone, after a colon or as the subject.
    """

    date: str
    greeting: Forms
    # Before the headlines of the episode.
    teaser: Forms
    # Before the first story of the show, before that of another newsletter, before one more of the same
    # newsletter, and before the same story again.
    first: Forms
    next: Forms
    more: Forms
    too: Forms
    # Before short stories of several newsletters, and the title of that chapter.
    round_up: Forms
    round_up_title: str
    # In place of code, and after the beginning of a long list or table.
    code: Forms
    remainder: Forms
    signoff: Forms
    # After the greeting, if hosts have names: `{host}` is who speaks, `{other}` the other one.
    one_host: tuple[str, ...] = ()
    two_hosts: tuple[str, ...] = ()
    # Before what is new in a story of an earlier episode: with the story's title, and without it. Without
    # these, `next` stands there.
    update: tuple[str, ...] = ()
    update_untitled: tuple[str, ...] = ()
    # What two newsletters say differently: `{first}` says `{one}`, and `{second}` says `{other}`.
    differ: Forms = ("{first}: {one}; {second}: {other}.",)
    # A newsletter whose author says "I", and that author. Without it, the newsletter alone is named.
    written_by: str = ""


class Links(Section):
    """What hosts may say between sourced sentences: see `script/gate/links.py`."""

    # Words that state nothing about the world. None is a judgement that could be a claim.
    words: WordSet = frozenset()


class References(Section):
    """How a sentence shows that it cannot be understood without another one."""

    # Short sentences that only lead to the next one: `But look at Wednesday.` Regular expressions.
    appeals: tuple[str, ...] = ()
    # First words that refer to the sentence before.
    first_words: WordSet = frozenset()
    # Pronouns that refer to the sentence before when they come early, or very early, in a sentence.
    early_pronouns: WordSet = frozenset()
    very_early_pronouns: WordSet = frozenset()
    # Last words that refer to the sentence before.
    last_words: WordSet = frozenset()
    # Regular expressions for first words that refer to the sentence before, and for those that do not
    # although they begin with one of `first_words`.
    dependent_openings: tuple[str, ...] = ()
    independent_openings: tuple[str, ...] = ()
    # Words before a noun that point to something: `that`, `dieser`.
    demonstratives: WordSet = frozenset()
    # Regular expressions for words that announce a table or a list, and for things of which a number is
    # announced: `here is the table`, `things`.
    announcements: tuple[str, ...] = ()
    announced_things: tuple[str, ...] = ()
    # The same for first words that refer only to a sentence of the same paragraph: `this release`.
    paragraph_openings: tuple[str, ...] = ()
    # Regular expressions for words anywhere that refer to the sentence before: `she said`.
    dependent_phrases: tuple[str, ...] = ()


class Structure(Section):
    """Words by which a text is divided."""

    # Abbreviations after which a sentence goes on, whatever follows.
    abbreviations: Words = ()
    # Words before an ordinal number in digits, whose full stop does not end a sentence: `am 3. Mai`.
    before_ordinals: WordSet = frozenset()
    # Regular expressions for headings within a story: `ingredients`, `step 3`.
    continuing_headings: tuple[str, ...] = ()
    # Those of them under which steps follow each other, which are told together or not at all.
    step_headings: tuple[str, ...] = ()
    # Regular expressions for whole sentences that close a mail, in lower case without the last mark.
    closings: tuple[str, ...] = ()
    # The same for sentences about the text itself: how long it is, that an interview was shortened.
    asides: tuple[str, ...] = ()
    # Articles: what follows an indefinite one is new, and what follows a definite one may have been told.
    indefinite_articles: WordSet = frozenset()
    definite_articles: WordSet = frozenset()
    # Words by which one author speaks of themselves. An elided one ends with its apostrophe.
    first_person: WordSet = frozenset()


class Tables(Section):
    """Words by which tables are told."""

    # Names of columns, in lower case without a final point, and how their numbers are said: `pts` as
    # `{} points`.
    counts: dict[str, str] = {}
    # Labels of rows that add up the others, in lower case.
    totals: WordSet = frozenset()
    # Around the next to last row of a league's table: `at the bottom: {}`.
    bottom: str = ""


class RelativeDays(Section):
    """Days that a mail names relative to itself: see `script/relative_days.py`."""

    # The time zones in which the language is usual, in hours from UTC: the first and the last.
    time_zones: tuple[int, int]
    # Monday to Sunday, with the preposition that says when, and alone; and a date with its preposition.
    on: tuple[str, str, str, str, str, str, str]
    weekdays: tuple[str, str, str, str, str, str, str]
    on_date: str
    # Regular expressions, how many days after the mail they mean, and what replaces them: `{on}` stands for
    # the weekday or the date with its preposition, `{weekday}` for the weekday alone.
    rules: tuple[tuple[str, int, str], ...]


class Interests(Section):
    """Words in what listeners write about their interests: see `script/interests.py`."""

    # Words that name no topic: how somebody likes to hear about it, and how much they know.
    level: WordSet = frozenset()
    # What follows them is unwanted.
    less: WordSet = frozenset()
    # Whether words are joined to longer words: Kaffee, Kaffeepreise.
    compounds: bool = False


class Sentences(Section):
    """Words by which sentences are judged."""

    # Articles, prepositions, pronouns and the like, which name nothing.
    function_words: WordSet
    # Pronouns that are capitalized anywhere in a sentence.
    capitalized_pronouns: WordSet = frozenset()
    # Words that only say who said something, or that it was said.
    attributions: WordSet = frozenset()
    # Words of few letters that are no short forms, although hardly another word of the language ends so.
    short_words: WordSet = frozenset()
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
    """Symbols and abbreviations as they are read aloud. A symbol without a word is left to the voice.

    Names of currencies, units and months are from Unicode CLDR; here is only what it lacks. A form that
    depends on the number has CLDR's plural categories: `one`, `few`, `many`, `other`.
    """

    # Whether words have spaces between them.
    spaces: bool = True
    # What stands between a day and its month: `1 dic.` as `1 de diciembre`.
    of_month: str = ""
    # Half of something masculine and of something feminine, in languages where nouns end in o and a.
    halves: tuple[str, str] | None = None
    dot: str = ""
    at: str = ""
    underscore: str = ""
    slash: str = ""
    # An option of a command, such as `-q`, and a capital letter, which is another option.
    option: str = ""
    capital: str = ""
    ampersand: str = ""
    # Between two numbers, and between the numbers of a score.
    dash: str = ""
    score: str = ""
    # Either after the number, or around it: `{}` stands for the number.
    percent: str = ""
    number_sign: str = ""
    # Before `#word`, and before the number of a version.
    hashtag: str = ""
    version: str = ""
    # Cards of a referee.
    cards: dict[str, str] = {}
    # Words between which a slash means a ratio: `debt/GDP`.
    ratio_terms: Words = ()
    # Between two units: `mg/l`.
    per: str = ""
    # Mathematical signs before, between and after numbers, and `<` and `>` after the letter of a value.
    signs: dict[str, str] = {}
    relations: dict[str, str] = {}
    # Between two prices, of which one is reduced, and between the shares of two sides.
    or_between: str = ""
    against: str = ""
    # After the number of a version that is a bound: `API ≤ 11` as `API 11 or lower`; below and above.
    or_lower: str = ""
    or_higher: str = ""
    # Instead of a minus, before a temperature.
    below_zero: str = ""
    # Abbreviations of powers of ten beside a number.
    magnitudes: dict[str, int] = {}
    # Between a magnitude and a currency: "millones de euros". The second one precedes a vowel.
    magnitude_of: Words = ()
    # The power of ten from which on this word is needed.
    magnitude_of_from: int = 6
    # The ISO 4217 code of symbols that mean this currency in this language only, and names of currencies.
    currencies: dict[str, str] = {}
    currency_names: dict[str, dict[str, str]] = {}
    # The names of symbols that name no country: `$` as "dollars", but `US$` as "US dollars".
    plain_currencies: dict[str, dict[str, str]] = {}
    # Amounts with cents, by currency, with the placeholders `whole`, `currency` and `cents`; `other` for
    # currencies that are not listed.
    cents: dict[str, str] = {}
    # Units by symbol, as CLDR or `unit_names` call them. A unit's name may have `{}` for the number.
    units: dict[str, str] = {}
    unit_names: dict[str, dict[str, str]] = {}
    # Symbols of units that are common words in this language: `ha` in Italian.
    word_units: Words = ()
    # Fractions such as `3/4`.
    fractions: dict[str, str] = {}
    # The order of day, month and year between slashes, and a pattern for full dates in CLDR's notation.
    date_order: Literal["dmy", "mdy", "ymd"] = "dmy"
    date: str = ""
    # Times with the placeholders `hour`, `hours` (the number and the word) and `minute`, and at the full
    # hour; regular expressions for what is between hour and minute, and for what follows them and is not
    # read twice.
    time: str = ""
    full_hour: str = ""
    # The same at midnight and after noon, where another form is said then.
    late_time: str = ""
    time_separator: str = ":"
    time_mark: str = ""
    # What stands before a time with a point: `ore 20.30`.
    before_times: Words = ()
    # Words for half-time, before its score, and words of races, in which `46:18` is no score.
    half_time: str = ""
    race_words: Words = ()
    # Abbreviated time zones, after a time.
    zones: dict[str, str] = {}
    # What stands before a Roman numeral: parts of works, and names of rulers by what the numeral becomes. Its
    # placeholders are `number`, `ordinal`, `masculine` and `feminine`.
    parts: Words = ()
    rulers: dict[str, Words] = {}
    # What stands after a Roman numeral, for a century, and what the numeral becomes, as above.
    centuries: Words = ()
    century: str = "{number}"
    # A space after an inner point may be left out in texts: `z. B.` also matches `z.B.`.
    abbreviations: dict[str, str] = {}
    # Abbreviations of nouns, in languages that write these with a capital; other words with a capital are
    # titles, before a name.
    nouns: dict[str, str] = {}
    # Abbreviations only before a number: `p. 12`. With only one letter, they need their point.
    labels: dict[str, str] = {}
    # What else abbreviations mean before a name, after an article or a preposition: `l'ass. Rossi`.
    before_names: dict[str, str] = {}
    # Abbreviations only after a name: `Main St.`, `Hale Jr.`
    after_names: dict[str, str] = {}
    # Abbreviations only after a name and a comma: `Leadville, Colo.`
    after_commas: dict[str, str] = {}
    # Abbreviated endings of words, before a house number or another word: `Hauptstr. 5`.
    endings: dict[str, str] = {}
    # Abbreviations only between two names: `Arsenal v Chelsea`.
    between_names: dict[str, str] = {}
    # Abbreviated weekdays and months that CLDR does not have; those that are also common words; and what may
    # stand before a date, and after a weekday.
    weekdays: dict[str, str] = {}
    weekday_words: Words = ()
    months: dict[str, str] = {}
    before_dates: Words = ()
    after_weekdays: Words = ()
    # Before a day of the month that stands alone, in languages where it becomes an ordinal with this ending.
    before_days: Words = ()
    day_ending: str = ""
    # Near a figure such as `1:12`, these say that it is no time.
    ratio_words: Words = ()
    # Near `12:11`, these say that it is the result of a vote or a match, unless at a quarter.
    vote_words: Words = ()
    # Between the figures of `9/10`, which is a mark.
    out_of: str = ""
    # A fraction after a whole number. Without an entry, a decimal is spoken. And what stands between a
    # fraction of several parts and these nouns: "three quarters of a cup".
    mixed_fractions: dict[str, str] = {}
    fraction_of: str = ""
    fraction_of_vowel: str = ""
    fraction_nouns: Words = ()
    # Between words around it, an amount after one of these articles stands in the singular: "a 5 meter wall".
    articles: Words = ()
    definite_articles: Words = ()
    # Words after an amount that are no nouns, beyond function words.
    not_nouns: Words = ()
    # Near `5m`, these say that it is a length, and these that it is a count.
    length_words: Words = ()
    plurals: Words = ()
    # After 10 or a letter: `10⁶`, `r²`.
    power: str = ""
    squared: str = ""
    cubed: str = ""
    # Chess pieces by their letters, and `x`, which takes one: `Bxe5`.
    chess: dict[str, str] = {}
    # Words before `350F`, which is a temperature.
    before_temperatures: Words = ()


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
    # Whether CLDR's number words are what is spoken, up to the endings below.
    spelled_out: bool = False
    # The words for the decimal separator.
    point: Words = ()
    # What may follow one decimal, and two: "seven tenths".
    tenths: Words = ()
    hundredths: Words = ()
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
