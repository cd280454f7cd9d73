from uuid import uuid4

import httpx2
import pytest

from tests.feed.site import Site
from tests.settings_factory import make_settings

TOKENS = "/api/feed/tokens"


def file_names(site: Site) -> list[str]:
    return ["rss.xml", *(f"{site.episode}.{kind}" for kind in ("mp3", "vtt", "json"))]


def create_token(client: httpx2.Client, name: str = "Phone") -> tuple[str, str]:
    """Create a feed token. Returns its id and the URL of its feed, without `/rss.xml`."""
    answer = client.post(TOKENS, json={"name": name})
    assert answer.status_code == 201
    return answer.json()["id"], answer.json()["url"].removesuffix("/rss.xml")


def test_the_url_of_a_feed_is_returned_once(owner: httpx2.Client, site: Site) -> None:
    id, address = create_token(owner, "Kitchen")
    [stored] = [token for token in owner.get(TOKENS).json() if token["id"] == id]

    assert address.startswith(f"{site.url}/feed/")
    assert stored["name"] == "Kitchen"
    assert set(stored) == {"id", "name", "created_at", "last_used_at", "revoked_at"}
    assert address.rpartition("/")[2] not in owner.get(TOKENS).text


def test_the_last_use_is_shown(owner: httpx2.Client, anonymous: httpx2.Client) -> None:
    id, address = create_token(owner)
    before = {token["id"]: token["last_used_at"] for token in owner.get(TOKENS).json()}
    anonymous.get(f"{address}/rss.xml")
    after = {token["id"]: token["last_used_at"] for token in owner.get(TOKENS).json()}

    assert before[id] is None
    assert after[id]


def test_a_revoked_token_is_410_for_the_feed_and_its_files(
    owner: httpx2.Client, anonymous: httpx2.Client, site: Site
) -> None:
    id, address = create_token(owner)
    open = {anonymous.get(f"{address}/{ending}").status_code for ending in file_names(site)}
    revoked = [owner.delete(f"{TOKENS}/{id}").status_code for _ in range(2)]
    responses = [anonymous.get(f"{address}/{ending}") for ending in file_names(site)]

    assert open == {200}
    assert revoked == [204, 204]
    assert {answer.status_code for answer in responses} == {410}
    assert {answer.headers["content-type"] for answer in responses} == {"application/problem+json"}
    assert {anonymous.head(f"{address}/{end}").status_code for end in file_names(site)} == {410}


def test_revoking_one_token_leaves_the_others_valid(
    owner: httpx2.Client, anonymous: httpx2.Client
) -> None:
    phone, _ = create_token(owner)
    _, car = create_token(owner)
    owner.delete(f"{TOKENS}/{phone}")

    assert anonymous.get(f"{car}/rss.xml").status_code == 200


def test_a_token_opens_no_episode_of_another_listener(
    second: httpx2.Client, anonymous: httpx2.Client, site: Site
) -> None:
    _, address = create_token(second)
    feed, *files = [anonymous.get(f"{address}/{ending}") for ending in file_names(site)]

    assert str(site.episode) not in feed.text
    assert {answer.status_code for answer in files} == {404}
    assert {
        second.get(f"/api/podcast/{site.episode}/{what}").status_code for what in RECORDING_FILES
    } == {404}


RECORDING_FILES = ["audio", "transcript", "chapters"]


def test_feed_tokens_require_sign_in(owner: httpx2.Client, anonymous: httpx2.Client) -> None:
    id, _ = create_token(owner)
    tried = [
        anonymous.get(TOKENS),
        anonymous.post(TOKENS, json={"name": "Mine now"}),
        anonymous.delete(f"{TOKENS}/{id}"),
        anonymous.get(TOKENS, headers={"Authorization": "Bearer guess"}),
    ]

    assert {answer.status_code for answer in tried} == {401}


def test_a_listener_cannot_see_or_revoke_another_listeners_tokens(
    owner: httpx2.Client, second: httpx2.Client
) -> None:
    id, _ = create_token(owner)

    assert second.delete(f"{TOKENS}/{id}").status_code == 404
    assert id not in second.get(TOKENS).text
    assert owner.delete(f"{TOKENS}/{uuid4()}").status_code == 404


@pytest.mark.parametrize("what", RECORDING_FILES)
def test_recordings_require_sign_in(anonymous: httpx2.Client, site: Site, what: str) -> None:
    assert anonymous.get(f"/api/podcast/{site.episode}/{what}").status_code == 401


@pytest.mark.parametrize("name", ["", "x" * 81, "a\0b", "a\nb", None, 7])
def test_an_invalid_name_is_refused(owner: httpx2.Client, name: object) -> None:
    assert owner.post(TOKENS, json={"name": name}).status_code == 422


def test_the_number_of_tokens_is_limited(second: httpx2.Client, site: Site) -> None:
    limit = make_settings(data=site.data, feed_tokens_per_listener=50).feed_tokens_per_listener
    living = [token for token in second.get(TOKENS).json() if not token["revoked_at"]]
    for number in range(limit - len(living)):
        create_token(second, f"Device {number}")
    refused = second.post(TOKENS, json={"name": "One more"})

    assert refused.status_code == 409
    assert "Revoke one" in refused.json()["detail"]


@pytest.mark.parametrize(
    "guess", ["guess", "%00", "..%2f..", "%ff", "ü", "x" * 5000, "%F0%9F%98%80"]
)
def test_a_guess_finds_no_feed(anonymous: httpx2.Client, site: Site, guess: str) -> None:
    for ending in file_names(site):
        answer = anonymous.get(f"/feed/{guess}/{ending}")

        assert answer.status_code == 404
        assert guess not in answer.text
