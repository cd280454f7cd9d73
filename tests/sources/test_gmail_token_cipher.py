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


def key_setting(*pairs: tuple[str, bytes]) -> str:
    return ",".join(f"{id}:{base64.b64encode(key).decode()}" for id, key in pairs)


def production_settings(folder: Path, **changed: object) -> Settings:
    values = {
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
    return Settings.model_validate(values | changed)


@pytest.fixture
def cipher() -> TokenCipher:
    return TokenCipher({"2026-11": NEW, "2026-01": OLD})


def test_an_encrypted_secret_can_be_decrypted_and_names_its_key(cipher: TokenCipher) -> None:
    encrypted = cipher.encrypt("gmail", ADA, SECRET)

    assert cipher.decrypt("gmail", ADA, encrypted) == SECRET
    assert encrypted.key_id == "2026-11"
    assert SECRET not in encrypted.ciphertext


def test_encrypting_a_secret_twice_gives_different_ciphertexts(cipher: TokenCipher) -> None:
    assert (
        cipher.encrypt("gmail", ADA, SECRET).ciphertext
        != cipher.encrypt("gmail", ADA, SECRET).ciphertext
    )


def test_decryption_fails_for_another_listener_or_purpose(cipher: TokenCipher) -> None:
    encrypted = cipher.encrypt("gmail", ADA, SECRET)

    for purpose, listener in (("gmail", BOB), ("consent", ADA)):
        with pytest.raises(DecryptionFailed):
            cipher.decrypt(purpose, listener, encrypted)


def test_decryption_fails_for_changed_or_truncated_ciphertexts(cipher: TokenCipher) -> None:
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


def test_an_old_key_still_decrypts_and_is_outdated(cipher: TokenCipher) -> None:
    encrypted = TokenCipher({"2026-01": OLD}).encrypt("gmail", ADA, SECRET)

    assert cipher.decrypt("gmail", ADA, encrypted) == SECRET
    assert cipher.is_outdated(encrypted.key_id)
    assert not cipher.is_outdated(cipher.encrypt("gmail", ADA, SECRET).key_id)


def test_decryption_fails_without_the_key(cipher: TokenCipher) -> None:
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


def test_a_machine_creates_its_own_private_key_once(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    encrypted = TokenCipher.of(settings).encrypt("gmail", ADA, SECRET)

    assert TokenCipher.of(settings).decrypt("gmail", ADA, encrypted) == SECRET
    assert (tmp_path / "sealing.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "sealing.key").read_text() not in ("", SECRET.decode())


def test_machines_in_production_derive_the_same_key(tmp_path: Path) -> None:
    one, two = (TokenCipher.of(production_settings(tmp_path / name)) for name in ("one", "two"))

    assert two.decrypt("gmail", ADA, one.encrypt("gmail", ADA, SECRET)) == SECRET
    assert one.derived
    assert not (tmp_path / "one" / "sealing.key").exists()


def test_another_supabase_key_decrypts_nothing(tmp_path: Path) -> None:
    encrypted = TokenCipher.of(production_settings(tmp_path)).encrypt("gmail", ADA, SECRET)
    renewed = TokenCipher.of(production_settings(tmp_path, supabase_secret_key="sb_secret_two"))

    with pytest.raises(DecryptionFailed):
        renewed.decrypt("gmail", ADA, encrypted)


def test_setting_encryption_keys_keeps_old_secrets_readable(tmp_path: Path) -> None:
    own = key_setting(("2026-11", NEW))
    for before, after in (
        (production_settings(tmp_path), production_settings(tmp_path, encryption_keys=own)),
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
