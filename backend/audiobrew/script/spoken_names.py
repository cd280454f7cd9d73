"""Addresses, identifiers and names with numerals as they are spoken."""

import re
from functools import cache
from urllib.parse import urlsplit

from audiobrew.lang.language import language_or_default, symbols_of
from audiobrew.script.notation import HYPHENS, LETTER, any_of, notation_of

_ADDRESS = re.compile(r"\b(?:https?://|www\.)[^\s<>()]+", re.IGNORECASE)
_EMAIL = re.compile(r"(?<![\w.+-])([\w.+-]{1,64}+)@([\w-]{1,63}+(?:\.[\w-]{1,63}+){1,9})")
_HASHTAG = re.compile(r"(?<![\w&/#])#(?=[^\W\d_])(\w{1,100})")
_HANDLE = re.compile(r"(?<![\w.@/])@(?=[^\W\d_])(\w{1,50})")
# Signs that belong to a name: `C++`, `Disney+`, `C#`. They are said in English in all languages.
_NAME_WITH_PLUS = re.compile(
    r"(?<![\w+#])(?P<name>[A-ZÀ-Þ][\w’'-]{0,30}?)(?P<signs>\+{1,2})(?=[^\w+]|\d{2}(?!\d)|$)"
)
_NAME_WITH_SHARP = re.compile(r"(?<![\w+#])(?P<name>[A-GJ])#(?=[^\w#]|$)")
# Where a word of `ClimateAction` begins.
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-Z\d])")
# A version such as `v3.12.1` or `3.12.1`. Two numbers alone are a decimal or a date.
_VERSION = re.compile(
    r"(?<![\w.])([vV]\.?\s?)?(\d{1,4}(?:\.\d{1,6}){1,5})"
    r"(?:-?(alpha|beta|rc|dev|pre)[.-]?(\d{1,3})?)?(?![\w]|[.,]\d|\.[^\W\d_])"
)
# A whole number in groups, where the decimal separator is a comma: `1.850.000`.
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){2,5}")
_CVE = re.compile(
    rf"(?<!{LETTER})(CVE|CWE|RFC|ISO|GHSA|DOI)[{HYPHENS}](\d{{1,9}})(?:[{HYPHENS}](\d{{1,9}}))?\b"
)
# Telephone numbers: international, of the United States, and with a leading zero in groups.
_TELEPHONE = re.compile(
    r"(?<![\w+/.,:'-])(?<!\d\s)(?:\+\d{1,3}(?:[ ./-]{1,2}\(?\d{1,6}\)?){2,6}|\+\d{9,15}"
    r"|(?:1[-. ])?\(\d{3}\)\s?\d{3}[-. ]\d{4}|(?:1-)?\d{3}-\d{3}-\d{4}|1[-. ]\d{3}[-. ]\d{3}[-. ]\d{4}"
    r"|\d{3}-0\d{3}|0\d{1,5}(?:\s?[ /-]\s?\d{2,8}){1,5})(?![\w-])"
)
_TWO_DIGITS = re.compile(r"\d\d")
# Any number after a word that says that it is one of a telephone.
_TELEPHONE_AFTER = re.compile(
    r"(?i:\b(?:tel(?:\.|[eéè]?[fp]h?[oó]n[eo]?|efoon)?|t[eé]l\.|phone|call|ring|text|whatsapp|hotline|fax|tlf\.?|puh\.?|tfno\.?"
    r"|тел\.?|телефону?|τηλ\.?|τηλέφωνο)\s?:?\s)(?P<number>\+?\d[\d ()/.–-]{4,24}\d)(?![\w%]|[.,]\d)"
)
# A postal code after a house number, or after the code of an American state.
_POSTAL_CODE = re.compile(
    r"(?<=\d,\s)(\d{5})(?=\s[^\W\d_])|(?<=\b[A-Z][A-Z]\s)(\d{5})(?!\w|[.,-]\d)"
)
_LEADING_ZERO = re.compile(
    r"(?<![\w.,:/+'–-])(?<!\d\s)(?<!\dh\s)(?<!\d\sh\s)(0\d{1,20})(?![\w:/-]|[.,]\d)"
)
_ISBN = re.compile(rf"(?<=\bISBN)(?P<gap>:?\s)(?P<number>\d[{HYPHENS}\d ]{{8,16}}[\dX])(?!\w)")
_SPECIAL = re.compile(r"[-–./()\s]+")


def speak_addresses(text: str, language: str) -> str:
    """Web and mail addresses, hashtags and handles."""
    symbols = symbols_of(language)
    text = _ADDRESS.sub(lambda match: spoken_site(match[0], language), text)
    underscore = f" {symbols.underscore} " if symbols.underscore else "_"
    text = _EMAIL.sub(
        lambda match: (
            spoken_dots(match[1], language).replace("_", underscore)
            + f" {symbols.at or '@'} {spoken_dots(match[2], language)}"
        ),
        text,
    )
    text = domain_pattern(language).sub(lambda match: spoken_dots(match["host"], language), text)
    if symbols.hashtag:
        text = _HASHTAG.sub(
            lambda match: f"{symbols.hashtag} {_CAMEL.sub(' ', match[1]).replace('_', ' ')}", text
        )
    return _HANDLE.sub(
        lambda match: f"{symbols.at} {match[1].strip('_').replace('_', ' ')}".strip(), text
    )


def speak_signs_of_names(text: str) -> str:
    """`C++20` as `C plus plus 20`, `Disney+` as `Disney Plus`, and `C#` as `C sharp`."""

    def spoken_plus(match: re.Match[str]) -> str:
        is_word = len(match["name"]) > 1 and len(match["signs"]) == 1
        after = " " if match.string[match.end() : match.end() + 1].isdigit() else ""
        return match["name"] + (" Plus" if is_word else " plus" * len(match["signs"])) + after

    if "+" in text:
        text = _NAME_WITH_PLUS.sub(spoken_plus, text)
    return _NAME_WITH_SHARP.sub(r"\g<name> sharp", text) if "#" in text else text


def spoken_site(address: str, language: str) -> str:
    """Only the host of a web address: nobody can type a path that they hear."""
    bare = address.rstrip(".,;:!?")
    url = bare if "://" in bare else f"https://{bare}"
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return spoken_dots(host.removeprefix("www."), language) + address[len(bare) :]


def spoken_dots(name: str, language: str) -> str:
    """A host name with the word for each dot."""
    word = symbols_of(language).dot
    return name.replace(".", f" {word} ") if word else name


@cache
def domain_pattern(language: str) -> re.Pattern[str]:
    """A host name without `https://`, and the path that follows it."""
    domains = any_of(notation_of(language).domains)
    # `m.in` is an abbreviation: before a domain of two letters stand at least three.
    long = any_of(domain for domain in notation_of(language).domains if len(domain) > 2)
    label = r"[a-z\d](?:[a-z\d-]{0,62})"
    return re.compile(
        rf"(?<![\w@.-])(?P<host>(?:{label}\.){{0,3}}(?:{label}\.(?:{long})|[a-z\d][a-z\d-]{{2,62}}\.(?:{domains})))"
        r"(?:/[^\s<>()]{0,500}(?<![.,;:!?]))?(?![\w@-]|\.\w)",
        re.IGNORECASE | re.ASCII,
    )


def speak_identifiers(text: str, language: str) -> str:
    """Versions, numbers of standards, telephone numbers and postal codes."""
    symbols = symbols_of(language)
    text = _CVE.sub(spoken_code, text)
    text = _ISBN.sub(lambda match: match["gap"] + spoken_digits(match["number"], language), text)
    text = _TELEPHONE.sub(lambda match: spoken_digits(match[0], language), text)
    text = _TELEPHONE_AFTER.sub(
        lambda match: (
            match[0].removesuffix(match["number"]) + spoken_digits(match["number"], language)
            if _TWO_DIGITS.search(match["number"])
            else match[0]
        ),
        text,
    )
    text = _POSTAL_CODE.sub(lambda match: " ".join(match[1] or match[2]), text)

    has_comma = not language_or_default(language).numbers.decimal_point

    def version(match: re.Match[str]) -> str:
        prefix, number = match[1], match[2]
        # `v 17.00` is a time in languages in which `v` is a word.
        is_attached = bool(prefix) and not prefix[-1].isspace()
        is_whole_number = has_comma and _THOUSANDS.fullmatch(match[0]) is not None
        if is_whole_number or (not is_attached and number.count(".") < 2):
            return match[0]
        dots = " ".join(filter(None, [spoken_dots(number, language), match[3], match[4]]))
        return f"{symbols.version} {dots}" if prefix and symbols.version else (prefix or "") + dots

    text = _VERSION.sub(version, text)
    return _LEADING_ZERO.sub(lambda match: " ".join(match[1]), text)


_MOVE = re.compile(
    r"(?<![\w.])(?P<number>\d{1,3}\.{1,3}\s?)?(?P<piece>[A-Z])(?P<from>[a-h1-8])?(?P<takes>x)?(?P<to>[a-h][1-8])(?P<check>[+#])?(?![\w-])"
)


def speak_moves(text: str, language: str) -> str:
    """Moves of chess, which have a number, or stand beside others."""
    words = symbols_of(language).chess
    moves = [match for match in _MOVE.finditer(text) if match["piece"] in words]
    if not words or not (len(moves) > 1 or any(match["number"] for match in moves)):
        return text

    def replacement(match: re.Match[str]) -> str:
        if match["piece"] not in words:
            return match[0]
        parts = [words[match["piece"]], match["from"], words["x"] if match["takes"] else ""]
        move = " ".join(filter(None, [*parts, match["to"], words["+"] if match["check"] else ""]))
        return (match["number"] or "") + move

    return _MOVE.sub(replacement, text)


def spoken_code(match: re.Match[str]) -> str:
    """The parts of a code with spaces between. A number that begins with zero is read digit by digit."""
    parts = [part for part in match.groups() if part]
    return " ".join(" ".join(part) if part.startswith("0") else part for part in parts)


def spoken_digits(number: str, language: str) -> str:
    """The digits of a telephone number one by one, with a pause between its groups."""
    plus = symbols_of(language).signs.get("+", "+") + " " if number.startswith("+") else ""
    groups = [group for group in _SPECIAL.split(number.removeprefix("+")) if group]
    return plus + ", ".join(" ".join(group) for group in groups)
