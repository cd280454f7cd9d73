"""What stands beside the code is true of it: settings explained, Railway's file, the image."""

import re
import tomllib
from pathlib import Path

from audiobrew.contract import document
from audiobrew.settings import CLOUD, Settings

ROOT = Path(__file__).parents[1]
EXPLAINED = (ROOT / ".env.example").read_text(encoding="utf-8")
RAILWAY = tomllib.loads((ROOT / "railway.toml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")


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
    secrets = [name for name in CLOUD if name not in ("RAILWAY_ENVIRONMENT", "VERCEL")]

    assert not [line for line in EXPLAINED.splitlines() if line and not line.startswith("#")]
    assert not [name for name in secrets if re.search(rf"^#{name}=.", EXPLAINED, re.MULTILINE)]


def test_railway_knows_only_keys_that_exist() -> None:
    assert set(RAILWAY) == {"build", "deploy"}
    assert set(RAILWAY["build"]) <= {"builder", "dockerfilePath", "watchPatterns"}
    assert set(RAILWAY["deploy"]) <= {
        "startCommand", "preDeployCommand", "healthcheckPath", "healthcheckTimeout",
        "restartPolicyType", "restartPolicyMaxRetries", "overlapSeconds", "drainingSeconds",
    }  # fmt: skip


def test_railway_names_what_is_there() -> None:
    assert (ROOT / RAILWAY["build"]["dockerfilePath"]).is_file()
    assert f'"{RAILWAY["deploy"]["healthcheckPath"]}"' in document()
    assert RAILWAY["deploy"]["startCommand"] == "audiobrew serve"


def test_the_image_is_made_from_the_lock_file_and_does_not_run_as_root() -> None:
    assert "uv sync --frozen" in DOCKERFILE
    assert DOCKERFILE.index("USER audiobrew") < DOCKERFILE.index('CMD ["audiobrew", "serve"]')
