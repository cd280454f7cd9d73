"""Types of request fields that are used in several rooms."""

from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints


def reject_non_numbers(value: object) -> object:
    """Pydantic would accept "5" and true for 5, which the published JSON schema does not."""
    if isinstance(value, str | bool):
        raise ValueError("must be a number")
    return value


def trim(text: str) -> str:
    """Remove white space around a text whose length was checked as it was sent, as the contract promises.

    Pydantic's `strip_whitespace` comes before that check. Raises ValueError if nothing is left.
    """
    if not (trimmed := text.strip()):
        raise ValueError("It has no character except white space.")
    return trimmed


Whole = Annotated[int, BeforeValidator(reject_non_numbers)]
Weekday = Annotated[int, Field(ge=0, le=6), BeforeValidator(reject_non_numbers)]
Minutes = Annotated[int, Field(ge=1), BeforeValidator(reject_non_numbers)]
Hosts = Annotated[int, Field(ge=1, le=2), BeforeValidator(reject_non_numbers)]
# Text without control characters. NUL, for one, cannot be stored in Postgres.
PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Dollars = Annotated[float, Field(ge=0.01, le=1000), BeforeValidator(reject_non_numbers)]
Speed = Annotated[float, Field(ge=0.5, le=3), BeforeValidator(reject_non_numbers)]
