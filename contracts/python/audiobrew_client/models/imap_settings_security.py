from typing import Literal

ImapSettingsSecurity = Literal["starttls", "tls"]

IMAP_SETTINGS_SECURITY_VALUES: set[ImapSettingsSecurity] = {
    "starttls",
    "tls",
}


def check_imap_settings_security(value: str) -> ImapSettingsSecurity:
    if value in IMAP_SETTINGS_SECURITY_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {IMAP_SETTINGS_SECURITY_VALUES!r}")
