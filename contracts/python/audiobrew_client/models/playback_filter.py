from typing import Literal

PlaybackFilter = Literal["new", "played", "unfinished"]

PLAYBACK_FILTER_VALUES: set[PlaybackFilter] = {
    "new",
    "played",
    "unfinished",
}


def check_playback_filter(value: str) -> PlaybackFilter:
    if value in PLAYBACK_FILTER_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {PLAYBACK_FILTER_VALUES!r}")
