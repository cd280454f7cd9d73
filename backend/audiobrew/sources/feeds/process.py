"""The process in which feeds and pages of strangers are parsed. `feed_parser.py` starts and ends it.

It reads frames from its standard input, each a line of JSON and then the body of a response, and answers each
with a frame of JSON.
"""

import json
import resource
import sys
from dataclasses import asdict
from typing import Any

from audiobrew.ops.child_process import answer_frames
from audiobrew.sources.feeds.feed import find_feed_links, parse_feed
from audiobrew.sources.feeds.problems import NotAFeed

# Of addresses, on Linux. A feed has 5 MB at most.
MAX_MEMORY_BYTES = 1024 * 2**20
MAX_OPEN_FILES = 32


def serve() -> None:
    """Parse until standard input ends."""
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MAX_OPEN_FILES, MAX_OPEN_FILES))
    answer_frames(lambda request: encode(answer(request)))


def answer(request: bytes) -> dict[str, Any]:
    """The feed, or the links to feeds of a page."""
    line, _, body = request.partition(b"\n")
    head = json.loads(line)
    if head["wants"] == "links":
        return {"links": list(find_feed_links(body, head["url"]))}
    try:
        return {"feed": asdict(parse_feed(body, head["headers"], head["url"]))}
    except NotAFeed:
        return {"feed": None}


def encode(content: dict[str, Any]) -> bytes:
    """JSON, with times as ISO 8601."""
    text = json.dumps(content, ensure_ascii=False, default=lambda time: time.isoformat())
    return text.encode("utf-8", "surrogatepass")
