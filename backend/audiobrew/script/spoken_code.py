"""What programmers write within sentences, as it is spoken: options, placeholders and paths."""

import re

from audiobrew.lang.language import symbols_of
from audiobrew.script.notation import join_words
from audiobrew.script.spoken_rates import unit_symbols

# `-q`, but no ending of a word such as `-s`, after which nothing of a command follows.
_OPTION = re.compile(r"(?<![^\s(\[„“\"'«`])-(?P<letter>[A-Za-z])(?=[\s,.;:!?)\]“”\"'»`]|$)(?!\.\w)")
_LONG_OPTION = re.compile(r"(?<![^\s(\[„“\"'«`])--(?=[a-z][a-z\d-]{1,40}(?:[\s,.;:!?)\]”\"'»=]|$))")
# Words of which one stands near an option; they are the same in most languages. A capital is no ending.
_COMMAND_WORDS = re.compile(
    r"(?i:\b(?:man ?pages?|"
    r"options?|flags?|switch(?:es)?|command|cli|quiet|verbose|sudo|git|npm|pip|curl|grep|shell|terminal|"
    r"bash|script|schalter|kommando|befehl|aufruf|commande|drapeau|opci[oó]n(?:es)?|comando|bandera|opzion[ei]|"
    r"optie|vlag|opdracht|opç(?:ão|ões))\b|--[a-z])|(?<!\w)-[A-Z](?!\w)"
)
# The number of a version that is a bound, after the name of a program or a name with two capitals.
_VERSION_BOUND = re.compile(
    r"(?<![\w.-])(?P<name>[A-Za-z]{0,10}[A-Z][A-Za-z]{0,10}[A-Z][A-Za-z]{0,10}|[a-z][A-Z]{2}|[Vv]ersions?|[Rr]elease"
    r"|Python|Java|Node|Ruby|Rust|Go|Swift|Kotlin|Chrome|Firefox|Safari|Android|Windows|Linux|Ubuntu|Debian|Postgres"
    r"|Django|Rails|React|Docker)\s?(?P<sign>[≤≥]|[<>]=)\s?"
    r"(?P<number>\d{1,4}(?:\.\d{1,4}){0,3})(?![\w%°]|[.,]\d|\s?[%°$€£])"
)
_NEXT_WORD = re.compile(r"\s(?P<word>\w{1,10})")
# `<target>`: a placeholder for a word.
_PLACEHOLDER = re.compile(r"<(?P<name>[a-z][\w-]{0,40}(?:\s[a-z]{1,20}){0,2})>")
# `../`, and more of them in a row.
_PARENT = re.compile(r"(?<![\w./])(?P<steps>(?:\.\./){1,6})")


def speak_code(text: str, language: str) -> str:
    """`-q` as `dash q` and `-Q` as `dash capital Q`, `<target>` without its brackets, and `../`."""
    symbols = symbols_of(language)
    if symbols.or_lower:
        text = _VERSION_BOUND.sub(lambda match: spoken_bound(match, language), text)
    text = _PLACEHOLDER.sub(r"\g<name>", text)
    if symbols.slash and symbols.dot:
        step = join_words(language, symbols.dot, symbols.dot, symbols.slash)
        text = _PARENT.sub(lambda match: spoken_steps(match, step), text)
    if symbols.option and _OPTION.search(text) and _COMMAND_WORDS.search(text):
        text = _OPTION.sub(lambda match: spoken_option(match, language), text)
        text = _LONG_OPTION.sub(symbols.option.replace("{}", "").strip() + " ", text)
    return text


def spoken_bound(match: re.Match[str], language: str) -> str:
    """`API ≤ 11` as `API 11 or lower`."""
    symbols, following = symbols_of(language), _NEXT_WORD.match(match.string, match.end())
    if following and following["word"] in unit_symbols(language):
        return match[0]
    words = symbols.or_lower if match["sign"][0] in "≤<" else symbols.or_higher
    return f"{match['name']} {match['number']} {words}"


def spoken_steps(match: re.Match[str], step: str) -> str:
    count = match["steps"].count("/")
    goes_on = match.string[match.end() : match.end() + 1].isalnum()
    return " ".join([step] * count) + (" " if goes_on else "")


def spoken_option(match: re.Match[str], language: str) -> str:
    symbols, letter = symbols_of(language), match["letter"]
    name = symbols.capital.replace("{}", letter) if letter.isupper() else letter
    return symbols.option.replace("{}", name)
