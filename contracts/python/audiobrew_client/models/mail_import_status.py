from typing import Literal

MailImportStatus = Literal["cancelled", "done", "failed", "reading", "uploading", "waiting"]

MAIL_IMPORT_STATUS_VALUES: set[MailImportStatus] = {
    "cancelled",
    "done",
    "failed",
    "reading",
    "uploading",
    "waiting",
}


def check_mail_import_status(value: str) -> MailImportStatus:
    if value in MAIL_IMPORT_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {MAIL_IMPORT_STATUS_VALUES!r}")
