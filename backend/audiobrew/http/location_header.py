"""How a route declares an answer that says where to go."""

from typing import Any


def location(status: int, description: str, where: str) -> dict[int | str, dict[str, Any]]:
    """For the `responses` of a route."""
    schema = {"type": "string", "format": "uri-reference"}
    header = {"description": where, "schema": schema}
    return {status: {"description": description, "headers": {"Location": header}}}
