import httpx2
import pytest

from tests.feed.site import Site


@pytest.fixture(params=["feed", "app", "signed"])
def audio(request: pytest.FixtureRequest, feed: str, site: Site) -> str:
    """The URL of the same audio on each of the routes that serve it."""
    ways = {
        "feed": f"{feed}/{site.episode}.mp3",
        "app": f"/api/podcast/{site.episode}/audio",
        "signed": site.signer.audio_url(site.episode, site.url),
    }
    return ways[request.param]


@pytest.fixture
def client(
    request: pytest.FixtureRequest, owner: httpx2.Client, anonymous: httpx2.Client
) -> httpx2.Client:
    return owner if request.node.callspec.params["audio"] == "app" else anonymous


def test_audio_is_returned_whole(audio: str, client: httpx2.Client, site: Site) -> None:
    answer = client.get(audio)

    assert (answer.status_code, answer.content) == (200, site.mp3)
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-length"] == str(len(site.mp3))


@pytest.mark.parametrize(
    ("requested", "start", "stop"), [("0-0", 0, 1), ("100-", 100, None), ("-50", -50, None)]
)
def test_a_range_of_audio_is_returned(
    audio: str, client: httpx2.Client, site: Site, requested: str, start: int, stop: int | None
) -> None:
    answer = client.get(audio, headers={"Range": f"bytes={requested}"})
    size, part = len(site.mp3), site.mp3[start:stop]
    first = start % size

    assert (answer.status_code, answer.content) == (206, part)
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(part) - 1}/{size}"
    assert answer.headers["content-length"] == str(len(part))


@pytest.mark.parametrize("header", ["bytes=0-1,4-5", "bytes=5-1", "items=0-1", "bytes=x"])
def test_several_or_invalid_ranges_return_the_whole_file(
    audio: str, client: httpx2.Client, site: Site, header: str
) -> None:
    answer = client.get(audio, headers={"Range": header})

    assert (answer.status_code, len(answer.content)) == (200, len(site.mp3))


def test_a_range_past_the_end_is_416_with_the_size(
    audio: str, client: httpx2.Client, site: Site
) -> None:
    answer = client.get(audio, headers={"Range": f"bytes={len(site.mp3)}-"})

    assert answer.status_code == 416
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-range"] == f"bytes */{len(site.mp3)}"
    assert "ends before" in answer.json()["detail"]


def test_if_range_returns_a_range_of_the_same_version_only(
    audio: str, client: httpx2.Client
) -> None:
    etag = client.head(audio).headers["etag"]
    same = client.get(audio, headers={"Range": "bytes=9-", "If-Range": etag})
    other = client.get(audio, headers={"Range": "bytes=9-", "If-Range": '"old"'})

    assert (same.status_code, other.status_code) == (206, 200)


def test_head_ignores_a_range(audio: str, client: httpx2.Client, site: Site) -> None:
    answer = client.head(audio, headers={"Range": "bytes=0-1"})

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(site.mp3))
