"""Documentation of responses with a `Location` header."""

from typing import Any


def location(status: int, description: str, target: str) -> dict[int | str, dict[str, Any]]:
    """For the `responses` of a route. `target` describes what the header points to."""
    schema = {"type": "string", "format": "uri-reference"}
    header = {"description": target, "schema": schema}
    return {status: {"description": description, "headers": {"Location": header}}}
