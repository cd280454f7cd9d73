"""What the fuzz tells its hooks, which run in schemathesis's process: a file named by a variable."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from tests.contract.fuzz_target import Host, Own, Things

VARIABLE = "AUDIOBREW_FUZZ_TOLD"


@dataclass(frozen=True)
class Told:
    """By the names of the listeners: `things` are what stays, `tokens` a way into the show of each."""

    url: str
    listeners: dict[str, Own]
    things: dict[str, Things]
    tokens: dict[str, str]
    labels: list[str]
    deployed: bool
    brews: int

    @classmethod
    def of(cls, host: Host, brews: int) -> Self:
        listeners = {own.name: own for own in host.listeners}
        tokens = dict(zip(listeners, host.shown["tokens"], strict=True))
        labels = host.shown["labels"]
        return cls(host.url, listeners, host.kept, tokens, labels, host.deployed, brews)

    @classmethod
    def from_environment(cls) -> Self:
        told = json.loads(Path(os.environ[VARIABLE]).read_text(encoding="utf-8"))
        told["listeners"] = {name: Own(**own) for name, own in told["listeners"].items()}
        return cls(**told)

    def write(self, file: Path) -> dict[str, str]:
        """The variable that leads to it."""
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")
        return {VARIABLE: str(file)}

    def instead(self, value: object, own: Own) -> object:
        """A thing of their own, of the kind of the other listener's thing that this is."""
        for name in self.kept.keys() - {own.name}:
            if value in self.kept[name]:
                mine = self.kept[own.name]
                return mine[self.kept[name].index(value) % len(mine)] if mine else value
        return value

    @property
    def kept(self) -> dict[str, list[str]]:
        """The ids of what stays, whatever it is."""
        return {
            name: [id for ids in things.values() for id in ids]
            for name, things in self.things.items()
        }

    @property
    def stays(self) -> set[str]:
        return {id for ids in self.kept.values() for id in ids}

    def listener(self, name: str | None) -> Own | None:
        return self.listeners.get(name or "")

    @property
    def first(self) -> Own:
        return next(iter(self.listeners.values()))

    def of_others(self, name: str | None) -> set[str]:
        """Every id, listeners' own among them, that this one must not reach."""
        ids = {other: {own.id, *self.kept[other]} for other, own in self.listeners.items()}
        return {id for other, theirs in ids.items() if other != name for id in theirs}
