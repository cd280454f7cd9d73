"""Any bytes are read into a newsletter or refused with a problem; nothing else is raised."""

from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.reader import read_mail
from audiobrew.problems import Problem
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# Pieces of mails, which the tests join in any order.
PIECES = [
    b"From: a@b.example\n",
    b"From: =?utf-8?b?4pyT?= <a@b>\n",
    b"Date: x\n",
    b"Date: Mon, 2 Nov 2026 08:00:00 +0100\n",
    b"Date: 1 Jan 0001 00:00:00 +2359\n",
    b"Subject: =?x?q?=ZZ?=\n",
    b"List-Id: <l>\n",
    b"MIME-Version: 1.0\n",
    b"Content-Type: multipart/alternative; boundary=b\n",
    b'Content-Type: text/html; charset="utf-7\n',
    b"Content-Type: text/html; charset*0*=''%FF; charset*1=8\n",
    b"Content-Type: text/plain; format=flowed; delsp=yes\n",
    b"Content-Type: message/rfc822\n",
    b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: quoted-printable\n",
    b"Content-Transfer-Encoding: x-uuencode\n",
    b"Content-Disposition: attachment; filename*=x'y'%00\n",
    b"\n",
    b"\r",
    b"--b\n",
    b"--b--\n",
    b"=3",
    b"=\n",
    b"<table><tr><td>a<td>",
    b"</table>",
    b"<p style='font-size:0",
    b"<a href=https://x>",
    b"<style>.x{display:none}",
    b"</style>",
    b"<!--",
    b"-->",
    b"<br>",
    b"[1] https://x.example\n",
    b"> q\n",
    b"- item\n",
    b"====\n",
    b"\xff\xfe",
    b"\0",
    b"Sponsored by X\n",
    b"unsubscribe\n",
    "\u00a9 2026 \u202e".encode(),
]


def check_read_or_refused(raw: bytes) -> None:
    try:
        newsletter = read_mail(raw, limits=Limits())
    except Problem as problem:
        assert str(problem).endswith(".")
    else:
        assert isinstance(newsletter, Newsletter)
        assert newsletter.received_at.utcoffset() is not None
        assert len({block.id for block in newsletter.blocks}) == len(newsletter.blocks)
        assert all(block.text.strip() for block in newsletter.blocks)


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read_or_refused(raw):
    check_read_or_refused(raw)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=8)), max_size=40))
def test_any_pieces_of_mails_are_read_or_refused(pieces):
    check_read_or_refused(b"From: a@b.example\nDate: x\n" + b"".join(pieces))
