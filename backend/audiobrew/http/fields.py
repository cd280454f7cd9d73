"""Types of request fields that several rooms use."""

from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints


def _number(value: object) -> object:
    """JSON Schema distinguishes "5" and true from 5; Pydantic alone does not."""
    if isinstance(value, str | bool):
        raise ValueError("must be a number")
    return value


Whole = Annotated[int, BeforeValidator(_number)]
Weekday = Annotated[int, Field(ge=0, le=6), BeforeValidator(_number)]
Minutes = Annotated[int, Field(ge=1), BeforeValidator(_number)]
Hosts = Annotated[int, Field(ge=1, le=2), BeforeValidator(_number)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Dollars = Annotated[float, Field(ge=0.01, le=1000), BeforeValidator(_number)]
