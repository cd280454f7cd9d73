"""The example of an environment is true: every setting explained, with its default."""

import re
from pathlib import Path

from audiobrew.settings import CLOUD_VARIABLES, Settings

ROOT = Path(__file__).parents[2]
EXPLAINED = (ROOT / ".env.example").read_text(encoding="utf-8")


def variables() -> dict[str, object]:
    """Every setting's default, by the first variable that it is read from."""
    found: dict[str, object] = {}
    for name, field in Settings.model_fields.items():
        aliases = getattr(field.validation_alias, "choices", [f"AUDIOBREW_{name.upper()}"])
        plain = [alias for alias in aliases if not str(alias).startswith("AUDIOBREW_")]
        own = "PORT" not in aliases and plain
        found[str(plain[0] if own else aliases[0])] = field.default
    return found


def test_every_setting_is_explained() -> None:
    named = set(re.findall(r"^#([A-Z_]+)=", EXPLAINED, re.MULTILINE))

    assert named == set(variables()) | {
        "PUBLIC_API_BASE_URL",
        "PUBLIC_VERCEL_API_BASE_URL",
        "PUBLIC_SUPABASE_URL",
    }


def test_the_defaults_told_are_the_defaults() -> None:
    told = dict(re.findall(r"^#([A-Z_]+)=(\d+)$", EXPLAINED, re.MULTILINE))

    assert told
    assert {name: float(value) for name, value in told.items()} == {
        name: variables()[name] for name in told
    }


def test_the_example_holds_no_secret_and_sets_nothing() -> None:
    secrets = [name for name in CLOUD_VARIABLES if name not in ("RAILWAY_ENVIRONMENT", "VERCEL")]

    assert not [line for line in EXPLAINED.splitlines() if line and not line.startswith("#")]
    assert not [name for name in secrets if re.search(rf"^#{name}=.", EXPLAINED, re.MULTILINE)]
