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
def cipher() -> TokenCipher:
    return TokenCipher({"2026-11": NEW, "2026-01": OLD})


def test_what_is_sealed_is_opened_again_and_says_with_which_key(cipher: TokenCipher) -> None:
    encrypted = cipher.encrypt("gmail", ADA, SECRET)

    assert cipher.decrypt("gmail", ADA, encrypted) == SECRET
    assert encrypted.key_id == "2026-11"
    assert SECRET not in encrypted.ciphertext


def test_the_same_secret_never_looks_the_same(cipher: TokenCipher) -> None:
    assert (
        cipher.encrypt("gmail", ADA, SECRET).ciphertext
        != cipher.encrypt("gmail", ADA, SECRET).ciphertext
    )


def test_it_opens_for_no_other_listener_and_for_nothing_else(cipher: TokenCipher) -> None:
    encrypted = cipher.encrypt("gmail", ADA, SECRET)

    for purpose, listener in (("gmail", BOB), ("consent", ADA)):
        with pytest.raises(DecryptionFailed):
            cipher.decrypt(purpose, listener, encrypted)


def test_what_was_changed_or_cut_short_does_not_open(cipher: TokenCipher) -> None:
    encrypted = cipher.encrypt("gmail", ADA, SECRET)
    flipped = bytes([encrypted.ciphertext[20] ^ 1])

    for ciphertext in (
        encrypted.ciphertext[:20] + flipped + encrypted.ciphertext[21:],
        encrypted.ciphertext[:-1],
        b"short",
        b"",
    ):
        with pytest.raises(DecryptionFailed):
            cipher.decrypt("gmail", ADA, replace(encrypted, ciphertext=ciphertext))


def test_after_a_rotation_the_old_still_opens_and_asks_for_the_new_key(cipher: TokenCipher) -> None:
    encrypted = TokenCipher({"2026-01": OLD}).encrypt("gmail", ADA, SECRET)

    assert cipher.decrypt("gmail", ADA, encrypted) == SECRET
    assert cipher.is_outdated(encrypted.key_id)
    assert not cipher.is_outdated(cipher.encrypt("gmail", ADA, SECRET).key_id)


def test_once_a_key_is_gone_nothing_of_it_opens(cipher: TokenCipher) -> None:
    encrypted = TokenCipher({"2025-01": b"x" * 32}).encrypt("gmail", ADA, SECRET)

    with pytest.raises(DecryptionFailed):
        cipher.decrypt("gmail", ADA, encrypted)
    with pytest.raises(DecryptionFailed):
        cipher.decrypt("gmail", ADA, EncryptedSecret(encrypted.ciphertext, "2026-01"))


def test_a_signature_holds_for_its_purpose_and_across_a_rotation(cipher: TokenCipher) -> None:
    signature = TokenCipher({"2026-01": OLD}).sign("state", b"told")

    assert cipher.verify("state", b"told", signature)
    assert not cipher.verify("state", b"other", signature)
    assert not cipher.verify("gmail", b"told", signature)
    assert not TokenCipher({"2026-11": NEW}).verify("state", b"told", signature)
    assert not cipher.verify("state", b"told", "ü")


def test_a_machine_makes_its_own_key_once_and_keeps_it_to_itself(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    encrypted = TokenCipher.of(settings).encrypt("gmail", ADA, SECRET)

    assert TokenCipher.of(settings).decrypt("gmail", ADA, encrypted) == SECRET
    assert (tmp_path / "sealing.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "sealing.key").read_text() not in ("", SECRET.decode())


def test_machines_in_production_derive_the_same_key_and_say_so(tmp_path: Path) -> None:
    one, two = (TokenCipher.of(production(tmp_path / name)) for name in ("one", "two"))

    assert two.decrypt("gmail", ADA, one.encrypt("gmail", ADA, SECRET)) == SECRET
    assert one.derived
    assert not (tmp_path / "one" / "sealing.key").exists()


def test_another_key_of_supabase_opens_nothing_of_the_old_one(tmp_path: Path) -> None:
    encrypted = TokenCipher.of(production(tmp_path)).encrypt("gmail", ADA, SECRET)
    renewed = TokenCipher.of(production(tmp_path, supabase_secret_key="sb_secret_two"))

    with pytest.raises(DecryptionFailed):
        renewed.decrypt("gmail", ADA, encrypted)


def test_setting_keys_of_its_own_loses_nothing_that_was_sealed_before(tmp_path: Path) -> None:
    own = keys(("2026-11", NEW))
    for before, after in (
        (production(tmp_path), production(tmp_path, encryption_keys=own)),
        (
            Settings(data=tmp_path),
            Settings.model_validate({"data": tmp_path, "encryption_keys": own}),
        ),
    ):
        encrypted = TokenCipher.of(before).encrypt("gmail", ADA, SECRET)
        cipher = TokenCipher.of(after)

        assert cipher.decrypt("gmail", ADA, encrypted) == SECRET
        assert cipher.is_outdated(encrypted.key_id)
        assert not cipher.derived
