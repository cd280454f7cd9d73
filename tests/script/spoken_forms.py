"""The tables of written forms and how they are spoken."""

import tomllib
from pathlib import Path
from typing import NamedTuple


class Form(NamedTuple):
    language: str
    kind: str
    written: str
    spoken: str

    def __str__(self) -> str:
        return f"{self.language}-{self.kind}-{self.written}"


def read(name: str) -> list[Form]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    return [Form(code, *row) for code, rows in tomllib.loads(text).items() for row in rows]


FORMS = read("spoken_forms.toml")
HELD_OUT = read("spoken_forms_heldout.toml")
