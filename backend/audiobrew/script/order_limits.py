"""Limits for what an order, a schedule or a preference may request."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

from audiobrew.problems import Problem
from audiobrew.script.writer import Writer
from audiobrew.settings import Settings


class MinutesOutOfRange(Problem):
    """AudioBrew cannot make an episode of that many minutes."""

    type = "minutes-out-of-range"
    status = HTTPStatus.BAD_REQUEST


class CannotTranslate(Problem):
    """The extractive writer reads the mails' own sentences, so it cannot translate. Choose no language."""

    type = "cannot-translate"
    status = HTTPStatus.CONFLICT


@dataclass(frozen=True, slots=True)
class OrderLimits:
    """The shortest and longest episode in minutes, and whether the writer translates."""

    minutes_min: int
    minutes_max: int
    translates: bool

    @classmethod
    def of(cls, settings: Settings, writer: Writer) -> Self:
        return cls(settings.minutes_min, settings.minutes_max, writer.translates)

    def check(self, minutes: int, language: str | None) -> None:
        """Raises MinutesOutOfRange, CannotTranslate."""
        self.check_minutes(minutes)
        if language and not self.translates:
            raise CannotTranslate

    def check_minutes(self, minutes: int) -> None:
        """Raises MinutesOutOfRange."""
        if not self.minutes_min <= minutes <= self.minutes_max:
            raise MinutesOutOfRange(
                f"AudioBrew makes episodes of {self.minutes_min} to {self.minutes_max} minutes."
            )
