from typing import Literal

MailboxServerSecurity = Literal["none", "starttls", "tls"]

MAILBOX_SERVER_SECURITY_VALUES: set[MailboxServerSecurity] = {
    "none",
    "starttls",
    "tls",
}


def check_mailbox_server_security(value: str) -> MailboxServerSecurity:
    if value in MAILBOX_SERVER_SECURITY_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {MAILBOX_SERVER_SECURITY_VALUES!r}")
