from typing import Literal

ImapSourceSecurity = Literal["none", "starttls", "tls"]

IMAP_SOURCE_SECURITY_VALUES: set[ImapSourceSecurity] = {
    "none",
    "starttls",
    "tls",
}


def check_imap_source_security(value: str) -> ImapSourceSecurity:
    if value in IMAP_SOURCE_SECURITY_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {IMAP_SOURCE_SECURITY_VALUES!r}")
