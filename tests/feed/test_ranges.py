import pytest
from audiobrew.feed.ranges import RangeNotSatisfiable, parse_range


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", range(1)),
        ("bytes=0-", range(100)),
        ("bytes=10-19", range(10, 20)),
        ("bytes=90-1000", range(90, 100)),
        ("bytes=99-", range(99, 100)),
        ("bytes=-1", range(99, 100)),
        ("bytes=-1000", range(100)),
        ("Bytes=10-19", range(10, 20)),
        (" bytes=0-1 ", range(2)),
        ("bytes=0-" + "9" * 4000, range(100)),
    ],
)
def test_one_range_is_parsed(header: str, part: range) -> None:
    assert parse_range(header, 100) == part


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5-2",
        "bytes=200-150",
        "bytes=a-b",
        "bytes=0-1,5-6",
        "bytes=0-1, 5-",
        "bytes=-5-",
        "bytes=--5",
        "bytes=+1-2",
        "bytes=1.0-2",
        "bytes=٠-١",
        "items=0-1",
        "0-1",
        "bytes=" + "9" * 5000 + "-",
    ],
)
def test_several_or_malformed_ranges_mean_the_whole_file(header: str | None) -> None:
    assert parse_range(header, 100) is None


@pytest.mark.parametrize(
    "header", ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=" + "9" * 30 + "-"]
)
def test_a_range_past_the_end_is_refused_with_the_size(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable) as refused:
        parse_range(header, 100)

    assert refused.value.headers == {"Content-Range": "bytes */100"}


def test_an_empty_file_satisfies_no_range() -> None:
    with pytest.raises(RangeNotSatisfiable):
        parse_range("bytes=0-", 0)
    with pytest.raises(RangeNotSatisfiable):
        parse_range("bytes=-1", 0)
