"""What a call to a model costs, in the words that everybody who makes one shares."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Call = Callable[[], Awaitable["Answer"]]


@dataclass(frozen=True, slots=True)
class Use:
    """What a call takes or took: units by their name in the table of prices, such as `text_in`."""

    model: str
    units: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking: facts as JSON, for a clip its bytes, and what was used; free without."""

    facts: dict[str, Any]
    content: bytes | None = None
    use: Use | None = field(default=None)


class Once(Protocol):
    """Asks a thing once in the life of a listener's answers: kept before it is used, never bought again."""

    async def __call__(
        self, kind: str, asked: Mapping[str, Any], expected: Use | None, call: Call
    ) -> dict[str, Any]:
        """The kept facts for what was `asked`, or those of one call. Raises what the call raises, and
        CapReached when the call is expected to pass the episode's cap."""
        ...
