"""`.env.example` explains every setting, with its default."""

import re
from pathlib import Path

from audiobrew.settings import CLOUD_VARIABLES, Settings

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")


def variables() -> dict[str, object]:
    """Each setting's default, by the first variable that it is read from."""
    defaults: dict[str, object] = {}
    for name, field in Settings.model_fields.items():
        aliases = getattr(field.validation_alias, "choices", [f"AUDIOBREW_{name.upper()}"])
        plain = [alias for alias in aliases if not str(alias).startswith("AUDIOBREW_")]
        own = "PORT" not in aliases and plain
        defaults[str(plain[0] if own else aliases[0])] = field.default
    return defaults


def test_every_setting_is_explained() -> None:
    names = set(re.findall(r"^#([A-Z_]+)=", EXAMPLE, re.MULTILINE))

    assert names == set(variables()) | {
        "PUBLIC_API_BASE_URL",
        "PUBLIC_VERCEL_API_BASE_URL",
        "PUBLIC_SUPABASE_URL",
    }


def test_the_documented_defaults_are_the_defaults() -> None:
    documented = dict(re.findall(r"^#([A-Z_]+)=(\d+)$", EXAMPLE, re.MULTILINE))

    assert documented
    assert {name: float(value) for name, value in documented.items()} == {
        name: variables()[name] for name in documented
    }


def test_the_example_contains_no_secret_and_sets_nothing() -> None:
    secrets = [name for name in CLOUD_VARIABLES if name not in ("RAILWAY_ENVIRONMENT", "VERCEL")]

    assert not [line for line in EXAMPLE.splitlines() if line and not line.startswith("#")]
    assert not [name for name in secrets if re.search(rf"^#{name}=.", EXAMPLE, re.MULTILINE)]
