"""The contract's sentences and types as HTML."""

import re
from html import escape
from typing import Any

MOST = 24
"""Of the values of an enum; more are counted, not named."""


def prose(text: str) -> str:
    """Paragraphs."""
    return "".join(f"<p>{words(part)}</p>" for part in text.split("\n\n") if part.strip())


def words(text: str) -> str:
    """`code` and **bold**, of all that Markdown knows."""
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(" ".join(text.split())))
    return re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", marked)


def kind_of(schema: dict[str, Any]) -> str:
    """Its type in words, with links to other schemas."""
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        return f'<a href="#{name}">{name}</a>'
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(map(kind_of, choices))
    if "const" in schema:
        return f"<code>{escape(str(schema['const']))}</code>"
    if values := schema.get("enum"):
        named = (f"<code>{escape(str(value))}</code>" for value in values[:MOST])
        more = f" and {len(values) - MOST} more" if len(values) > MOST else ""
        return ", ".join(named) + more
    match schema.get("type"):
        case "array":
            return f"list of {kind_of(schema['items'])}"
        case "object" if "data" in schema.get("properties", {}):
            return f"events, each with {kind_of(schema['properties']['data']['contentSchema'])}"
        case plain:
            return escape(schema.get("format") or plain or "") + _bounds(schema)


def _bounds(schema: dict[str, Any]) -> str:
    """What may be: a number's values, a text's length, or its pattern."""
    unit = " characters" if schema.get("type") == "string" else ""
    least = schema.get("minimum", schema.get("minLength"))
    most = schema.get("maximum", schema.get("maxLength"))
    if least is None and most is None:
        pattern = schema.get("pattern")
        return f" like <code>{escape(pattern)}</code>" if pattern else ""
    return f" from {least:g}{unit}" if most is None else f" {least or 0:g} to {most:g}{unit}"
