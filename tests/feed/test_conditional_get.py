from datetime import UTC, datetime

import pytest
from audiobrew.feed.conditional_get import DocumentVersion

NOON = DocumentVersion('"abc"', datetime(2026, 11, 23, 12, 0, 0, 700_000, tzinfo=UTC))
AT_NOON = "Mon, 23 Nov 2026 12:00:00 GMT"
EARLIER = "Mon, 23 Nov 2026 11:59:59 GMT"


def test_a_version_is_described_by_etag_and_last_modified() -> None:
    assert NOON.headers == {"ETag": '"abc"', "Last-Modified": AT_NOON}
    assert DocumentVersion('"abc"').headers == {"ETag": '"abc"'}


@pytest.mark.parametrize(
    "headers",
    [
        {"if-none-match": '"abc"'},
        {"if-none-match": 'W/"abc"'},
        {"if-none-match": '"x", W/"abc" , "y"'},
        {"if-none-match": "*"},
        {"if-none-match": '"abc"', "if-modified-since": EARLIER},
        {"if-modified-since": AT_NOON},
        {"if-modified-since": "Tue, 24 Nov 2026 12:00:00 GMT"},
        {"if-modified-since": "Monday, 23-Nov-26 12:00:00 GMT"},
    ],
)
def test_a_client_with_this_version_matches(headers: dict[str, str]) -> None:
    assert NOON.matches(headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"if-none-match": '"abcd"'},
        {"if-none-match": "abc"},
        {"if-none-match": ""},
        {"if-none-match": '"old"', "if-modified-since": AT_NOON},
        {"if-modified-since": EARLIER},
        {"if-modified-since": "yesterday"},
        {"if-modified-since": ""},
        {"if-modified-since": "Mon, 23 Nov 2026 12:00:00"},
        {"if-modified-since": "Mon, 99 Nov 2026 12:00:00 GMT"},
    ],
)
def test_a_client_with_another_version_does_not_match(headers: dict[str, str]) -> None:
    assert not NOON.matches(headers)


def test_without_a_modification_time_only_the_etag_matches() -> None:
    assert not DocumentVersion('"abc"').matches({"if-modified-since": AT_NOON})


@pytest.mark.parametrize("etag", [None, '"abc"', AT_NOON])
def test_if_range_matches_the_same_version(etag: str | None) -> None:
    assert NOON.matches_if_range(etag)


@pytest.mark.parametrize("etag", ['"old"', 'W/"abc"', EARLIER, "", "yesterday"])
def test_if_range_does_not_match_another_version(etag: str) -> None:
    assert not NOON.matches_if_range(etag)
