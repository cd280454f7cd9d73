"""Abuse by strangers and listeners: large bodies, forged tokens, hostile mails, many orders, slow clients.

Each request names the statuses that it may get; any other answer is a failure.
"""

import os
import socket
from collections.abc import Callable
from random import Random
from urllib.parse import urlsplit
from uuid import uuid4

import gevent
from locust import FastHttpUser, constant_throughput, task
from user_pool import auth_headers, next_abuser

from tests.mail.test_linear_time import SHAPES

RATE = float(os.environ.get("LOAD_ABUSE_RATE", "0.5"))
DRAWS = Random(50)  # noqa: S311
ORDERS = 50
UPLOAD_BYTES = 25 * 2**20
# Longer than the service waits for the head of a request and for a small body.
PATIENCE_SECONDS = 60
TOKENS: list[Callable[[str], str]] = [
    lambda token: token[:-6] + "AAAAAA",
    lambda token: "eyJhbGciOiJub25lIn0." + token.split(".")[1] + ".",
    lambda token: token.split(".")[0] + "." + "A" * 4000,
    lambda _: "\u00e9".encode().hex(),
    lambda _: str(uuid4()),
]


class Abuser(FastHttpUser):
    weight = 3
    wait_time = constant_throughput(RATE)

    def on_start(self) -> None:
        self.person = next_abuser()
        self.headers = auth_headers(self.person)

    def send(self, name: str, statuses: set[int], method: str, path: str, **more: object) -> object:
        """Status 0 is a connection that the service closed while it received a body that is too large."""
        name = f"abuse: {name}"
        with self.client.request(
            method, path, name=name, catch_response=True, allow_redirects=False, **more
        ) as response:
            if response.status_code in statuses:
                response.success()
            else:
                response.failure(f"{response.status_code}: {(response.text or '')[:150]}")
            return response

    @task(4)
    def forge_tokens(self) -> None:
        token = DRAWS.choice(TOKENS)(self.person["token"])
        headers = {"Authorization": f"Bearer {token}"}
        self.send("a forged token", {401}, "GET", "/api/podcast/list", headers=headers)
        order = {"email_ids": self.person["mails"], "minutes": 5}
        self.send(
            "a forged order", {401}, "POST", "/api/podcast/generate", headers=headers, json=order
        )
        self.send("a forged feed", {404}, "GET", f"/feed/{uuid4()}{uuid4()}/rss.xml")

    @task(2)
    def send_large_bodies(self) -> None:
        large = b'{"minutes": 5, "x": "' + b"x" * 2**20 + b'"}'
        content_type = {"Content-Type": "application/json"}
        path = "/api/podcast/quote"
        self.send(
            "1 MB of JSON", {413}, "POST", path, data=large, headers=self.headers | content_type
        )
        self.send("1 MB without a token", {401}, "POST", path, data=large, headers=content_type)

    @task(1)
    def send_large_upload(self) -> None:
        self.upload("27 MB", b"x" * (UPLOAD_BYTES + 2 * 2**20), {413})

    @task(6)
    def send_hostile_mail(self) -> None:
        """Upload a mail that is different each time, and delete it again if it could be read."""
        shape = DRAWS.choice([*SHAPES])
        size = DRAWS.choice([1_000, 1_000, 300_000, 300_000, 10_000_000])
        mail = f"X-Number: {uuid4()}\n".encode() + SHAPES[shape](size)[: 10 * 2**20 - 100]
        response = self.upload("a hostile mail", mail, {201, 413, 422, 429})
        if response.status_code == 201:
            for mail in response.json()["mails"]:
                self.delete(f"/api/mail/{mail['id']}")

    def upload(self, name: str, mail: bytes, statuses: set[int]) -> object:
        edge = uuid4().hex
        begin = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.eml"\r\n\r\n'
        body = begin.encode() + mail + f"\r\n--{edge}--\r\n".encode()
        content_type = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self.send(
            name, statuses, "POST", "/api/mail", data=body, headers=self.headers | content_type
        )

    def delete(self, path: str) -> None:
        self.send("a deletion", {204, 404}, "DELETE", path, headers=self.headers)

    @task(1)
    def order_fifty_times(self) -> None:
        """Order until the limit of open episodes refuses more, and delete all of them."""
        order = {"email_ids": self.person["mails"][:1], "minutes": 1}
        path, name = "/api/podcast/generate", "one of fifty orders"
        requests = [
            gevent.spawn(
                self.send, name, {202, 429}, "POST", path, json=order, headers=self.headers
            )
            for _ in range(ORDERS)
        ]
        for request in gevent.joinall(requests):
            if request.value is not None and request.value.status_code == 202:
                self.delete(f"/api/podcast/{request.value.json()['id']}")

    @task(1)
    def leave_streams(self) -> None:
        """Leave streams of events and of audio, before the first bytes or after them."""
        for path in ("/api/podcast/events", self.person["feed"].replace("rss.xml", "x.mp3")):
            head = self.head("GET", urlsplit(path).path)
            with self.connect() as connection:
                connection.sendall(head + b"\r\n")
                if DRAWS.random() < 0.5:
                    connection.recv(100)

    @task(1)
    def send_slowly(self) -> None:
        """Send a body, or only a head, at one byte a second, until the service ends the connection."""
        start = DRAWS.choice(
            [
                self.head("POST", "/api/podcast/quote") + b"Content-Length: 1000\r\n\r\n",
                b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ",
            ]
        )
        self.expect_end(start, "a slow client")

    def expect_end(self, start: bytes, name: str) -> None:
        failure: Exception | None = TimeoutError("the service still waits")
        with self.connect() as connection:
            connection.sendall(start)
            for _ in range(PATIENCE_SECONDS):
                try:
                    connection.settimeout(1)
                    connection.sendall(b" ")
                    if connection.recv(1000) is not None:  # an answer, or the end of the connection
                        failure = None
                        break
                except TimeoutError:
                    continue
                except OSError:
                    failure = None
                    break
        self.environment.events.request.fire(
            request_type="SLOW",
            name=f"abuse: {name}",
            response_time=0,
            response_length=0,
            exception=failure,
        )

    def head(self, method: str, path: str) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
        headers = [f"{name}: {value}" for name, value in self.headers.items()]
        return "".join(f"{line}\r\n" for line in [*lines, *headers]).encode()

    def connect(self) -> socket.socket:
        address = urlsplit(self.host)
        return socket.create_connection((address.hostname, address.port), timeout=PATIENCE_SECONDS)
