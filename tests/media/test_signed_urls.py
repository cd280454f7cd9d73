from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
from audiobrew.media.signed_urls import AudioAddressExpired, AudioUrlSigner, signing_key
from audiobrew.settings import Settings

EPISODE = uuid4()
NOON = 1_800_000_000.0
HOUR = 3600


def signature_of(signer: AudioUrlSigner, now: float = NOON, origin: str = "") -> tuple[int, str]:
    parameters = parse_qs(urlsplit(signer.audio_url(EPISODE, origin, now)).query)
    return int(parameters["expires"][0]), parameters["signature"][0]


@pytest.fixture
def signer() -> AudioUrlSigner:
    return AudioUrlSigner(b"k" * 32, 6 * HOUR)


def test_a_signed_url_is_valid_until_it_expires(signer: AudioUrlSigner) -> None:
    expires, signature = signature_of(signer)
    signer.check(EPISODE, expires, signature, NOON)
    signer.check(EPISODE, expires, signature, expires - 1)

    assert 5 * HOUR <= expires - NOON <= 6 * HOUR
    with pytest.raises(AudioAddressExpired):
        signer.check(EPISODE, expires, signature, expires)


def test_a_signed_url_is_a_path_or_absolute_with_an_origin(signer: AudioUrlSigner) -> None:
    path = signer.audio_url(EPISODE, now=NOON)

    assert path.startswith(f"/api/podcast/{EPISODE}/audio?expires=")
    assert signer.audio_url(EPISODE, "https://app.test", NOON) == f"https://app.test{path}"


def test_a_signed_url_is_invalid_for_another_episode(signer: AudioUrlSigner) -> None:
    expires, signature = signature_of(signer)

    with pytest.raises(AudioAddressExpired):
        signer.check(UUID(int=1), expires, signature, NOON)


@pytest.mark.parametrize("signature", ["", "0" * 64, "ü", "a" * 100_000])
def test_a_forged_signature_is_refused(signer: AudioUrlSigner, signature: str) -> None:
    expires, _ = signature_of(signer)

    with pytest.raises(AudioAddressExpired):
        signer.check(EPISODE, expires, signature, NOON)


def test_the_expiry_of_a_signed_url_cannot_be_changed(signer: AudioUrlSigner) -> None:
    expires, signature = signature_of(signer)

    with pytest.raises(AudioAddressExpired):
        signer.check(EPISODE, expires + HOUR, signature, NOON)


def test_another_key_gives_another_signature(signer: AudioUrlSigner) -> None:
    expires, signature = signature_of(signer)

    with pytest.raises(AudioAddressExpired):
        AudioUrlSigner(b"o" * 32, 6 * HOUR).check(EPISODE, expires, signature, NOON)


def test_a_signed_url_stays_the_same_for_a_while(
    signer: AudioUrlSigner,
) -> None:
    assert signer.audio_url(EPISODE, now=NOON) == signer.audio_url(EPISODE, now=NOON + HOUR - 1)
    assert signer.audio_url(EPISODE, now=NOON) != signer.audio_url(EPISODE, now=NOON + HOUR)


def test_the_machines_key_is_created_once_and_private(tmp_path: Path) -> None:
    key = signing_key(Settings(data=tmp_path))

    assert len(key) == 32
    assert signing_key(Settings(data=tmp_path)) == key
    assert (tmp_path / "signing.key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["signing.key"]
