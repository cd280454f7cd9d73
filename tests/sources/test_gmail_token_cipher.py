import base64
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from audiobrew.settings import Settings
from audiobrew.sources.gmail.token_cipher import DecryptionFailed, EncryptedSecret, TokenCipher

ADA, BOB = uuid4(), uuid4()
OLD, NEW = b"o" * 32, b"n" * 32
SECRET = b"1//a-refresh-token"


def keys(*named: tuple[str, bytes]) -> str:
    return ",".join(f"{id}:{base64.b64encode(key).decode()}" for id, key in named)


def production(folder: Path, **changed: object) -> Settings:
    told = {
        "mode": "production",
        "data": folder,
        "supabase_url": "https://project.supabase.test",
        "supabase_secret_key": "sb_secret_one",
        "supabase_publishable_key": "sb_publishable_one",
        "database_url": "postgresql://audiobrew@localhost:5432/audiobrew",
        "google_client_id": "client",
        "google_client_secret": "secret",
        "redirect_uri": "https://app.test/api/auth/gmail/callback",
        "openai_api_key": "sk-one",
    }
    return Settings.model_validate(told | changed)


@pytest.fixture
def sealer() -> TokenCipher:
    return TokenCipher({"2026-11": NEW, "2026-01": OLD})


def test_what_is_sealed_is_opened_again_and_says_with_which_key(sealer: TokenCipher) -> None:
    sealed = sealer.seal("gmail", ADA, SECRET)

    assert sealer.open("gmail", ADA, sealed) == SECRET
    assert sealed.key_id == "2026-11"
    assert SECRET not in sealed.box


def test_the_same_secret_never_looks_the_same(sealer: TokenCipher) -> None:
    assert sealer.seal("gmail", ADA, SECRET).box != sealer.seal("gmail", ADA, SECRET).box


def test_it_opens_for_no_other_listener_and_for_nothing_else(sealer: TokenCipher) -> None:
    sealed = sealer.seal("gmail", ADA, SECRET)

    for purpose, listener in (("gmail", BOB), ("consent", ADA)):
        with pytest.raises(DecryptionFailed):
            sealer.open(purpose, listener, sealed)


def test_what_was_changed_or_cut_short_does_not_open(sealer: TokenCipher) -> None:
    sealed = sealer.seal("gmail", ADA, SECRET)
    flipped = bytes([sealed.box[20] ^ 1])

    for box in (sealed.box[:20] + flipped + sealed.box[21:], sealed.box[:-1], b"short", b""):
        with pytest.raises(DecryptionFailed):
            sealer.open("gmail", ADA, replace(sealed, box=box))


def test_after_a_rotation_the_old_still_opens_and_asks_for_the_new_key(sealer: TokenCipher) -> None:
    sealed = TokenCipher({"2026-01": OLD}).seal("gmail", ADA, SECRET)

    assert sealer.open("gmail", ADA, sealed) == SECRET
    assert sealer.needs_resealing(sealed.key_id)
    assert not sealer.needs_resealing(sealer.seal("gmail", ADA, SECRET).key_id)


def test_once_a_key_is_gone_nothing_of_it_opens(sealer: TokenCipher) -> None:
    sealed = TokenCipher({"2025-01": b"x" * 32}).seal("gmail", ADA, SECRET)

    with pytest.raises(DecryptionFailed):
        sealer.open("gmail", ADA, sealed)
    with pytest.raises(DecryptionFailed):
        sealer.open("gmail", ADA, EncryptedSecret(sealed.box, "2026-01"))


def test_a_signature_holds_for_its_purpose_and_across_a_rotation(sealer: TokenCipher) -> None:
    signature = TokenCipher({"2026-01": OLD}).sign("state", b"told")

    assert sealer.signed("state", b"told", signature)
    assert not sealer.signed("state", b"other", signature)
    assert not sealer.signed("gmail", b"told", signature)
    assert not TokenCipher({"2026-11": NEW}).signed("state", b"told", signature)
    assert not sealer.signed("state", b"told", "ü")


def test_a_machine_makes_its_own_key_once_and_keeps_it_to_itself(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    sealed = TokenCipher.of(settings).seal("gmail", ADA, SECRET)

    assert TokenCipher.of(settings).open("gmail", ADA, sealed) == SECRET
    assert (tmp_path / "sealing.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "sealing.key").read_text() not in ("", SECRET.decode())


def test_machines_in_production_derive_the_same_key_and_say_so(tmp_path: Path) -> None:
    one, two = (TokenCipher.of(production(tmp_path / name)) for name in ("one", "two"))

    assert two.open("gmail", ADA, one.seal("gmail", ADA, SECRET)) == SECRET
    assert one.derived
    assert not (tmp_path / "one" / "sealing.key").exists()


def test_another_key_of_supabase_opens_nothing_of_the_old_one(tmp_path: Path) -> None:
    sealed = TokenCipher.of(production(tmp_path)).seal("gmail", ADA, SECRET)
    renewed = TokenCipher.of(production(tmp_path, supabase_secret_key="sb_secret_two"))

    with pytest.raises(DecryptionFailed):
        renewed.open("gmail", ADA, sealed)


def test_setting_keys_of_its_own_loses_nothing_that_was_sealed_before(tmp_path: Path) -> None:
    own = keys(("2026-11", NEW))
    for before, after in (
        (production(tmp_path), production(tmp_path, encryption_keys=own)),
        (
            Settings(data=tmp_path),
            Settings.model_validate({"data": tmp_path, "encryption_keys": own}),
        ),
    ):
        sealed = TokenCipher.of(before).seal("gmail", ADA, SECRET)
        sealer = TokenCipher.of(after)

        assert sealer.open("gmail", ADA, sealed) == SECRET
        assert sealer.needs_resealing(sealed.key_id)
        assert not sealer.derived
