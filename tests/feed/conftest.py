from collections.abc import Iterator

import httpx2
import pytest

from tests.feed.site import Site, serving


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="module")
def owner(site: Site) -> Iterator[httpx2.Client]:
    with site.client("owner") as client:
        yield client


@pytest.fixture(scope="module")
def second(site: Site) -> Iterator[httpx2.Client]:
    with site.client("second") as client:
        yield client


@pytest.fixture(scope="module")
def anonymous(site: Site) -> Iterator[httpx2.Client]:
    with site.client() as client:
        yield client


@pytest.fixture
def feed(owner: httpx2.Client) -> str:
    """The URL of a new feed of the owner, without its `/rss.xml`."""
    token = owner.post("/api/feed/tokens", json={"name": "Phone"}).json()
    return str(token["url"]).removesuffix("/rss.xml")
