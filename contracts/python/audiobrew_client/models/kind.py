from typing import Literal

Kind = Literal["before", "greeting", "handover", "signoff", "sourced"]

KIND_VALUES: set[Kind] = {
    "before",
    "greeting",
    "handover",
    "signoff",
    "sourced",
}


def check_kind(value: str) -> Kind:
    if value in KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {KIND_VALUES!r}")
