"""Tell code from prose, and keep the lines of code."""

import re
from collections.abc import Iterator
from string import hexdigits

from audiobrew.mail.text_cleanup import strip_invisible

Lines = list[str]

# Lines of a text that are looked at, and characters of a line.
_MAX_LINES = 200
_MAX_LINE = 400
# The share of lines that must look like code.
_MIN_SHARE = 0.4
_STATEMENT = re.compile(
    r"(?:def|class|import|from|return|const|let|var|function|func|fn|public|private|static|package|"
    r"#include|#!|//|/\*|--|\$|>>>|npm|pip|git|curl|sudo|docker|SELECT|INSERT|UPDATE|CREATE)(?![\w,.])"
)
_CERTAIN_SIGN = re.compile(r"[;{}]$|=>|==|:=|&&|</|\w\(\)")
_SIGN = re.compile(r"->|!=|\|\||\w\[\w|^[+@-]{1,3}\s|^[\w.-]{1,60}(?:\s=\s|=|:\s)\S|\w\(\w")
_URL = re.compile(r"https?://\S+")
_WORD_BREAK = re.compile(r"[^A-Za-z\d+/=]+")
# A commit's number has seven hexadecimal digits and more; a key or a checksum in base 64, many characters.
_MIN_HEX, _MIN_KEY = 7, 24
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)[\w+#.-]{0,30}\s*")
_ARMOUR = re.compile(r"-----(BEGIN|END) [A-Z ]{3,60}-----\s*")
_INDENTED = re.compile(r"(?: {4}|\t)\s*\S")


def looks_like_code(text: str) -> bool:
    """Whether most lines of a text look like a program, a terminal or a configuration."""
    lines = [line[:_MAX_LINE].strip() for line in text.split("\n")[:_MAX_LINES]]
    lines = [line for line in lines if line]
    certain = sum(bool(_CERTAIN_SIGN.search(line)) or holds_hash(line) for line in lines)
    signs = sum(is_code_line(line) for line in lines)
    return bool(certain) and signs >= len(lines) * _MIN_SHARE


def is_code_line(line: str) -> bool:
    """Whether one line, without its indentation, looks like code."""
    signs = (_STATEMENT.match(line), _CERTAIN_SIGN.search(line), _SIGN.search(line))
    return any(signs) or holds_hash(line)


def holds_hash(text: str) -> bool:
    """Whether a text holds a checksum, a key or a commit's number, which nobody wants to hear."""
    return any(map(is_hash, _WORD_BREAK.split(_URL.sub(" ", text))))


def is_hash(word: str) -> bool:
    """Whether a word is a hexadecimal or base 64 number."""
    if len(word) < _MIN_HEX:
        return False
    digits = sum(map(str.isdigit, word))
    letters = sum(map(str.isalpha, word))
    if digits < 2 or letters < 2:
        return False
    one_case = word in (word.lower(), word.upper())
    return (one_case and all(character in hexdigits for character in word)) or (
        len(word) >= _MIN_KEY and word.count("/") <= 3
    )


def tidy_code(text: str) -> str:
    """The text with its lines and indentation, without empty lines at both ends."""
    lines = [line.rstrip() for line in strip_invisible(text).expandtabs(4).split("\n")]
    return "\n".join(lines).strip("\n")


def split_code(lines: Lines) -> Iterator[tuple[bool, Lines]]:
    """The parts of a plain text: whether each is code, and its lines.

    Code is what stands between fences, armoured (a signature), or indented and like code.
    """
    prose: Lines = []
    position = 0
    closings = find_closings(lines)
    while position < len(lines):
        end = closings.get(position) or end_of_indented(lines, position)
        if not end:
            prose.append(lines[position])
            position += 1
            continue
        code = [line for line in lines[position:end] if not _FENCE.fullmatch(line)]
        if prose:
            yield False, prose
        prose = []
        yield True, code
        position = end
    if prose:
        yield False, prose


def find_closings(lines: Lines) -> dict[int, int]:
    """The first line of each fenced or armoured part, and the line after its last one."""
    closings: dict[int, int] = {}
    fence = armour = None
    for number, line in enumerate(lines):
        if _FENCE.fullmatch(line):
            if fence is None:
                fence = number
            elif line.strip() in ("```", "~~~"):
                closings[fence] = number + 1
                fence = None
        elif match := _ARMOUR.fullmatch(line):
            if match[1] == "BEGIN":
                # What a signed message says follows this line; only its signature is armoured.
                armour = None if "MESSAGE" in line else number
            elif armour is not None:
                closings[armour] = number + 1
                armour = None
    return closings


def end_of_indented(lines: Lines, start: int) -> int:
    """The line after an indented run of code that begins here, after an empty line; 0 if none does."""
    if (start and lines[start - 1].strip()) or not _INDENTED.match(lines[start]):
        return 0
    end = start + 1
    while end < len(lines) and _INDENTED.match(lines[end]):
        end += 1
    return end if looks_like_code("\n".join(lines[start:end])) else 0
