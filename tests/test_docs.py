"""Documents name what exists: their links lead somewhere, and commands, sessions and settings are real."""

import re
from pathlib import Path

import pytest
from audiobrew.__main__ import COMMANDS
from audiobrew.settings import Settings

ROOT = Path(__file__).parents[1]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_every_link_leads_to_a_file(document: Path) -> None:
    text = re.sub(r"<!--.*?-->", "", document.read_text("utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\((?!https?:)([^)#\s]+)", text)

    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_commands_sessions_and_settings_exist(document: Path) -> None:
    text = document.read_text("utf-8")
    noxfile = (ROOT / "noxfile.py").read_text("utf-8")
    commands = set(re.findall(r"`audiobrew ([a-z][a-z-]*)", text))
    sessions = set(re.findall(r"noxfile\.py\s+-s\s+([a-z_]+)", text))
    settings = set(re.findall(r"AUDIOBREW_([A-Z_]+)", text)) - {"URL", "TOKEN"}  # the scripts' own

    assert commands <= set(COMMANDS)
    assert [session for session in sessions if f"\ndef {session}(" not in noxfile] == []
    assert {setting.lower() for setting in settings} <= set(Settings.model_fields)


@pytest.mark.parametrize("record", DECISIONS, ids=relative)
def test_a_decision_record_is_named_after_its_title_and_in_the_index(record: Path) -> None:
    heading = record.read_text("utf-8").splitlines()[0]
    [number, title] = re.fullmatch(r"# (\d+)\. (.+)", heading).groups()  # type: ignore[union-attr]
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    index = (ROOT / "docs" / "README.md").read_text("utf-8")

    assert record.stem == f"{int(number):04d}-{slug}"
    assert f"{number}. [{title}](decisions/{record.name})" in index
