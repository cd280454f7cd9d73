"""What is wrong with which setting, in words that hold no value of any."""

from typing import Any

from pydantic import ValidationError


def in_words(error: ValidationError, typed: dict[str, Any]) -> str:
    """Each wrong setting under the name it was given by, and never its value."""
    return "; ".join(
        f"{_named(part['loc'], typed)}{part['msg'].removeprefix('Value error, ')}"
        for part in error.errors(include_input=False, include_url=False)
    )


def _named(place: tuple[int | str, ...], typed: dict[str, Any]) -> str:
    if not place:
        return ""
    name = str(place[0])
    if name in typed:
        return f"--{name}: "
    own = name.upper() == name  # a variable that keeps its name in the field
    return f"{name}: " if own else f"AUDIOBREW_{name.upper()}: "
