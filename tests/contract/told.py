"""What the fuzz tells its hooks, which run in schemathesis's process: a file named by a variable."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from tests.contract.host import Host, Own

VARIABLE = "AUDIOBREW_FUZZ_TOLD"


@dataclass(frozen=True)
class Told:
    """`kept` are the ids that stay, by the name of the listener who has them."""

    url: str
    listeners: dict[str, Own]
    kept: dict[str, list[str]]
    mails: dict[str, list[str]]
    deployed: bool
    brews: int

    @classmethod
    def of(cls, host: Host, brews: int) -> Self:
        kept = {
            name: [id for ids in things.values() for id in ids]
            for name, things in host.kept.items()
        }
        listeners = {own.name: own for own in host.listeners}
        mails = {name: things["mails"] for name, things in host.kept.items()}
        return cls(host.url, listeners, kept, mails, host.deployed, brews)

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
    def stays(self) -> set[str]:
        return {id for ids in self.kept.values() for id in ids}

    def listener(self, name: str | None) -> Own | None:
        return self.listeners.get(name or "")

    def of_others(self, name: str | None) -> set[str]:
        """Every id, listeners' own among them, that this one must not reach."""
        ids = {other: {own.id, *self.kept[other]} for other, own in self.listeners.items()}
        return {id for other, theirs in ids.items() if other != name for id in theirs}
