"""Settings and their defaults. An invalid one is refused by its name, without its value."""

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
PROGRAM = """
import json
from audiobrew.settings import InvalidSettings, load_settings
try:
    settings = load_settings().model_dump(mode="json")
except InvalidSettings as error:
    settings = {"refused": str(error)}
print(json.dumps(settings))
"""


def older_key(role: str) -> str:
    return jwt.encode({"role": role, "ref": "project"}, SECRET * 4, algorithm="HS256")


def load_in_process(**variables: str) -> dict[str, Any]:
    """The settings of a process that has these variables and no others of ours."""
    process = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    settings: dict[str, Any] = json.loads(process.stdout)
    return settings


def refusal_of(**variables: str) -> str:
    message = str(load_in_process(**variables)["refused"])

    assert "\n" not in message
    return message


def test_no_setting_is_required() -> None:
    settings = load_in_process()

    assert (settings["mode"], settings["host"], settings["port"]) == ("embedded", "127.0.0.1", 8000)


@pytest.mark.parametrize("name", CLOUD_VARIABLES)
def test_any_cloud_variable_requires_all_of_production(name: str) -> None:
    value = COMPLETE.get(name, SECRET)
    message = refusal_of(**{name: value})

    same = {"SUPABASE_SERVICE_KEY": "SUPABASE_SECRET_KEY"}.get(name, name)

    assert [variable for variable in REQUIRED_IN_PRODUCTION if f"{variable} (" in message] == [
        variable for variable in REQUIRED_IN_PRODUCTION if variable != same
    ]
    assert all(
        REQUIRED_IN_PRODUCTION[variable] in message
        for variable in REQUIRED_IN_PRODUCTION
        if f"{variable} (" in message
    )
    assert value not in message
    assert "AUDIOBREW_MODE=embedded" in message


def test_production_uses_the_platforms_port() -> None:
    settings = load_in_process(**COMPLETE, PORT="3000")

    assert (settings["mode"], settings["host"], settings["port"]) == ("production", "0.0.0.0", 3000)
    assert settings["openai_api_key"] == "**********"


def test_the_older_name_of_the_secret_key_is_accepted() -> None:
    older = {**COMPLETE, "SUPABASE_SERVICE_KEY": COMPLETE["SUPABASE_SECRET_KEY"]}
    del older["SUPABASE_SECRET_KEY"]

    assert load_in_process(**older)["mode"] == "production"


def test_embedded_mode_can_be_set_explicitly() -> None:
    settings = load_in_process(OPENAI_API_KEY=SECRET, AUDIOBREW_MODE="embedded")

    assert (settings["mode"], settings["host"]) == ("embedded", "127.0.0.1")


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
def test_the_side_follows_from_the_platform(variables: dict[str, str], side: str) -> None:
    assert load_in_process(**COMPLETE, **variables)["side"] == side


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
    message = refusal_of(**{name: value})

    assert name in message
    assert value not in message.replace(name, "") or len(value) < 5


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
    message = refusal_of(**{**COMPLETE, name: value})

    assert name in message
    assert value not in message
    assert SECRET not in message


@pytest.mark.parametrize("kind", ["AUDIOBREW_WRITER=openai", "AUDIOBREW_VOICE=speech"])
def test_a_model_without_a_key_is_refused(kind: str) -> None:
    name, _, value = kind.partition("=")

    assert "OPENAI_API_KEY" in refusal_of(**{name: value})


def test_options_override_the_defaults() -> None:
    assert load_settings(port=8002).port == 8002


def test_a_wrong_option_is_named_like_the_option() -> None:
    with pytest.raises(InvalidSettings, match="--port"):
        load_settings(port=-5)


def test_the_minimum_must_not_exceed_the_maximum() -> None:
    message = refusal_of(AUDIOBREW_MINUTES_MIN="10", AUDIOBREW_MINUTES_MAX="5")

    assert "AUDIOBREW_MINUTES_MIN must not be more than" in message


def test_settings_are_frozen() -> None:
    settings = Settings()

    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]


def test_lists_are_json() -> None:
    settings = load_in_process(
        ALLOWED_ORIGINS='["https://a.example", "http://localhost:3000"]',
        AUDIOBREW_VOICES='["ash", "coral"]',
    )

    assert settings["allowed_origins"] == ["https://a.example", "http://localhost:3000"]
    assert settings["voices"] == ["ash", "coral"]


SERVER = {"AUDIOBREW_VOICE_URL": "http://localhost:8880"}


def test_a_server_of_ones_own_needs_no_key_and_speaks_with_kokoro() -> None:
    settings = load_in_process(**SERVER)
    german = '{"de": ["thorsten@piper-thorsten", "eva_k"]}'
    own = load_in_process(**SERVER, AUDIOBREW_VOICE="speech", AUDIOBREW_VOICES=german)

    assert (settings["mode"], settings["voice_model"]) == ("embedded", "kokoro")
    assert own["voices"] == {"de": ["thorsten@piper-thorsten", "eva_k"]}


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({**SERVER, "AUDIOBREW_VOICE": "natural"}, "needs AUDIOBREW_VOICE=speech (or auto)"),
        ({**SERVER, "AUDIOBREW_VOICE_MODEL": "piper"}, "AUDIOBREW_VOICES must name the voices"),
        ({"AUDIOBREW_VOICES": '{"en": ["a", "b"]}'}, "only a server at AUDIOBREW_VOICE_URL has"),
        ({**SERVER, "AUDIOBREW_VOICES": '{"English": ["a", "b"]}'}, "AUDIOBREW_VOICES: must be"),
        ({**SERVER, "AUDIOBREW_VOICES": '{"en": "af_heart"}'}, "AUDIOBREW_VOICES: must be"),
        ({**SERVER, "AUDIOBREW_VOICES": '["af_heart"]'}, "AUDIOBREW_VOICES: must be"),
        ({**SERVER, "AUDIOBREW_VOICES": "af_heart"}, "AUDIOBREW_VOICES: must be JSON"),
        ({"AUDIOBREW_VOICE_URL": "localhost:8880"}, "AUDIOBREW_VOICE_URL: "),
        ({"AUDIOBREW_VOICE": "speech"}, "which need OPENAI_API_KEY"),
        ({**SERVER, "AUDIOBREW_VOICE_FILES": "/voices"}, "needs AUDIOBREW_VOICE=fast or natural"),
        (
            {"AUDIOBREW_VOICE_FILES": "/voices", "AUDIOBREW_VOICE": "espeak"},
            "needs AUDIOBREW_VOICE=fast or natural",
        ),
    ],
)
def test_a_wrong_setting_for_a_server_of_ones_own_is_said(
    variables: dict[str, str], words: str
) -> None:
    assert words in refusal_of(**variables)


def test_an_empty_variable_counts_as_not_set() -> None:
    settings = load_in_process(METRICS_TOKEN="", AUDIOBREW_PORT="", OPENAI_API_KEY="")

    assert (settings["mode"], settings["metrics_token"], settings["port"]) == (
        "embedded",
        None,
        8000,
    )


@pytest.mark.parametrize(
    "keys",
    [
        {"SUPABASE_SECRET_KEY": older_key("service_role")},
        {"SUPABASE_PUBLISHABLE_KEY": older_key("anon")},
        {"SUPABASE_SECRET_KEY": "a.b.c", "SUPABASE_PUBLISHABLE_KEY": "!.!.!"},
        {"REDIRECT_URI": "https://app.example/api/gmail/callback"},
    ],
)
def test_older_keys_and_the_older_callback_are_accepted(keys: dict[str, str]) -> None:
    assert "refused" not in load_in_process(**(COMPLETE | keys))
