"""A client that follows all its episodes, in its own thread."""

import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from time import monotonic, sleep
from typing import Any

import httpx2

Event = dict[str, Any]


class Stream:
    """`events` grows until the stream ends or is closed; `status` is the HTTP status."""

    def __init__(self, client: httpx2.Client, path: str = "/api/podcast/events") -> None:
        self.events: list[Event] = []
        self.status = 0
        self.headers: httpx2.Headers = httpx2.Headers()
        self.ended = threading.Event()
        self._stop = threading.Event()
        self._path = path
        self._headers = {"Authorization": client.headers["Authorization"]}
        self._connection = HTTPConnection(client.base_url.netloc.decode(), timeout=40)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        with suppress(OSError, AttributeError):  # it may have ended by itself
            self._connection.sock.shutdown(socket.SHUT_RDWR)  # a reader wakes at once
        self._thread.join(20)

    def until(self, matches: Callable[[Event], bool], within: float = 60) -> Event:
        """The first event of which this holds."""
        deadline = monotonic() + within
        while not (hits := [event for event in list(self.events) if matches(event)]):
            assert monotonic() < deadline, self.events
            assert not self.ended.is_set(), (self.status, self.events)
            sleep(0.02)
        return hits[0]

    def of(self, id: str) -> list[Event]:
        return [event for event in self.events if event.get("podcast_id") == id]

    def snapshot(self) -> Event:
        return self.until(lambda event: event["event"] == "snapshot")

    def _read(self) -> None:
        try:
            self._connection.request("GET", self._path, headers=self._headers)
            answer = self._connection.getresponse()
            self.status, self.headers = answer.status, httpx2.Headers(answer.getheaders())
            for line in answer:
                if line.startswith(b"data: "):
                    self.events.append(json.loads(line[6:]))
        except (OSError, HTTPException):
            if not self._stop.is_set():
                raise
        finally:
            self._connection.close()
            self.ended.set()
