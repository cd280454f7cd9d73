"""The rules of a mail's style sheet that apply on every screen, and the elements that they match."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from audiobrew.mail.html.strip_delimited import strip_delimited
from audiobrew.mail.html.visibility import Styles, parse_styles

Attributes = dict[str, str | None]

_MAX_CSS_CHARACTERS = 200_000
# Parts of selectors; further rules are ignored, so that the work for each element is bounded.
_MAX_PARTS = 1_000
_MAX_SELECTOR_PARTS = 6
# Classes of one element.
_MAX_CLASSES = 30
_EVERY_SCREEN = re.compile(r"@media\s+(?:only\s+)?(?:all|screen)\s*+\{", re.IGNORECASE)
_BLOCK_PART = re.compile(r"@[^{};@]*[{;]|[{}]")
# One part of a selector: `td`, `.note`, `a#top.x`, `[class~="note"]`.
_PART = re.compile(r"(\*|[a-z][\w-]{0,40})?((?:[.#][\w-]{1,100}|\[[^\[\]]{1,150}\]){0,6})$")
_CONDITION = re.compile(r"([.#])([\w-]{1,100})|\[([^\[\]]{1,150})\]")
_ATTRIBUTE = re.compile(
    r"([\w-]{1,60})\s?(?:([~|^$*]?=)\s?[\"']?([^\"']{0,120})[\"']?(?:\s[is])?)?$"
)


@dataclass(slots=True)
class _Part:
    """A part of a selector after the parts before it: a node in a tree of selectors."""

    tag: str
    # Attributes with operators and values; classes and ids are attributes as well.
    conditions: tuple[tuple[str, str, str], ...]
    is_child: bool
    before: "_Part | None"
    # Declarations with what decides which of them wins: importance, specificity, order.
    styles: list[tuple[tuple[bool, int, int], Styles]] = field(default_factory=list)
    has_followers: bool = False

    def matches(self, tag: str, attributes: Attributes) -> bool:
        return self.tag in ("", "*", tag) and all(
            _meets(attributes.get(name), operator, value) and name in attributes
            for name, operator, value in self.conditions
        )


@dataclass(frozen=True, slots=True)
class Matches:
    """The parts of selectors that an element's ancestors match, and those that its parent matches."""

    ancestors: frozenset[int] = frozenset()
    parent: frozenset[int] = frozenset()


class StyleSheet:
    """Finds the declarations for each element, on a walk from the outermost element inwards."""

    def __init__(self, css: str) -> None:
        self._parts: dict[tuple[object, ...], _Part] = {}
        # The parts by a class, an id, an attribute or an element that they need.
        self._by_key: dict[str, list[_Part]] = {}
        for order, (selectors, body) in enumerate(split_rules(keep_every_screen(css))):
            normal, important = split_importance(body)
            if not normal and not important:
                continue
            for selector in selectors.split(","):
                if len(self._parts) < _MAX_PARTS and (addition := self._add_selector(selector)):
                    part, specificity = addition
                    if normal:
                        part.styles.append(((False, specificity, order), normal))
                    if important:
                        part.styles.append(((True, specificity, order), important))

    def _add_selector(self, selector: str) -> tuple[_Part, int] | None:
        words = _divide_selector(selector)
        if not words or len(words) > _MAX_SELECTOR_PARTS:
            return None
        readings = [(is_child, _read_part(word)) for is_child, word in words]
        part, specificity = None, 0
        for _, reading in readings:
            if reading is None:
                return None
            tag, conditions = reading
            specificity += bool(tag) + sum(
                10_000 if name == "id" and operator == "=" else 100
                for name, operator, _ in conditions
            )
        for is_child, reading in readings:
            if reading is not None:
                part = self._add_part(part, is_child, *reading)
        return (part, specificity) if part else None

    def _add_part(
        self,
        before: _Part | None,
        is_child: bool,
        tag: str,
        conditions: tuple[tuple[str, str, str], ...],
    ) -> _Part:
        identity = (id(before), is_child, tag, conditions)
        part = self._parts.get(identity)
        if part is None:
            part = self._parts[identity] = _Part(tag, conditions, is_child, before)
            self._by_key.setdefault(_key(tag, conditions), []).append(part)
            if before:
                before.has_followers = True
        return part

    def match(
        self, tag: str, attributes: Attributes, outer: Matches
    ) -> tuple[Styles, Styles, Matches]:
        """The declarations for an element, the important ones, and what its content needs to be matched."""
        if not self._by_key:
            return {}, {}, outer
        declarations: list[tuple[tuple[bool, int, int], Styles]] = []
        own = set()
        for key in _keys(tag, attributes):
            for part in self._by_key.get(key, ()):
                before = part.before
                if before is not None and id(before) not in (
                    outer.parent if part.is_child else outer.ancestors
                ):
                    continue
                if part.matches(tag, attributes):
                    declarations += part.styles
                    if part.has_followers:
                        own.add(id(part))
        parent = frozenset(own)
        ancestors = outer.ancestors if parent <= outer.ancestors else outer.ancestors | parent
        normal: Styles = {}
        important: Styles = {}
        for (is_important, _, _), styles in sorted(declarations, key=lambda pair: pair[0]):
            (important if is_important else normal).update(styles)
        return normal, important, Matches(ancestors, parent)


def _divide_selector(selector: str) -> list[tuple[bool, str]]:
    """The parts of a selector, each with whether it is for children of what the part before matches."""
    words = []
    is_child = False
    for word in _join_brackets(selector[-200:].replace(">", " > ").split()):
        if word == ">":
            is_child = True
        else:
            words.append((is_child, word))
            is_child = False
    return words


def _join_brackets(words: list[str]) -> list[str]:
    """Undo a division within `[class = "a b"]`."""
    pieces: list[str] = []
    for word in words:
        if pieces and pieces[-1].count("[") > pieces[-1].count("]"):
            pieces[-1] += f" {word}"
        else:
            pieces.append(word)
    return pieces


def _read_part(word: str) -> tuple[str, tuple[tuple[str, str, str], ...]] | None:
    match = _PART.match(word)
    if not match or not word:
        return None
    conditions = []
    for sign, name, attribute in _CONDITION.findall(match[2]):
        if sign:
            conditions.append(("class", "~=", name) if sign == "." else ("id", "=", name))
        elif inner := _ATTRIBUTE.match(attribute.strip()):
            conditions.append((inner[1].lower(), inner[2] or "", inner[3] or ""))
        else:
            return None
    return (match[1] or "").removeprefix("*"), tuple(conditions)


def _key(tag: str, conditions: tuple[tuple[str, str, str], ...]) -> str:
    for name, operator, value in conditions:
        if name == "class" and operator == "~=":
            return f".{value}"
        if name == "id" and operator == "=":
            return f"#{value}"
    return f"[{conditions[0][0]}" if conditions else tag


def _keys(tag: str, attributes: Attributes) -> Iterator[str]:
    yield tag
    yield ""
    for name in attributes:
        yield f"[{name}"
    for name in dict.fromkeys((attributes.get("class") or "").split()[:_MAX_CLASSES]):
        yield f".{name}"
    if identifier := attributes.get("id"):
        yield f"#{identifier}"


def _meets(value: str | None, operator: str, expected: str) -> bool:
    value = value or ""
    match operator:
        case "":
            return True
        case "=":
            return value == expected
        case "~=":
            return expected in value.split()
        case "|=":
            return value == expected or value.startswith(f"{expected}-")
    if not expected:
        return False
    if operator == "^=":
        return value.startswith(expected)
    return value.endswith(expected) if operator == "$=" else expected in value


def split_importance(body: str) -> tuple[Styles, Styles]:
    """The declarations of a rule, and those that it calls important."""
    declarations = body[:4_000].split(";")
    important = [one for one in declarations if "!" in one]
    normal = [one for one in declarations if "!" not in one]
    return parse_styles(";".join(normal)), parse_styles(";".join(important))


def split_rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield each rule's selectors and declarations."""
    for rule in css.split("}")[:-1]:
        before, _, body = rule.rpartition("{")
        selectors = before.rpartition("{")[2].rpartition("@")[2].rpartition(";")[2]
        if selectors:
            yield selectors[-2_000:].strip(), body


def keep_every_screen(css: str) -> str:
    """Remove at-rules that apply to some screens only, and the frame of those that apply to all."""
    pieces, depth, position = [], 0, 0
    css = strip_delimited(css[:_MAX_CSS_CHARACTERS], "/*", "*/")
    # A closing brace that is left over ends no rule.
    css = _EVERY_SCREEN.sub("", css)
    for token in _BLOCK_PART.finditer(css):
        if depth == 0 and token[0].startswith("@"):
            pieces.append(css[position : token.start()])
            depth, position = int(token[0].endswith("{")), token.end()
        elif depth:
            depth += {"{": 1, "}": -1}.get(token[0][-1], 0)
            position = token.end()
    return "".join(pieces) + ("" if depth else css[position:])
