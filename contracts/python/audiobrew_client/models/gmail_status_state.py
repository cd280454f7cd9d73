from typing import Literal

GmailStatusState = Literal["connected", "none", "reconnect"]

GMAIL_STATUS_STATE_VALUES: set[GmailStatusState] = {
    "connected",
    "none",
    "reconnect",
}


def check_gmail_status_state(value: str) -> GmailStatusState:
    if value in GMAIL_STATUS_STATE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {GMAIL_STATUS_STATE_VALUES!r}")
