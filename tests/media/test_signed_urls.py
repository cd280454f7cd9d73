from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
from audiobrew.media.signed_urls import AudioAddressExpired, AudioUrlSigner, signing_key
from audiobrew.settings import Settings

EPISODE = uuid4()
NOON = 1_800_000_000.0
HOUR = 3600


def signed(signer: AudioUrlSigner, now: float = NOON, origin: str = "") -> tuple[int, str]:
    asked = parse_qs(urlsplit(signer.audio_url(EPISODE, origin, now)).query)
    return int(asked["expires"][0]), asked["signature"][0]


@pytest.fixture
def signer() -> AudioUrlSigner:
    return AudioUrlSigner(b"k" * 32, 6 * HOUR)


def test_a_signed_address_opens_its_episode_until_it_expires(signer: AudioUrlSigner) -> None:
    expires, signature = signed(signer)
    signer.check(EPISODE, expires, signature, NOON)
    signer.check(EPISODE, expires, signature, expires - 1)

    assert 5 * HOUR <= expires - NOON <= 6 * HOUR
    with pytest.raises(AudioAddressExpired):
        signer.check(EPISODE, expires, signature, expires)


def test_it_is_a_path_and_with_an_origin_a_whole_address(signer: AudioUrlSigner) -> None:
    path = signer.audio_url(EPISODE, now=NOON)

    assert path.startswith(f"/api/podcast/{EPISODE}/audio?expires=")
    assert signer.audio_url(EPISODE, "https://app.test", NOON) == f"https://app.test{path}"


def test_it_opens_no_other_episode(signer: AudioUrlSigner) -> None:
    expires, signature = signed(signer)

    with pytest.raises(AudioAddressExpired):
        signer.check(UUID(int=1), expires, signature, NOON)


@pytest.mark.parametrize("told", ["", "0" * 64, "ü", "a" * 100_000])
def test_a_forged_signature_opens_nothing(signer: AudioUrlSigner, told: str) -> None:
    expires, _ = signed(signer)

    with pytest.raises(AudioAddressExpired):
        signer.check(EPISODE, expires, told, NOON)


def test_its_life_cannot_be_prolonged(signer: AudioUrlSigner) -> None:
    expires, signature = signed(signer)

    with pytest.raises(AudioAddressExpired):
        signer.check(EPISODE, expires + HOUR, signature, NOON)


def test_another_key_signs_otherwise(signer: AudioUrlSigner) -> None:
    expires, signature = signed(signer)

    with pytest.raises(AudioAddressExpired):
        AudioUrlSigner(b"o" * 32, 6 * HOUR).check(EPISODE, expires, signature, NOON)


def test_it_stays_the_same_for_a_while_so_that_a_player_is_not_reloaded(
    signer: AudioUrlSigner,
) -> None:
    assert signer.audio_url(EPISODE, now=NOON) == signer.audio_url(EPISODE, now=NOON + HOUR - 1)
    assert signer.audio_url(EPISODE, now=NOON) != signer.audio_url(EPISODE, now=NOON + HOUR)


def test_the_machines_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    made = signing_key(Settings(data=tmp_path))

    assert len(made) == 32
    assert signing_key(Settings(data=tmp_path)) == made
    assert (tmp_path / "signing.key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["signing.key"]
