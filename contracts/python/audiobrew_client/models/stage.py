from typing import Literal

Stage = Literal[
    "cancelled", "checking", "failed", "gathering", "joining", "planning", "ready", "speaking", "waiting", "writing"
]

STAGE_VALUES: set[Stage] = {
    "cancelled",
    "checking",
    "failed",
    "gathering",
    "joining",
    "planning",
    "ready",
    "speaking",
    "waiting",
    "writing",
}


def check_stage(value: str) -> Stage:
    if value in STAGE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {STAGE_VALUES!r}")
