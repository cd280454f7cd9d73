"""Strangers and one bad listener: large bodies, forged tokens, hostile mails, storms of orders, slow clients.

Each is to be refused, or taken, in the way that is named; any other answer is a failure.
"""

import os
import socket
from collections.abc import Callable
from random import Random
from urllib.parse import urlsplit
from uuid import uuid4

import gevent
from locust import FastHttpUser, constant_throughput, task
from user_pool import abuser, headers

from tests.mail.test_linear_time import SHAPES

RATE = float(os.environ.get("LOAD_ABUSE_RATE", "0.5"))
DRAWS = Random(50)  # noqa: S311
ORDERS = 50
UPLOAD_BYTES = 25 * 2**20
# Longer than the service waits for a head and for a small body.
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
        self.who = abuser()
        self.own = headers(self.who)

    def ask(self, name: str, expected: set[int], method: str, path: str, **more: object) -> object:
        """Status 0 is a connection that the service closed in the middle of too large a body."""
        name = f"abuse: {name}"
        with self.client.request(
            method, path, name=name, catch_response=True, allow_redirects=False, **more
        ) as answer:
            if answer.status_code in expected:
                answer.success()
            else:
                answer.failure(f"{answer.status_code}: {(answer.text or '')[:150]}")
            return answer

    @task(4)
    def forges_tokens(self) -> None:
        forged = DRAWS.choice(TOKENS)(self.who["token"])
        own = {"Authorization": f"Bearer {forged}"}
        self.ask("a forged token", {401}, "GET", "/api/podcast/list", headers=own)
        order = {"email_ids": self.who["mails"], "minutes": 5}
        self.ask("a forged order", {401}, "POST", "/api/podcast/generate", headers=own, json=order)
        self.ask("a forged feed", {404}, "GET", f"/feed/{uuid4()}{uuid4()}/rss.xml")

    @task(2)
    def sends_large_bodies(self) -> None:
        large = b'{"minutes": 5, "x": "' + b"x" * 2**20 + b'"}'
        typed = {"Content-Type": "application/json"}
        path = "/api/podcast/quote"
        self.ask("1 MB of JSON", {413}, "POST", path, data=large, headers=self.own | typed)
        self.ask("1 MB of nobody", {401}, "POST", path, data=large, headers=typed)

    @task(1)
    def sends_a_large_upload(self) -> None:
        self.upload("27 MB", b"x" * (UPLOAD_BYTES + 2 * 2**20), {413})

    @task(6)
    def sends_a_hostile_mail(self) -> None:
        """Each once, and deleted again if it could be read."""
        shape = DRAWS.choice([*SHAPES])
        size = DRAWS.choice([1_000, 1_000, 300_000, 300_000, 10_000_000])
        mail = f"X-Number: {uuid4()}\n".encode() + SHAPES[shape](size)[: 10 * 2**20 - 100]
        answer = self.upload("a hostile mail", mail, {201, 413, 422, 429})
        if answer.status_code == 201:
            for mail in answer.json()["mails"]:
                self.delete(f"/api/mail/{mail['id']}")

    def upload(self, name: str, mail: bytes, expected: set[int]) -> object:
        edge = uuid4().hex
        begin = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.eml"\r\n\r\n'
        body = begin.encode() + mail + f"\r\n--{edge}--\r\n".encode()
        typed = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self.ask(name, expected, "POST", "/api/mail", data=body, headers=self.own | typed)

    def delete(self, path: str) -> None:
        self.ask("a deletion", {204, 404}, "DELETE", path, headers=self.own)

    @task(1)
    def orders_fifty_times_at_once(self) -> None:
        """As many as may be open are taken; all are cancelled and deleted."""
        order = {"email_ids": self.who["mails"][:1], "minutes": 1}
        path, name = "/api/podcast/generate", "one of fifty orders"
        asked = [
            gevent.spawn(self.ask, name, {202, 429}, "POST", path, json=order, headers=self.own)
            for _ in range(ORDERS)
        ]
        for one in gevent.joinall(asked):
            if one.value is not None and one.value.status_code == 202:
                self.delete(f"/api/podcast/{one.value.json()['id']}")

    @task(1)
    def leaves_streams(self) -> None:
        """Of events and of audio, after the first bytes or before them."""
        for path in ("/api/podcast/events", self.who["feed"].replace("rss.xml", "x.mp3")):
            head = self.head("GET", urlsplit(path).path)
            with self.connected() as connection:
                connection.sendall(head + b"\r\n")
                if DRAWS.random() < 0.5:
                    connection.recv(100)

    @task(1)
    def sends_slowly(self) -> None:
        """A body, or only a head, a byte a second: the service ends it."""
        begun = DRAWS.choice(
            [
                self.head("POST", "/api/podcast/quote") + b"Content-Length: 1000\r\n\r\n",
                b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ",
            ]
        )
        self.ends(begun, "a slow client")

    def ends(self, begun: bytes, name: str) -> None:
        failure: Exception | None = TimeoutError("the service still waits")
        with self.connected() as connection:
            connection.sendall(begun)
            for _ in range(PATIENCE_SECONDS):
                try:
                    connection.settimeout(1)
                    connection.sendall(b" ")
                    if connection.recv(1000) is not None:  # an answer, or the end
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
        own = [f"{name}: {value}" for name, value in self.own.items()]
        return "".join(f"{line}\r\n" for line in [*lines, *own]).encode()

    def connected(self) -> socket.socket:
        told = urlsplit(self.host)
        return socket.create_connection((told.hostname, told.port), timeout=PATIENCE_SECONDS)
