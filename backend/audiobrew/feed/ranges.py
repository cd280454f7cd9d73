"""Which part of a file is asked for (RFC 9110, 14): one range, or the whole."""

import re
from http import HTTPStatus

from audiobrew.problems import Problem

ONE_RANGE = re.compile(r"bytes=([0-9]{0,4000})-([0-9]{0,4000})", re.IGNORECASE)


class RangeNotSatisfiable(Problem):
    """The audio ends before the part that was asked for."""

    type = "range-not-satisfiable"
    status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE

    def __init__(self, size: int) -> None:
        super().__init__()
        self.headers = {"Content-Range": f"bytes */{size}"}


def parse_range(header: str | None, size: int) -> range | None:
    """The bytes asked for, or None for the whole.

    Several ranges, other units and what is malformed ask for the whole, as the standard allows.
    Raises RangeNotSatisfiable.
    """
    found = ONE_RANGE.fullmatch(header.strip()) if header else None
    first, last = found.groups() if found else ("", "")
    if first and last and int(last) < int(first):
        return None
    if first:
        return _from(int(first), int(last) if last else size - 1, size)
    return _at_the_end(int(last), size) if last else None


def _from(first: int, last: int, size: int) -> range:
    if first >= size:
        raise RangeNotSatisfiable(size)
    return range(first, min(last + 1, size))


def _at_the_end(length: int, size: int) -> range:
    if not length or not size:
        raise RangeNotSatisfiable(size)
    return range(max(size - length, 0), size)
