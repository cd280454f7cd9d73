from typing import Literal

NewsletterSourceKind = Literal["address", "feed", "gmail", "imap"]

NEWSLETTER_SOURCE_KIND_VALUES: set[NewsletterSourceKind] = {
    "address",
    "feed",
    "gmail",
    "imap",
}


def check_newsletter_source_kind(value: str) -> NewsletterSourceKind:
    if value in NEWSLETTER_SOURCE_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {NEWSLETTER_SOURCE_KIND_VALUES!r}")
