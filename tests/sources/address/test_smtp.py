"""Mails that arrive by SMTP, with the client of the standard library."""

import asyncio
import shutil
import smtplib
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from audiobrew.account.listener_store import ListenerStore
from audiobrew.db.engine import DatabaseBusy
from audiobrew.http.rate_limit import TokenBuckets
from audiobrew.inbox.store import MailStore
from audiobrew.mail.parsing.parser import ParserUnavailable
from audiobrew.sources.address.smtp_receiver import Certificate, Visitors
from audiobrew.sources.source import SourceState

from tests.listeners import add_listener
from tests.sources.address.conftest import DOMAIN, MAX_MAIL, Post
from tests.sources.world import a_letter, a_newsletter


async def test_a_mail_is_stored_before_it_is_accepted(post: Post) -> None:
    assert await post.send(a_newsletter(1)) == {}

    assert await post.subjects() == ["Bridge 1"]
    source = await post.current()
    assert (source.state, source.mails) == (SourceState.UP_TO_DATE, 1)


async def test_every_mail_to_an_own_address_is_a_newsletter(post: Post) -> None:
    await post.send(a_letter(2))

    [mail] = await post.mails.list(post.listener, 10, None)
    assert mail.newsletter.bulk and mail.is_new


async def test_the_case_of_an_address_does_not_matter(post: Post) -> None:
    await post.send(a_newsletter(1), post.address.upper())

    assert await post.subjects() == ["Bridge 1"]


async def test_a_mail_that_comes_twice_is_one(post: Post) -> None:
    await post.send(a_newsletter(1))
    await post.send(a_newsletter(1))

    assert await post.subjects() == ["Bridge 1"]
    assert (await post.current()).mails == 1


async def test_lines_that_begin_with_a_dot_and_long_lines_arrive_whole(post: Post) -> None:
    long_line = b"The council " + b"says again and again that " * 100 + b"it is open."
    mail = a_newsletter(1).replace(b"It cost", b".Net cost") + b"\r\n" + long_line + b"\r\n"
    await post.send(mail)

    [mail_row] = await post.mails.list(post.listener, 10, None)
    texts = [
        block.text for block in (await post.mails.get(post.listener, mail_row.id)).newsletter.blocks
    ]
    assert any(text.startswith(".Net cost") for text in texts)
    assert any(text.endswith("it is open.") for text in texts)


async def test_one_mail_to_two_listeners_is_stored_for_both(post: Post) -> None:
    second = await add_listener(ListenerStore(post.engine))
    _, other_address = await post.add_address(second)
    await post.send(a_newsletter(1), post.address, other_address, other_address)

    assert await post.subjects() == await post.subjects(second) == ["Bridge 1"]


@pytest.mark.parametrize(
    ("recipient", "code"),
    [
        (f"nobody@{DOMAIN}", b"5.1.1"),
        (f"newsletters.{'a' * 20}@{DOMAIN}", b"5.1.1"),
        ("ada@elsewhere.example", b"5.7.1"),
        (f"ada%elsewhere.example@{DOMAIN}", b"5.1.1"),
        (f'"ada@elsewhere.example"@{DOMAIN}', b"5.1.1"),
        (f"ada@elsewhere.example@{DOMAIN}", b"5.1.1"),
        ("postmaster", b"5.7.1"),
    ],
)
async def test_unknown_recipients_and_relaying_are_refused(
    post: Post, recipient: str, code: bytes
) -> None:
    def say(client: smtplib.SMTP) -> tuple[int, bytes]:
        client.ehlo()
        client.mail("hello@roast.example")
        return client.docmd("RCPT", f"TO:<{recipient}>")

    reply, text = await post.talk(say)

    assert reply == 550 and text.startswith(code)
    assert await post.subjects() == []


async def test_an_address_that_was_removed_or_replaced_is_unknown(post: Post) -> None:
    second, address = await post.add_address(post.listener, "Second")
    await post.store.replace_address(post.listener, post.source.id, "new.address")
    await post.store.remove(post.listener, second.id)
    for recipient in (post.address, address):
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            await post.send(a_newsletter(1), recipient)

    await post.send(a_newsletter(2), f"new.address@{DOMAIN}")
    assert await post.subjects() == ["Bridge 2"]


async def test_an_address_that_is_removed_while_a_mail_arrives_is_unknown(post: Post) -> None:
    def say(client: smtplib.SMTP) -> None:
        client.ehlo()
        client.mail("hello@roast.example")
        client.rcpt(post.address)
        future = asyncio.run_coroutine_threadsafe(
            post.store.remove(post.listener, post.source.id), loop
        )
        future.result(60)
        assert client.data(a_newsletter(1))[0] == 550

    loop = asyncio.get_running_loop()
    await post.talk(say)
    assert await post.subjects() == []


async def test_a_mail_from_nobody_is_accepted(post: Post) -> None:
    await post.talk(lambda client: client.sendmail("", [post.address], a_newsletter(1)))

    assert await post.subjects() == ["Bridge 1"]


async def test_a_full_inbox_is_said_and_seen(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post.mails, "max_mails", 0)
    with pytest.raises(smtplib.SMTPDataError) as error:
        await post.send(a_newsletter(1))

    assert error.value.smtp_code == 552
    source = await post.current()
    assert (source.state, source.trouble_type) == (SourceState.TROUBLE, "/problems/inbox-full")

    monkeypatch.setattr(post.mails, "max_mails", 10)
    await post.send(a_newsletter(1))
    assert (await post.current()).trouble is None


@pytest.mark.parametrize("problem", [DatabaseBusy, ParserUnavailable])
async def test_a_mail_that_cannot_be_stored_now_comes_again(
    post: Post, monkeypatch: pytest.MonkeyPatch, problem: type[Exception]
) -> None:
    async def fail(*_: object) -> None:
        raise problem

    with monkeypatch.context() as patch:
        patch.setattr(MailStore, "prepare", fail)
        with pytest.raises(smtplib.SMTPDataError) as error:
            await post.send(a_newsletter(1))

    assert error.value.smtp_code == 451
    await post.send(a_newsletter(1))
    assert await post.subjects() == ["Bridge 1"]


async def test_the_size_limit_is_announced_and_held(post: Post) -> None:
    def say(client: smtplib.SMTP) -> tuple[str, int, int]:
        client.ehlo()
        announced, _ = client.mail("hello@roast.example", [f"SIZE={MAX_MAIL + 1}"])
        client.mail("hello@roast.example")
        client.rcpt(post.address)
        large, _ = client.data(a_newsletter(1) + b"An island. \r\n" * (MAX_MAIL // 10))
        client.sendmail("hello@roast.example", [post.address], a_newsletter(2))
        return client.esmtp_features["size"], announced, large

    assert await post.talk(say) == (str(MAX_MAIL), 552, 552)
    assert await post.subjects() == ["Bridge 2"]


def make_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", f"/CN={name}", "-out", str(certificate), "-keyout", str(key)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")
async def test_starttls_and_a_renewed_certificate(post: Post, tmp_path: Path) -> None:
    files = make_certificate(tmp_path, "first.example")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    def say(client: smtplib.SMTP) -> bytes:
        client.starttls(context=context)
        client.sendmail("hello@roast.example", [post.address], a_newsletter(1))
        assert "auth" not in client.esmtp_features
        assert isinstance(client.sock, ssl.SSLSocket)
        return client.sock.getpeercert(binary_form=True) or b""

    async with post.receiving(post.receiver(certificate=Certificate(*files))):
        first = await post.talk(say)
        make_certificate(tmp_path, "second.example")
        second = await post.talk(say)

    assert await post.subjects() == ["Bridge 1"]
    assert b"first.example" in first and b"second.example" in second


async def test_without_a_certificate_starttls_is_not_offered(post: Post, tmp_path: Path) -> None:
    certificate = Certificate(tmp_path / "none.pem", tmp_path / "none.key")
    async with post.receiving(post.receiver(certificate=certificate)):
        await post.talk(lambda client: client.ehlo() and client.has_extn("starttls"))
        await post.send(a_newsletter(1))

    assert await post.subjects() == ["Bridge 1"]


async def test_a_flood_of_one_network_is_delayed(post: Post) -> None:
    floods = TokenBuckets(60, size=3)

    def say(client: smtplib.SMTP) -> list[int]:
        client.ehlo()
        codes = []
        for _ in range(4):
            codes.append(client.mail("hello@roast.example")[0])
            client.rset()
        return codes

    async with post.receiving(post.receiver(floods=floods)):
        assert await post.talk(say) == [250, 250, 250, 451]


async def test_guessing_addresses_ends_the_session_and_is_slow(post: Post) -> None:
    def say(client: smtplib.SMTP) -> list[int]:
        client.ehlo()
        client.mail("hello@roast.example")
        return [client.rcpt(f"guess{number}@{DOMAIN}")[0] for number in range(10)]

    async with post.receiving(post.receiver(floods=TokenBuckets(60, size=20))):
        assert await post.talk(say) == [550] * 9 + [421]
        codes = await post.talk(lambda client: (client.ehlo(), client.mail("a@b.example"))[1][0])
        assert codes == 451


Say = Callable[[smtplib.SMTP], object]


async def test_swaks_delivers(post: Post) -> None:
    swaks = shutil.which("swaks")
    if not swaks:
        pytest.skip("swaks is not installed")
    command = [swaks, "--server", "127.0.0.1", "--port", str(post.port), "--to", post.address]
    command += ["--from", "hello@roast.example", "--data", "-", "--helo", "roast.example"]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    output, _ = await process.communicate(a_newsletter(1))

    assert process.returncode == 0, output
    assert await post.subjects() == ["Bridge 1"]


async def test_visitors_leave(post: Post) -> None:
    visitors = Visitors(max_all=2, max_per_network=2)
    async with post.receiving(post.receiver(visitors=visitors)):
        for number in range(5):
            await post.send(a_newsletter(number))

        while visitors.counts:
            await asyncio.sleep(0.01)
