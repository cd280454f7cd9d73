"""A mail server that does not do what it should, for one connection after another."""

import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MAIL = (
    b"From: A <a@news.example>\r\nList-Id: <news.example>\r\nSubject: One\r\n\r\nHello there.\r\n"
)


@dataclass
class LyingServer:
    """`lies`: which of `hang`, `no-starttls`, `huge`, `drop`, `garbage`, `nothing`, `flood` and `no-goodbye`
    it does.

    `huge` and `drop` concern the mail with the UID `poison`, which has `size` bytes. `following` is the
    UIDNEXT that it claims. `received` is all that clients sent.
    """

    lies: frozenset[str]
    mails: int = 3
    poison: int = 2
    size: int = len(MAIL)
    port: int = 0
    following: int = 0
    flooded: int = 0
    # With `cert.pem` and `key.pem`, for TLS.
    folder: Path | None = None
    received: list[bytes] = field(default_factory=list)


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        lying: LyingServer = self.server.lying  # type: ignore[attr-defined]
        try:
            self.talk(lying)
        except (OSError, ValueError):
            return

    def talk(self, lying: LyingServer) -> None:
        if "nothing" in lying.lies:
            self.rfile.read(1)
            return
        self.send(b"* OK ready")
        while line := self.rfile.readline(100_000):
            lying.received.append(line)
            tag, command, *rest = line.split(None, 2)
            command = command.upper()
            if command == b"CAPABILITY":
                starttls = b"" if "no-starttls" in lying.lies else b" STARTTLS"
                self.send(b"* CAPABILITY IMAP4rev1" + starttls)
            if command == b"LOGIN" and "hang" in lying.lies:
                self.rfile.read(1)
                return
            self.misbehave(command, lying)
            if command == b"LIST":
                self.send(b'* LIST (\\HasNoChildren) "/" INBOX')
            if command in (b"SELECT", b"EXAMINE"):
                self.send(b"* %d EXISTS" % lying.mails)
                self.send(b"* OK [UIDVALIDITY 7] ok")
                self.send(b"* OK [UIDNEXT %d] ok" % (lying.following or lying.mails + 1))
            if command == b"UID":
                self.answer_uid(rest[0], lying)
            self.send(tag + b" OK done")
            if command == b"LOGOUT":
                return

    def misbehave(self, command: bytes, lying: LyingServer) -> None:
        if command == b"LIST" and "flood" in lying.lies:
            for number in range(300):
                lying.flooded = number
                self.send(b'* LIST () "/" {1000000}')
                self.send(b"x" * 1_000_000)
        while command == b"LOGOUT" and "no-goodbye" in lying.lies:
            self.send(b"* OK wait")
            time.sleep(0.3)

    def answer_uid(self, arguments: bytes, lying: LyingServer) -> None:
        numbers = range(1, lying.mails + 1)
        if arguments.upper().startswith(b"SEARCH"):
            if "garbage" in lying.lies:
                self.wfile.write(b"\x00\xff" * 5000 + b"\r\n")
            first, _, last = arguments.split()[-1].partition(b":")
            end = lying.mails if last == b"*" else int(last or first)
            found = [b"%d" % n for n in numbers if int(first) <= n <= end]
            self.send(b"* SEARCH " + b" ".join(found))
            return
        chosen = [int(n) for n in arguments.split()[1].split(b",")]
        for number in chosen:
            if b"RFC822.SIZE" in arguments.upper():
                size = lying.size if number == lying.poison else len(MAIL)
                self.send(b"* %d FETCH (UID %d RFC822.SIZE %d)" % (number, number, size))
                continue
            if number == lying.poison and "huge" in lying.lies:
                self.send(b"* %d FETCH (UID %d BODY[] {5000000000}" % (number, number))
                for _ in range(1000):
                    self.wfile.write(b"x" * 65_536)
            if number == lying.poison and "drop" in lying.lies:
                self.send(b"* %d FETCH (UID %d BODY[] {500}" % (number, number))
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            mail = MAIL.replace(b"One", b"Issue %d" % number)
            head = b"* %d FETCH (UID %d BODY[] {%d}\r\n" % (number, number, len(mail))
            self.wfile.write(head + mail + b")\r\n")

    def send(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False


@contextmanager
def lying_server(*lies: str, **more: Any) -> Iterator[LyingServer]:
    lying = LyingServer(frozenset(lies), **more)
    with _Server(("127.0.0.1", 0), _Handler) as server:
        if lying.folder:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(lying.folder / "cert.pem", lying.folder / "key.pem")
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        server.lying = lying  # type: ignore[attr-defined]
        lying.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield lying
        finally:
            server.shutdown()
            thread.join()
