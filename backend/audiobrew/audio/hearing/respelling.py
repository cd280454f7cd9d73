"""Other spellings of words that a voice says unclearly: the same word, written as it is read."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import replace

from audiobrew.audio.voice import Utterance
from audiobrew.lang.language_tag import base_code
from audiobrew.lang.number_spelling import spell_count, spell_years
from audiobrew.lang.spoken_numbers import MAX_DIGITS, parse_number
from audiobrew.script.gate.names import is_initials

# The letters with marks that a language has itself. Others are reduced to what is below the mark.
OWN_LETTERS = {
    "de": "äöüß",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "es": "áéíóúüñ",
    "it": "àèéìíîòóùú",
    "pt": "ãáâàçéêíóôõúü",
    "nl": "áçèéêëíïóöúü",
}
# Latin letters that Unicode does not decompose.
LETTERS = dict(
    zip("łøđðıħþæœßŋ", ("l", "o", "d", "d", "i", "h", "th", "ae", "oe", "ss", "ng"), strict=True)
)
CAMEL_CASE = re.compile(r"(?<=[^\W\d_A-ZÀ-Þ])(?=[A-ZÀ-Þ])")
INNER_MARKS = re.compile(r"(?<=\w)[-‐‑–/'’.](?=\w)")
# A whole number.
DIGITS = re.compile(r"(?<![\d.,'’])(?:\d{1,3}(?:[.,'’]\d{3}){1,4}|\d{1,15})(?![.,'’]?\d)")
# Numbers that are read as years.
YEARS = range(1100, 2100)


def respell(utterance: Utterance, unclear: Sequence[Collection[str]]) -> Utterance:
    """The utterance with other spellings of these words, given for each sentence.

    It is the same if there is no other spelling.
    """
    language = base_code(utterance.language)
    sentences = []
    for sentence, words in zip(utterance.sentences, unclear, strict=True):
        for word in words:
            sentence = replace_word(sentence, word, respell_word(word, language))
        sentences.append(sentence)
    return replace(utterance, sentences=tuple(sentences))


def replace_word(sentence: str, word: str, spelling: str) -> str:
    """Replace a word, and separate it from digits and letters beside it. A part of a longer one stays."""
    text, start = "", 0
    while (place := sentence.find(word, start)) >= 0:
        end = place + len(word)
        before, after = sentence[:place][-1:], sentence[end:][:1]
        if is_part(sentence, word, place):
            text += sentence[start:end]
        else:
            gaps = [" " if one.isalnum() else "" for one in (before, after)]
            text += sentence[start:place] + spelling.join(gaps)
        start = end
    return text + sentence[start:]


def is_part(sentence: str, word: str, place: int) -> bool:
    """Whether a word at a place in the sentence is a part of a longer word or number."""
    before, after = sentence[:place][-1:], sentence[place + len(word) :]
    if word[0].isdigit() and (before.isdigit() or before in (".", ",")):
        return True
    if word[-1].isdigit() and after.lstrip(".,")[:1].isdigit():
        return len(after) - len(after.lstrip(".,")) < 2
    return (word[0].isalpha() and before.isalpha()) or (word[-1].isalpha() and after[:1].isalpha())


def respell_word(word: str, language: str) -> str:
    """A name or figure as it is read; the word itself if that is not known."""
    if any(one.isdigit() for one in word):
        return DIGITS.sub(lambda match: spell_digits(match[0], language), word)
    if is_initials(word):
        return " ".join(word)
    spaced = INNER_MARKS.sub(" ", CAMEL_CASE.sub(" ", word))
    return "".join(reduce_letter(letter, language) for letter in spaced)


def spell_digits(number: str, language: str) -> str:
    """A whole number in words, one with four digits as a year; the digits if it is no whole number."""
    value = parse_number(number, language)
    if len(number) > MAX_DIGITS or value != int(value):
        return number
    if number.isdigit() and int(number) in YEARS:
        return next(iter(spell_years(int(number), language)), number)
    return spell_count(int(value), language)


def reduce_letter(letter: str, language: str) -> str:
    """A letter without marks that the language does not have."""
    lower = letter.casefold() if letter != "ß" else letter
    if letter.isascii() or lower in OWN_LETTERS.get(language, ""):
        return letter
    plain = LETTERS.get(letter.lower()) or unicodedata.normalize("NFD", letter)[0]
    return plain.capitalize() if letter.isupper() else plain
