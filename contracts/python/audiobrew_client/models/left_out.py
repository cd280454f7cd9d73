from typing import Literal

LeftOut = Literal["empty", "language", "refused", "time"]

LEFT_OUT_VALUES: set[LeftOut] = {
    "empty",
    "language",
    "refused",
    "time",
}


def check_left_out(value: str) -> LeftOut:
    if value in LEFT_OUT_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LEFT_OUT_VALUES!r}")
