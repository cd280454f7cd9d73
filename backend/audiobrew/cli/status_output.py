"""Status messages of a process: a sentence on the terminal or, in production, a log event."""

from typing import TYPE_CHECKING

import structlog
from rich.console import Console

if TYPE_CHECKING:
    from audiobrew.settings import Settings

log = structlog.get_logger()


class StatusOutput:
    def __init__(self, settings: "Settings") -> None:
        self._production = settings.production
        self.console = Console(stderr=True)

    def report(self, sentence: str, event: str, **details: str | None) -> None:
        if self._production:
            log.info(event, **details)
        else:
            self.console.print(sentence)
