from typing import Literal

Style = Literal["briefing", "conversation"]

STYLE_VALUES: set[Style] = {
    "briefing",
    "conversation",
}


def check_style(value: str) -> Style:
    if value in STYLE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {STYLE_VALUES!r}")
