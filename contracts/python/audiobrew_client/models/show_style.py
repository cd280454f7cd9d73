from typing import Literal

ShowStyle = Literal["briefing", "conversation", "deep_dive", "interview"]

SHOW_STYLE_VALUES: set[ShowStyle] = {
    "briefing",
    "conversation",
    "deep_dive",
    "interview",
}


def check_show_style(value: str) -> ShowStyle:
    if value in SHOW_STYLE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {SHOW_STYLE_VALUES!r}")
