"""What may be set, and how a wrong value is refused: by its name, never by its value."""

import pytest
from audiobrew.settings import CLOUD, Settings, SettingsRefused, load_settings

SECRET = "sk-swordfish"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*CLOUD, "AUDIOBREW_MODE"):
        monkeypatch.delenv(name, raising=False)


def test_nothing_set_is_enough() -> None:
    settings = load_settings()

    assert settings.mode == "embedded"
    assert settings.host == "127.0.0.1"


@pytest.mark.parametrize("name", CLOUD)
def test_any_cloud_variable_means_production_which_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, SECRET)

    with pytest.raises(SettingsRefused, match=name) as refused:
        load_settings()
    assert SECRET not in str(refused.value)
    assert "AUDIOBREW_MODE=embedded" in str(refused.value)


def test_embedded_is_the_explicit_way_to_run_beside_cloud_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    monkeypatch.setenv("AUDIOBREW_MODE", "embedded")

    assert load_settings().mode == "embedded"


def test_every_cloud_variable_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPABASE_URL", SECRET)
    monkeypatch.setenv("VERCEL", "1")

    with pytest.raises(SettingsRefused, match="SUPABASE_URL, VERCEL"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AUDIOBREW_PORT", SECRET),
        ("AUDIOBREW_PORT", "70000"),
        ("AUDIOBREW_HOST", "0.0.0.0"),
        ("AUDIOBREW_MODE", "production"),
        ("AUDIOBREW_UPLOAD_BYTES", "-1"),
        ("AUDIOBREW_ALLOWED_ORIGINS", SECRET),
        ("AUDIOBREW_ALLOWED_ORIGINS", '["*"]'),
        ("AUDIOBREW_ALLOWED_ORIGINS", '["null"]'),
        ("AUDIOBREW_ALLOWED_ORIGINS", '["https://a.example/path"]'),
        ("AUDIOBREW_ALLOWED_ORIGINS", "{}"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsRefused, match=name) as refused:
        load_settings()
    assert value not in str(refused.value).removeprefix(name) or len(value) < 5
    assert "\n" not in str(refused.value)


def test_what_was_typed_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOBREW_PORT", "8001")

    assert load_settings(port=8002).port == 8002


def test_a_wrong_option_is_named_as_it_was_typed() -> None:
    with pytest.raises(SettingsRefused, match="--port"):
        load_settings(port=-5)


def test_a_range_must_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOBREW_MINUTES_MIN", "10")
    monkeypatch.setenv("AUDIOBREW_MINUTES_MAX", "5")

    with pytest.raises(SettingsRefused, match="AUDIOBREW_MINUTES_MIN must not be more than"):
        load_settings()


def test_settings_cannot_be_changed_afterwards() -> None:
    settings = Settings()

    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]


def test_origins_are_a_json_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "AUDIOBREW_ALLOWED_ORIGINS", '["https://a.example", "http://localhost:3000"]'
    )

    assert load_settings().allowed_origins == ("https://a.example", "http://localhost:3000")


def test_a_variable_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIOBREW_METRICS_TOKEN", "")
    monkeypatch.setenv("AUDIOBREW_PORT", "")

    assert (load_settings().metrics_token, load_settings().port) == (None, 8000)
