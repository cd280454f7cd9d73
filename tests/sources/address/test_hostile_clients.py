"""Clients of the SMTP receiver that do what they should not."""

import asyncio
import logging
import socket
from contextlib import suppress

import pytest
from audiobrew.sources.address import smtp_session
from audiobrew.sources.address.smtp_receiver import Visitors

from tests.sources.address.conftest import MAX_MAIL, Post, read_reply
from tests.sources.world import a_newsletter

HELLO = b"EHLO roast.example\r\n"


def envelope(post: Post) -> tuple[bytes, bytes, bytes, bytes]:
    return (
        HELLO,
        b"MAIL FROM:<hello@roast.example>\r\n",
        f"RCPT TO:<{post.address}>\r\n".encode(),
        b"DATA\r\n",
    )


# Other servers take some of these for the end of a mail, and what follows for another mail.
ENDS = [
    b"\n.\n",
    b"\r\n.\n",
    b"\n.\r\n",
    b"\r.\r",
    b"\r.\r\n",
    b"\r\n.\r",
    b"\n\n.\r\n",
    b"\r\n\x00.\r\n",
]


@pytest.mark.parametrize("end", ENDS)
async def test_no_mail_is_smuggled_behind_another_one(post: Post, end: bytes) -> None:
    smuggled = b"MAIL FROM:<eve@bad.example>\r\nRCPT TO:<%b>\r\nDATA\r\n%b\r\n.\r\n" % (
        post.address.encode(),
        a_newsletter(2),
    )
    await post.send_bytes(*envelope(post), a_newsletter(1) + end + smuggled, b"QUIT\r\n")

    # Either nothing was accepted, or one mail in which everything is text.
    assert await post.subjects() in ([], ["Bridge 1"])


@pytest.mark.parametrize("line", [b"EHLO roast.example\n", b"EHLO a\nMAIL FROM:<a@b.example>\r\n"])
async def test_bare_line_feeds_in_commands_end_the_session(post: Post, line: bytes) -> None:
    assert b"\r\n521 " in await post.send_bytes(line)


async def test_a_bare_line_feed_in_a_mail_is_refused(post: Post) -> None:
    mail = a_newsletter(1).replace(b"It cost", b"It\ncost") + b"\r\n.\r\n"
    replies = await post.send_bytes(*envelope(post), mail)

    assert b"\r\n521 " in replies
    assert await post.subjects() == []


@pytest.mark.parametrize(
    "garbage",
    [
        b"GET / HTTP/1.1\r\nHost: mail.brew.example\r\n\r\n",
        HELLO + b"MAIL FROM:<a@b.example>\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200 + b"\r\n",
        b"\x00\xff" * 40_000,
        b"EHLO " + b"a" * 100_000,
        b"A" * 600 + b"\r\n" + b"NOOP\r\n" * 1000,
    ],
)
async def test_garbage_and_pipelining_end_the_session(post: Post, garbage: bytes) -> None:
    replies = await asyncio.wait_for(post.send_bytes(garbage, b"\r\nQUIT\r\n"), 60)

    assert len(replies.splitlines()) <= 4
    await post.send(a_newsletter(1))
    assert await post.subjects() == ["Bridge 1"]


async def test_commands_of_a_session_are_limited(post: Post) -> None:
    replies = await post.send_bytes(*[b"NOOP\r\n"] * 50)

    assert replies.count(b"250 ") == 20 and b"421 " in replies


async def test_strange_commands_are_answered(post: Post) -> None:
    commands = [
        *(b"MAIL FROM:<a@b.example>\r\n", HELLO, b"RCPT TO:<a@b.example>\r\n", b"DATA\r\n"),
        *(b"MAIL FROM:<\r\n", b"MAIL FROM:a@b.example\r\n", b"MAIL FROM:<@a,@b:c@d.example>\r\n"),
        *(b"MAIL FROM:<\xff@b.example>\r\n", b"MAIL FROM:<a@b.example> BODY=ODD\r\n"),
        *(b"VRFY ada\r\n", b"EXPN ada\r\n", b"AUTH PLAIN AGEAYg==\r\n", b"HELP\r\n"),
        b"QUIT\r\n",
    ]
    replies = (await post.send_bytes(*commands)).decode().splitlines()

    assert replies[-1].startswith("221 ")
    assert not any(reply.startswith(("235", "354", "421")) for reply in replies)


@pytest.mark.parametrize("piece", [b"no line ever ends ", b"\r\n", b"a line\r\n"])
async def test_a_mail_without_an_end_is_limited(post: Post, piece: bytes) -> None:
    receiver = post.receiver()

    def send_on() -> int:
        size = 0
        with socket.create_connection(("127.0.0.1", post.port), timeout=60) as connection:
            for line in envelope(post):
                read_reply(connection)
                connection.sendall(line)
            with suppress(ConnectionError):
                while size < 100 * MAX_MAIL:
                    connection.sendall(piece * 1000)
                    size += 1000 * len(piece)
        return size

    async with post.receiving(receiver):
        assert await asyncio.to_thread(send_on) < 100 * MAX_MAIL
        assert receiver.limits.memory.used == 0
    assert await post.subjects() == []


async def test_all_mails_that_are_received_at_once_have_a_budget(post: Post) -> None:
    receiver = post.receiver()
    receiver.limits.memory.max_bytes = 50_000
    async with post.receiving(receiver):
        replies = await post.send_bytes(*envelope(post), b"A line of a mail.\r\n" * 5000)
        assert b"421 4.3.2" in replies or replies.endswith(b"<CR><LF>.<CR><LF>\r\n")
        await post.send(a_newsletter(1))
        assert receiver.limits.memory.used == 0
    assert await post.subjects() == ["Bridge 1"]


async def test_a_client_that_says_nothing_is_left(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_session, "COMMAND_SECONDS", 0.2)
    async with post.receiving():
        replies = await asyncio.wait_for(post.send_bytes(), 30)

    assert replies.startswith(b"220 ")


async def test_a_thousand_connections_do_not_keep_others_out(post: Post) -> None:
    visitors = Visitors(max_all=20, max_per_network=10)
    async with post.receiving(post.receiver(visitors=visitors)):
        connections = [await asyncio.open_connection("127.0.0.1", post.port) for _ in range(1000)]
        greetings = [await reader.readline() for reader, _ in connections]
        assert sum(line.startswith(b"220 ") for line in greetings) == 10
        assert sum(line.startswith(b"421 ") for line in greetings) == 990
        for _, writer in connections:
            writer.close()
        while visitors.counts:
            await asyncio.sleep(0.01)
        await post.send(a_newsletter(1))

    assert await post.subjects() == ["Bridge 1"]


async def test_senders_behind_nat_are_not_limited_as_one_network(post: Post) -> None:
    for behind_nat, open_connections in ((False, 10), (True, 30)):
        async with post.receiving(post.receiver(behind_nat=behind_nat)):
            connections = [await asyncio.open_connection("127.0.0.1", post.port) for _ in range(30)]
            greetings = [await reader.readline() for reader, _ in connections]
            for _, writer in connections:
                writer.close()
        assert sum(line.startswith(b"220") for line in greetings) == open_connections


async def test_a_connection_that_breaks_in_a_mail_leaves_nothing(post: Post) -> None:
    def break_off() -> None:
        with socket.create_connection(("127.0.0.1", post.port), timeout=60) as connection:
            for line in envelope(post):
                read_reply(connection)
                connection.sendall(line)
            read_reply(connection)
            connection.sendall(a_newsletter(1))

    await asyncio.to_thread(break_off)
    await post.send(a_newsletter(2))

    assert await post.subjects() == ["Bridge 2"]


async def test_nothing_of_a_session_is_logged(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, logger="mail.log")
    await post.send(a_newsletter(1))
    await post.send_bytes(*envelope(post), b"garbage\n" * 10 + b"\r\n")
    await post.send_bytes(
        HELLO, b"MAIL FROM:<eve@bad.example>\r\n", b"RCPT TO:<who@where.example>\r\n", b"QUIT\r\n"
    )

    for secret in (post.address.partition("@")[0], "roast.example", "bad.example", "where.example"):
        assert secret not in caplog.text
