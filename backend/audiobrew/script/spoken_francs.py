"""Swiss sums of money whose signs are no words: `Fr.` is also a weekday, and `.–` stands for no cents."""

import re

_SIGN = r"(?:[Ss]?Fr\.|CHF)"
_NUMBER = r"\d{1,3}(?:['’]\d{3}){1,3}(?:\.\d\d)?|\d{1,9}(?:[.,]\d{1,2})?"
# `120 Fr.–`
_SIGN_BETWEEN = re.compile(rf"(?<=\d)\s?{_SIGN}[–-]{{1,2}}(?![\w–-])")
# `15.–`, perhaps with its currency before it, and another price after it: `15.–/10.–`.
_WHOLE_SUM = re.compile(
    rf"(?<![\w.,'’])(?P<sign>(?:{_SIGN}|€|EUR)\s?)?(?P<number>\d{{1,3}}(?:['’]\d{{3}}){{1,3}}|\d{{1,6}})\.[–-]{{1,2}}"
    r"(?![\w–-])(?P<slash>\s?/\s?(?=\d))?"
)
# `15,– €`
_NO_CENTS = re.compile(r"(?<=\d),[–—-]{1,2}(?=\s?(?:€|Euro\b|EUR\b))")
_SUM = re.compile(rf"(?<![\w.])[Ss]?Fr\.\s?(?P<number>{_NUMBER})(?![\d'’])")
_MAGNITUDE = re.compile(r"\s?(?:Mio|Mrd|Tsd|Mill|Million|Milliarde)")
# After the number of a day or a time: `Fr. 4. Dezember`, `Fr. 4.12., 20 Uhr`, `Fr. 18–20 Uhr`.
_DATE_OR_TIME_AFTER = re.compile(
    r"\.?\s?(?:Uhr|h)\b|\s?[–—-]\s?[\d.]{1,5}\s?(?:Uhr|h)\b|\.\s?\d|\.[,:]|:"
    r"|\.?\s(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)"
)
# What stands directly before a price.
_PRICE_BEFORE = re.compile(
    r"(?i)(?<!\w)(?:koste(?:n|t|te|ten)|à|je|nur|rund|knapp|gut|ca\.|eintritt|preis|betrag|gebühr|busse"
    r"|spende|kinder|erwachsene|mitglieder|(?:verlust|gewinn|betrag|kosten|preis|höhe|wert|umsatz|defizit|überschuss"
    r"|kredit|budget|beitrag|busse) von)"
    r":?\s\Z"
)
_PREPOSITION_BEFORE = re.compile(r"(?<!\w)(?:[Vv]on|[Aa]b)\s\Z")
_PRICE_WORD = re.compile(
    r"(?i)(?<!\w)(?:koste(?:n|t|te|ten)|(?:\w{1,20})?preise?s?|eintritt|(?:be)?zahlt?(?:en)?|à)(?!\w)"
)
# How far before a sum the words are that name it.
NEAR = 80
LAST_DAY, LAST_MINUTE = 31, 59


def speak_francs(text: str, language: str) -> str:
    """`Fr. 3.80` as `CHF 3.80` where no day is meant, and `15.–` as `CHF 15`."""
    if language not in ("de", "fr", "it"):
        return text
    text = _WHOLE_SUM.sub(whole_sum, _SIGN_BETWEEN.sub(" CHF", _NO_CENTS.sub("", text)))
    if language != "de":
        return text
    return _SUM.sub(lambda match: f"CHF {match['number']}" if is_sum(match) else match[0], text)


def whole_sum(match: re.Match[str]) -> str:
    return f"{match['sign'] or 'CHF '}{match['number']}" + (", " if match["slash"] else "")


def is_sum(match: re.Match[str]) -> bool:
    """Whether `Fr.` before a number is a currency: by the form of the number, or by a word for a price."""
    number, text = match["number"], match.string
    before = text[max(0, match.start() - NEAR) : match.start()]
    if _MAGNITUDE.match(text, match.end()) or is_form_of_price(number):
        return True
    if _DATE_OR_TIME_AFTER.match(text, match.end()):
        return False
    ends = not text[match.end() :].startswith(". ")
    if number.isdecimal():
        return bool(_PRICE_BEFORE.search(before) or (ends and _PREPOSITION_BEFORE.search(before)))
    return bool(_PRICE_WORD.search(before) or _PRICE_BEFORE.search(before))


def is_form_of_price(number: str) -> bool:
    """Whether a number is neither a day, a date nor a time: `3.80`, `1'200`, `3,1`, `450`."""
    whole, _, cents = number.partition(".")
    if not whole.isdecimal():
        return True
    return int(whole) > LAST_DAY or (len(cents) == len("80") and int(cents) > LAST_MINUTE)
