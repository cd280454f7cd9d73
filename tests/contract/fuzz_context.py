"""What the hooks know about a run. It is passed to Schemathesis's process in a file, whose path is in an
environment variable."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from tests.contract.fuzz_target import FuzzListener, FuzzTarget, Things

VARIABLE = "AUDIOBREW_FUZZ_CONTEXT"


@dataclass(frozen=True)
class FuzzContext:
    """`things` are protected things and `feed_tokens` are tokens of shows, both by the listener's name."""

    url: str
    listeners: dict[str, FuzzListener]
    things: dict[str, Things]
    feed_tokens: dict[str, str]
    labels: list[str]
    is_deployed: bool
    brews: int

    @classmethod
    def of(cls, target: FuzzTarget, brews: int) -> Self:
        listeners = {listener.name: listener for listener in target.listeners}
        tokens = dict(zip(listeners, target.dictionary["tokens"], strict=True))
        labels = target.dictionary["labels"]
        return cls(
            target.url, listeners, target.protected, tokens, labels, target.is_deployed, brews
        )

    @classmethod
    def from_environment(cls) -> Self:
        data = json.loads(Path(os.environ[VARIABLE]).read_text(encoding="utf-8"))
        data["listeners"] = {
            name: FuzzListener(**fields) for name, fields in data["listeners"].items()
        }
        return cls(**data)

    def write(self, file: Path) -> dict[str, str]:
        """Write the file, and return the environment variable that names it."""
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")
        return {VARIABLE: str(file)}

    def replace_foreign_id(self, value: object, listener: FuzzListener) -> object:
        """If the value is the id of the other listener's thing, return the id of one of this listener's."""
        for name in self.protected_ids.keys() - {listener.name}:
            if value in self.protected_ids[name]:
                own_ids = self.protected_ids[listener.name]
                position = self.protected_ids[name].index(value)
                return own_ids[position % len(own_ids)] if own_ids else value
        return value

    @property
    def protected_ids(self) -> dict[str, list[str]]:
        """The ids of all kinds of protected things, by the listener's name."""
        return {
            name: [id for ids in things.values() for id in ids]
            for name, things in self.things.items()
        }

    @property
    def all_protected_ids(self) -> set[str]:
        return {id for ids in self.protected_ids.values() for id in ids}

    def listener(self, name: str | None) -> FuzzListener | None:
        return self.listeners.get(name or "")

    @property
    def first_listener(self) -> FuzzListener:
        return next(iter(self.listeners.values()))

    def foreign_ids(self, name: str | None) -> set[str]:
        """Every id that this listener must not have access to, including those of other listeners."""
        ids = {
            other: {listener.id, *self.protected_ids[other]}
            for other, listener in self.listeners.items()
        }
        return {id for other, others_ids in ids.items() if other != name for id in others_ids}
