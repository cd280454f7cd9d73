"""Shows how far files are read, if that takes longer than a moment."""

import time
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar

if TYPE_CHECKING:
    from audiobrew.inbox.files import ReadingProgress

# Seconds before the bar appears.
PATIENCE = 1.0


class ReadingBar:
    """A progress bar that appears once reading has taken a second."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._start = time.monotonic()
        self._stack = ExitStack()
        self._bar: ProgressBar | None = None
        self._task = TaskID(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()

    def update(self, progress: "ReadingProgress") -> None:
        if self._bar is None:
            if time.monotonic() - self._start < PATIENCE:
                return
            self._bar = self._show()
        counts = f"newsletters: {progress.newsletters:,} of {progress.mails:,} mails"
        self._bar.update(
            self._task, total=progress.total, completed=progress.position, counts=counts
        )

    def _show(self) -> ProgressBar:
        bar = ProgressBar(
            TextColumn("Reading mails"), BarColumn(), DownloadColumn(), TimeRemainingColumn(),
            TextColumn("{task.fields[counts]}"), console=self._console,
        )  # fmt: skip
        self._stack.enter_context(bar)
        self._task = bar.add_task("Reading mails", total=None, counts="")
        return bar
