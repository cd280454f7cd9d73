from typing import Literal

Cut = Literal["footer", "legal", "listener", "navigation", "sponsor"]

CUT_VALUES: set[Cut] = {
    "footer",
    "legal",
    "listener",
    "navigation",
    "sponsor",
}


def check_cut(value: str) -> Cut:
    if value in CUT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {CUT_VALUES!r}")
