"""What a process says of itself: a sentence to people, in production an event like every other line."""

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

    def that(self, sentence: str, event: str, **facts: str | None) -> None:
        if self._production:
            log.info(event, **facts)
        else:
            self.console.print(sentence)
