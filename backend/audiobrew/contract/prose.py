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
            return escape(schema.get("format") or plain or "")
