from time import time
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx2
import pytest

from tests.feed.site import Site


def test_a_signed_url_needs_no_token(anonymous: httpx2.Client, site: Site) -> None:
    assert anonymous.get(site.signer.audio_url(site.episode)).content == site.mp3


def test_an_expired_url_says_what_to_do(anonymous: httpx2.Client, site: Site) -> None:
    expired = site.signer.audio_url(site.episode, now=time() - 3601)
    answer = anonymous.get(expired)

    assert answer.status_code == 401
    assert "Load the episode again" in answer.json()["detail"]


@pytest.mark.parametrize(
    "forged",
    [
        {"signature": "0" * 64},
        {"signature": ""},
        {"signature": "ü"},
        {"expires": "99999999999"},
        {"expires": "-1"},
    ],
)
def test_a_forged_signature_is_refused(
    anonymous: httpx2.Client, site: Site, forged: dict[str, str]
) -> None:
    url = urlsplit(site.signer.audio_url(site.episode))
    query = {name: values[0] for name, values in parse_qs(url.query).items()} | forged

    assert anonymous.get(url.path, params=query).status_code == 401


def test_expiry_and_signature_are_both_required(anonymous: httpx2.Client, site: Site) -> None:
    path = f"/api/podcast/{site.episode}/audio"

    assert anonymous.get(path, params={"expires": 1}).status_code == 401
    assert anonymous.get(path, params={"signature": "a"}).status_code == 401


def test_a_signature_is_valid_for_its_own_episode_only(
    anonymous: httpx2.Client, site: Site
) -> None:
    url = site.signer.audio_url(site.episode)
    other = url.replace(str(site.episode), str(uuid4()))

    assert anonymous.get(other).status_code == 401


def test_a_wrong_token_is_refused_even_with_a_signed_url(
    anonymous: httpx2.Client, site: Site
) -> None:
    url = site.signer.audio_url(site.episode)

    assert anonymous.get(url, headers={"Authorization": "Bearer guess"}).status_code == 401


def test_missing_audio_is_404(owner: httpx2.Client, site: Site) -> None:
    file = site.data / "media" / "episodes" / f"{site.episode}.mp3"
    file.rename(site.data / "elsewhere.mp3")
    try:
        answer = owner.get(f"/api/podcast/{site.episode}/audio")
    finally:
        (site.data / "elsewhere.mp3").rename(file)

    assert answer.status_code == 404
    assert "no finished recording" in answer.json()["detail"]
