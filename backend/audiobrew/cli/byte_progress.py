"""Shows how many bytes are copied."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar


class ByteBar:
    """A progress bar of bytes. Without a terminal, it prints one line at the end."""

    def __init__(self, console: Console, description: str, total: int) -> None:
        self._bar = ProgressBar(
            TextColumn(description),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=console,
        )
        self._task = self._bar.add_task(description, total=max(total, 1))

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None:
            self._bar.update(self._task, completed=self._bar.tasks[0].total)
        self._bar.stop()

    def advance(self, bytes_: int) -> None:
        self._bar.advance(self._task, bytes_)
