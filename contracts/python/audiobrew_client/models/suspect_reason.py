from typing import Literal

SuspectReason = Literal["advertising", "housekeeping"]

SUSPECT_REASON_VALUES: set[SuspectReason] = {
    "advertising",
    "housekeeping",
}


def check_suspect_reason(value: str) -> SuspectReason:
    if value in SUSPECT_REASON_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {SUSPECT_REASON_VALUES!r}")
