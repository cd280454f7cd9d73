"""`deploy/compose.yaml` and its Caddyfile agree with the image and the settings, and Caddy accepts it."""

import json
import os
import re
import shutil
import subprocess
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from audiobrew.settings import load_settings

from tests.hosting.dockerfile import parse_stages
from tests.hosting.hosts import DEPLOY, ROOT, dockerfile
from tests.hosting.test_settings_example import variables

TEXT = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
AUDIOBREW: dict[str, Any] = SERVICES["audiobrew"]
CADDYFILE = DEPLOY / "Caddyfile"
PORT = 8000
# Variables of compose.yaml itself.
OWN = {"DOMAIN", "POSTGRES_PASSWORD"}
PROFILE_LINES = re.findall(r"^  #   ([A-Z_]+)=(.+)$", TEXT, re.MULTILINE)
# The lines for the last profile, a model server for the writer.
WRITER = dict(PROFILE_LINES[PROFILE_LINES.index(("COMPOSE_PROFILES", "writer")) + 1 :])


def caddy(*words: str, **env: str) -> "subprocess.CompletedProcess[str]":
    program = os.environ.get("CADDY") or shutil.which("caddy")
    assert program, "Please install Caddy (on Debian: apt-get install caddy)."
    return subprocess.run(
        [program, *words], env={**os.environ, **env}, capture_output=True, text=True
    )


def substitute(text: str, values: dict[str, str]) -> str:
    """Variables as Compose substitutes them. Fails if a required one is missing."""

    def value(match: re.Match[str]) -> str:
        name, operator, word = match.groups()
        if values.get(name):
            return values[name]
        assert operator != ":?", word
        return word or ""

    return re.sub(r"\$\{([A-Z_]+)(?:(:-|:\?)([^}]*))?\}", value, text)


def environment(values: dict[str, str]) -> dict[str, str]:
    """What the container of AudioBrew gets, with these lines in .env."""
    own = AUDIOBREW["environment"].items()
    return values | {name: substitute(str(text), values) for name, text in own}


def test_the_image_is_the_one_of_the_dockerfile() -> None:
    build = AUDIOBREW["build"]

    assert (DEPLOY / build["context"]).resolve() == ROOT
    assert ROOT / build["dockerfile"] == DEPLOY / "Dockerfile"
    assert "command" not in AUDIOBREW


def test_data_is_in_a_volume_at_the_folder_of_the_image() -> None:
    [volume] = AUDIOBREW["volumes"]
    env = next(step.rest for step in parse_stages(dockerfile())[-1].steps if step.word == "ENV")

    assert volume == "data:/data"
    assert "AUDIOBREW_DATA=/data/var" in env
    named = [
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if not volume.startswith(".")
    ]
    assert sorted(named) == sorted(COMPOSE["volumes"])


def test_only_caddy_is_reachable_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["caddy"]
    assert SERVICES["caddy"]["ports"] == ["80:80", "443:443", "443:443/udp"]
    assert f"{{$UPSTREAM:audiobrew:{PORT}}}" in CADDYFILE.read_text(encoding="utf-8")
    assert [
        step.rest for step in parse_stages(dockerfile())[-1].steps if step.word == "EXPOSE"
    ] == [str(PORT)]


def test_every_variable_is_a_setting() -> None:
    referenced = set(re.findall(r"\$\{([A-Z_]+)", TEXT))

    assert set(AUDIOBREW["environment"]) <= set(variables())
    assert set(dict(PROFILE_LINES)) <= set(variables()) | OWN | {"COMPOSE_PROFILES"}
    assert referenced == OWN
    assert AUDIOBREW["env_file"] == ".env"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, {"database_url": None, "voice_url": None}),
        ({"OPENAI_API_KEY": "sk-x"}, {"writer_model": "gpt-6-luna", "voice": "auto"}),
        ({"AUDIOBREW_VOICE_URL": "http://voices:8880"}, {"has_voice_server": True}),
        (WRITER, {"writer_model": "gemma3", "has_local_voices": True, "calls_at_once": 1}),
        (
            {**WRITER, "AUDIOBREW_VOICE": "auto", "AUDIOBREW_VOICE_URL": "http://voices:8880"},
            {"writer_model": "gemma3", "has_voice_server": True},
        ),
        ({"DATABASE_URL": "postgresql://audiobrew:x@postgres/audiobrew"}, {"mode": "home"}),
        (
            {"AUDIOBREW_OIDC_ISSUER": "https://id.example", "AUDIOBREW_OIDC_CLIENT_ID": "brew"},
            {"oidc_issuer": "https://id.example"},
        ),
        (
            {
                "AUDIOBREW_MAIL_DOMAIN": "mail.brew.example",
                "AUDIOBREW_MAILGUN_SIGNING_KEY": "k" * 16,
            },
            {"inbound_providers": ("mailgun",)},
        ),
    ],
)
def test_its_variables_are_valid_settings_of_a_home_server(
    values: dict[str, str], expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment({"DOMAIN": "brew.example.org"} | values).items():
        monkeypatch.setenv(name, value)
    settings = load_settings(host="0.0.0.0")

    assert (settings.mode, settings.proxies) == ("home", 1)
    assert {name: getattr(settings, name) for name in expected} == expected


def test_addresses_for_newsletters_come_with_a_second_file() -> None:
    text = (DEPLOY / "compose.mail.yaml").read_text(encoding="utf-8")
    [(name, service)] = yaml.safe_load(text)["services"].items()
    port = service["environment"]["AUDIOBREW_SMTP_LISTEN"].rpartition(":")[2]

    assert name == "audiobrew"
    assert service["ports"] == [f"25:{port}"]
    assert set(service["environment"]) <= set(variables())


def test_without_a_domain_it_says_what_to_write() -> None:
    with pytest.raises(AssertionError, match=r"DOMAIN=brew\.example\.org into the file \.env"):
        environment({})


def test_others_are_started_by_their_profile() -> None:
    profiles = {name: service.get("profiles") for name, service in SERVICES.items()}

    assert profiles == {
        "audiobrew": None,
        "caddy": None,
        "postgres": ["postgres"],
        "voices": ["voices"],
        "writer": ["writer"],
    }
    assert AUDIOBREW["depends_on"]["postgres"]["required"] is False


def test_the_model_server_is_where_the_writer_looks() -> None:
    address = urlsplit(WRITER["OPENAI_BASE_URL"])

    assert SERVICES[str(address.hostname)]["image"].startswith("ollama/ollama")
    # Ollama's port, and its path for OpenAI's interface.
    assert (address.port, address.path) == (11434, "/v1")


def test_caddy_accepts_its_file() -> None:
    result = caddy("validate", "--config", str(CADDYFILE), DOMAIN="brew.example.org")

    assert result.returncode == 0, result.stderr
    assert "Valid configuration" in result.stdout + result.stderr
    assert caddy("fmt", "--overwrite=false", str(CADDYFILE)).returncode == 0


def test_caddy_passes_the_domain_on_to_audiobrew() -> None:
    result = caddy("adapt", "--config", str(CADDYFILE), DOMAIN="brew.example.org")
    [server] = json.loads(result.stdout)["apps"]["http"]["servers"].values()

    assert server["listen"] == [":443"]
    [route] = server["routes"]
    assert route["match"] == [{"host": ["brew.example.org"]}]
    assert f'"dial": "audiobrew:{PORT}"' in json.dumps(route)
