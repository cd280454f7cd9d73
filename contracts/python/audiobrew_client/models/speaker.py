from typing import Literal

Speaker = Literal["first", "second"]

SPEAKER_VALUES: set[Speaker] = {
    "first",
    "second",
}


def check_speaker(value: str) -> Speaker:
    if value in SPEAKER_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {SPEAKER_VALUES!r}")
