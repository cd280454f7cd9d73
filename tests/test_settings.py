"""What may be set, and how a wrong value is refused: by its name, never by its value."""

import base64
import json
import os
import subprocess
import sys
from typing import Any

import jwt
import pytest
from audiobrew.settings import (
    CLOUD_VARIABLES,
    REQUIRED_IN_PRODUCTION,
    InvalidSettings,
    Settings,
    load_settings,
)

SECRET = "sk-swordfish"
COMPLETE = {
    "SUPABASE_URL": "https://project.supabase.co",
    "SUPABASE_SECRET_KEY": "sb_secret_x",
    "SUPABASE_PUBLISHABLE_KEY": "sb_publishable_x",
    "DATABASE_URL": "postgresql://audiobrew:x@pooler.example:5432/postgres",
    "GOOGLE_CLIENT_ID": "id.apps.googleusercontent.com",
    "GOOGLE_CLIENT_SECRET": "GOCSPX-x",
    "REDIRECT_URI": "https://app.example/api/auth/gmail/callback",
    "OPENAI_API_KEY": "sk-x",
}
LOADED = """
import json
from audiobrew.settings import InvalidSettings, load_settings
try:
    told = load_settings().model_dump(mode="json")
except InvalidSettings as refused:
    told = {"refused": str(refused)}
print(json.dumps(told))
"""


def older_key(role: str) -> str:
    return jwt.encode({"role": role, "ref": "project"}, SECRET * 4, algorithm="HS256")


def loaded(**variables: str) -> dict[str, Any]:
    """As a process of its own sees it that has these variables and no others of ours."""
    found = subprocess.run(
        [sys.executable, "-c", LOADED],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(found.stdout)
    return told


def refused(**variables: str) -> str:
    told = str(loaded(**variables)["refused"])

    assert "\n" not in told
    return told


def test_nothing_set_is_enough() -> None:
    told = loaded()

    assert (told["mode"], told["host"], told["port"]) == ("embedded", "127.0.0.1", 8000)


@pytest.mark.parametrize("name", CLOUD_VARIABLES)
def test_any_cloud_variable_means_production_complete_or_refused(name: str) -> None:
    value = COMPLETE.get(name, SECRET)
    why = refused(**{name: value})

    same = {"SUPABASE_SERVICE_KEY": "SUPABASE_SECRET_KEY"}.get(name, name)

    assert [one for one in REQUIRED_IN_PRODUCTION if f"{one} (" in why] == [
        one for one in REQUIRED_IN_PRODUCTION if one != same
    ]
    assert all(
        REQUIRED_IN_PRODUCTION[one] in why for one in REQUIRED_IN_PRODUCTION if f"{one} (" in why
    )
    assert value not in why
    assert "AUDIOBREW_MODE=embedded" in why


def test_complete_it_is_production_on_the_hosts_own_port() -> None:
    told = loaded(**COMPLETE, PORT="3000")

    assert (told["mode"], told["host"], told["port"]) == ("production", "0.0.0.0", 3000)
    assert told["openai_api_key"] == "**********"


def test_the_older_name_of_the_service_key_does_as_well() -> None:
    older = {**COMPLETE, "SUPABASE_SERVICE_KEY": COMPLETE["SUPABASE_SECRET_KEY"]}
    del older["SUPABASE_SECRET_KEY"]

    assert loaded(**older)["mode"] == "production"


def test_embedded_is_the_explicit_way_to_use_a_key_here() -> None:
    told = loaded(OPENAI_API_KEY=SECRET, AUDIOBREW_MODE="embedded")

    assert (told["mode"], told["host"]) == ("embedded", "127.0.0.1")


@pytest.mark.parametrize(
    ("variables", "side"),
    [
        ({}, "railway"),
        ({"RAILWAY_ENVIRONMENT": "production"}, "railway"),
        ({"VERCEL": "1"}, "vercel"),
        ({"VERCEL": "1", "AUDIOBREW_SIDE": "railway"}, "railway"),
        ({"AUDIOBREW_SIDE": "vercel"}, "vercel"),
    ],
)
def test_a_process_knows_which_side_it_is(variables: dict[str, str], side: str) -> None:
    assert loaded(**COMPLETE, **variables)["side"] == side


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AUDIOBREW_PORT", SECRET),
        ("AUDIOBREW_PORT", "70000"),
        ("AUDIOBREW_HOST", "0.0.0.0"),
        ("AUDIOBREW_MODE", "somewhere"),
        ("AUDIOBREW_SIDE", "somewhere"),
        ("AUDIOBREW_UPLOAD_BYTES", "-1"),
        ("ALLOWED_ORIGINS", SECRET),
        ("ALLOWED_ORIGINS", '["*"]'),
        ("ALLOWED_ORIGINS", '["null"]'),
        ("ALLOWED_ORIGINS", '["https://a.example/path"]'),
        ("ALLOWED_ORIGINS", "{}"),
        ("ENCRYPTION_KEYS", SECRET),
        ("ENCRYPTION_KEYS", f"a:{base64.b64encode(b'short').decode()}"),
        ("AUDIOBREW_DATABASE_SCHEMA", "a; drop table mails"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(name: str, value: str) -> None:
    why = refused(**{name: value})

    assert name in why
    assert value not in why.replace(name, "") or len(value) < 5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SUPABASE_URL", SECRET),
        ("REDIRECT_URI", "javascript:alert(1)"),
        ("DATABASE_URL", f"mysql://u:{SECRET}@host/db"),
        ("DATABASE_URL", f"postgresql://u:{SECRET}@host:6543/db"),
        ("DATABASE_URL", f"postgresql://u:{SECRET}@host:port/db"),
        ("REDIRECT_URI", f"https://app.example/{SECRET}"),
        ("REDIRECT_URI", "https://app.example/api/auth/gmail/callback/"),
        ("REDIRECT_URI", "https://app.example/api/auth/gmail/callback?next=/"),
        ("SUPABASE_PUBLISHABLE_KEY", f"sb_secret_{SECRET}"),
        ("SUPABASE_PUBLISHABLE_KEY", older_key("service_role")),
        ("SUPABASE_SECRET_KEY", f"sb_publishable_{SECRET}"),
        ("SUPABASE_SECRET_KEY", older_key("anon")),
    ],
)
def test_a_wrong_cloud_value_is_refused_by_its_name(name: str, value: str) -> None:
    why = refused(**{**COMPLETE, name: value})

    assert name in why
    assert value not in why
    assert SECRET not in why


@pytest.mark.parametrize("kind", ["AUDIOBREW_WRITER=openai", "AUDIOBREW_VOICE=speech"])
def test_a_model_without_a_key_is_refused(kind: str) -> None:
    name, _, value = kind.partition("=")

    assert "OPENAI_API_KEY" in refused(**{name: value})


def test_what_was_typed_goes_before_the_defaults() -> None:
    assert load_settings(port=8002).port == 8002


def test_a_wrong_option_is_named_as_it_was_typed() -> None:
    with pytest.raises(InvalidSettings, match="--port"):
        load_settings(port=-5)


def test_a_range_must_be_one() -> None:
    why = refused(AUDIOBREW_MINUTES_MIN="10", AUDIOBREW_MINUTES_MAX="5")

    assert "AUDIOBREW_MINUTES_MIN must not be more than" in why


def test_settings_cannot_be_changed_afterwards() -> None:
    settings = Settings()

    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]


def test_lists_are_json() -> None:
    told = loaded(
        ALLOWED_ORIGINS='["https://a.example", "http://localhost:3000"]',
        AUDIOBREW_VOICES='["ash", "coral"]',
    )

    assert told["allowed_origins"] == ["https://a.example", "http://localhost:3000"]
    assert told["voices"] == ["ash", "coral"]


def test_a_variable_set_to_nothing_is_not_set() -> None:
    told = loaded(METRICS_TOKEN="", AUDIOBREW_PORT="", OPENAI_API_KEY="")

    assert (told["mode"], told["metrics_token"], told["port"]) == ("embedded", None, 8000)


@pytest.mark.parametrize(
    "keys",
    [
        {"SUPABASE_SECRET_KEY": older_key("service_role")},
        {"SUPABASE_PUBLISHABLE_KEY": older_key("anon")},
        {"SUPABASE_SECRET_KEY": "a.b.c", "SUPABASE_PUBLISHABLE_KEY": "!.!.!"},
        {"REDIRECT_URI": "https://app.example/api/gmail/callback"},
    ],
)
def test_older_keys_and_the_older_callback_do_as_well(keys: dict[str, str]) -> None:
    assert "refused" not in loaded(**(COMPLETE | keys))
