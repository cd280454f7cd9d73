"""Range requests: which part of a file is asked for (RFC 9110, section 14)."""

import re
from http import HTTPStatus

from audiobrew.problems import Problem

ONE_RANGE = re.compile(r"bytes=([0-9]{0,4000})-([0-9]{0,4000})", re.IGNORECASE)


class RangeNotSatisfiable(Problem):
    """The audio ends before the requested range. `Content-Range` has its size."""

    type = "range-not-satisfiable"
    status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE

    def __init__(self, size: int) -> None:
        super().__init__()
        self.headers = {"Content-Range": f"bytes */{size}"}


def parse_range(header: str | None, size: int) -> range | None:
    """The bytes that a Range header asks for, or None for the whole file.

    Several ranges, other units and malformed headers count as the whole file, as the standard allows.
    Raises RangeNotSatisfiable.
    """
    match = ONE_RANGE.fullmatch(header.strip()) if header else None
    first, last = match.groups() if match else ("", "")
    if first and last and int(last) < int(first):
        return None
    if first:
        if int(first) >= size:
            raise RangeNotSatisfiable(size)
        return range(int(first), min(int(last) + 1 if last else size, size))
    if last:  # that many bytes at the end
        length = int(last)
        if not length or not size:
            raise RangeNotSatisfiable(size)
        return range(max(size - length, 0), size)
    return None
