from typing import Literal

NewsletterSourceState = Literal["paused", "reading", "stopped", "trouble", "up_to_date", "waiting"]

NEWSLETTER_SOURCE_STATE_VALUES: set[NewsletterSourceState] = {
    "paused",
    "reading",
    "stopped",
    "trouble",
    "up_to_date",
    "waiting",
}


def check_newsletter_source_state(value: str) -> NewsletterSourceState:
    if value in NEWSLETTER_SOURCE_STATE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {NEWSLETTER_SOURCE_STATE_VALUES!r}")
