from typing import Literal

Why = Literal["cut_source", "figure", "framing", "name", "no_source", "quotation", "time"]

WHY_VALUES: set[Why] = {
    "cut_source",
    "figure",
    "framing",
    "name",
    "no_source",
    "quotation",
    "time",
}


def check_why(value: str) -> Why:
    if value in WHY_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {WHY_VALUES!r}")
