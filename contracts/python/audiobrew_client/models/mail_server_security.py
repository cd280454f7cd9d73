from typing import Literal

MailServerSecurity = Literal["starttls", "tls"]

MAIL_SERVER_SECURITY_VALUES: set[MailServerSecurity] = {
    "starttls",
    "tls",
}


def check_mail_server_security(value: str) -> MailServerSecurity:
    if value in MAIL_SERVER_SECURITY_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {MAIL_SERVER_SECURITY_VALUES!r}")
