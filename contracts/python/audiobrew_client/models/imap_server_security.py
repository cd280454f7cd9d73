from typing import Literal

ImapServerSecurity = Literal["none", "starttls", "tls"]

IMAP_SERVER_SECURITY_VALUES: set[ImapServerSecurity] = {
    "none",
    "starttls",
    "tls",
}


def check_imap_server_security(value: str) -> ImapServerSecurity:
    if value in IMAP_SERVER_SECURITY_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {IMAP_SERVER_SECURITY_VALUES!r}")
