"""The states of an import (the column `imports.state`)."""

from enum import StrEnum


class ImportState(StrEnum):
    """Where an import is. The last three are final."""

    UPLOADING = "uploading"
    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_IMPORTS = (ImportState.UPLOADING, ImportState.WAITING, ImportState.READING)
