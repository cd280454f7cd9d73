"""Files of one mail and of many."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from audiobrew.mail.mime import mbox
from audiobrew.mail.mime.mbox import SplitMail, find_deletion, split_mails

from tests.mail.mails import mail

FROM = b"From ada@example.com Mon Nov  2 08:00:00 2026\n"
ONE, TWO = mail("One.\r\n"), mail("Two.\r\n")
# Fields of a mail without line ends at its end.
HEAD = b"From: a@b.example\nDate: x\n"


def split(raw: bytes, name: str = "inbox.mbox") -> list[tuple[str, bytes]]:
    mails = split_mails(BytesIO(raw), name, 10**7)
    return [(one.name, one.content()) for one in mails]


def names(raw: bytes) -> list[str]:
    return [name for name, _ in split(raw)]


def test_a_single_mail_is_returned_unchanged():
    assert split(ONE, "one.eml") == [("one.eml", ONE)]


def test_an_mbox_is_split_and_its_mails_are_numbered():
    mails = split(FROM + ONE + b"\r\n" + FROM + TWO + b"\r\n")

    assert [name for name, _ in mails] == ["inbox.mbox, mail 1", "inbox.mbox, mail 2"]
    assert mails[0][1].startswith(b"From: Ada")
    assert b"Two." in mails[1][1]


def test_escaped_from_lines_are_unescaped():
    [(_, raw)] = split(FROM + mail(">From here\r\n>>From there\r\n> From not\r\n"))

    assert raw.endswith(b"\r\nFrom here\r\n>From there\r\n> From not\r\n")


@pytest.mark.parametrize(
    "prose",
    [
        "From here on it is prose, not a mail.\n\nFrom: no\n",
        "From the editor\nNote: this week the letter comes late.\n",
        "From Monday at 10:30 on 2 November 2026 the bridge is closed:\nPlace: the quay.\n",
        "From 2026 on\nPlease: read.\n",
        "From ada@example.com we heard this:\nFrom: Bo\n",
    ],
)
def test_prose_that_starts_with_from_does_not_begin_a_mail(prose):
    raw = FROM + mail(f"Hello.\n\n{prose}")

    assert len(names(raw)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "From - Fri Nov 20 08:00:00 2026",
        "From 1734@xxx Mon Nov 02 08:00:00 +0000 2026",
        "From ada@example.com Mon Nov  2 08:00 2026",
        "From ada@example.com Mon Nov  2 08:00:00 CET 2026",
        "From ada@example.com Mon Nov  2 08:00:00 2026 +0100",
        "From the archive of Ada Mon Nov  2 08:00:00 2026 remote from host",
    ],
)
def test_a_line_with_a_date_begins_a_mail_even_without_an_empty_line_before_it(line):
    raw = FROM + HEAD + b"\nOne.\n" + line.encode() + b"\n" + HEAD + b"\nTwo.\n"

    assert [content.split(b"\n\n")[1] for _, content in split(raw)] == [b"One.\n", b"Two.\n"]


@pytest.mark.parametrize(
    "line",
    ["From ", "From -", "From ada@example.com", "From MAILER-DAEMON 20 Nov 2026 08:00:00 +0000"],
)
def test_a_line_with_another_date_or_none_begins_a_mail_after_an_empty_line(line):
    raw = FROM + HEAD + b"\nOne.\n\n" + line.encode() + b"\r\n" + HEAD + b"\nTwo.\n"

    assert len(names(raw)) == 2
    assert len(names(raw.replace(b"One.\n\n", b"One.\n"))) == 1


def test_unix_and_windows_line_ends_are_split_alike():
    raw = FROM + ONE + b"\r\n" + FROM + TWO

    assert len(names(raw.replace(b"\r\n", b"\n"))) == 2
    assert len(names(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))) == 2


def test_an_mbox_without_mails_is_returned_unchanged():
    assert split(FROM) == [("inbox.mbox", FROM)]
    assert split(b"") == [("inbox.mbox", b"")]


def test_a_file_of_from_lines_only_is_read_to_its_end():
    assert names(b"From \n\n" * 100_000) == ["inbox.mbox"]


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64, 1_199, 1_201])
def test_how_the_file_is_read_does_not_matter(chunk, monkeypatch):
    """Separators may be split between two chunks anywhere."""
    raw = b"\r\n" + b"".join(
        FROM + mail(f"Mail {number}.\r\n>From here\r\n\r\nFrom there\r\n" + "x" * number) + b"\r\n"
        for number in range(40)
    )
    expected = split(raw)
    monkeypatch.setattr(mbox, "CHUNK_BYTES", chunk)

    assert len(expected) == 40
    assert split(raw) == expected


class Endless:
    """An mbox of `size` bytes that is never in memory. Each mail has a body of `body` bytes."""

    def __init__(self, size: int, body: int) -> None:
        self.mail = FROM + HEAD + b"\n" + b"x" * 70 + b"\n" * (body - 70) + b"\n"
        self.left = size
        self.pieces = self.read_all()

    def read_all(self) -> Iterator[bytes]:
        while self.left > 0:
            self.left -= len(self.mail)
            yield self.mail

    def read(self, size: int) -> bytes:
        return next(self.pieces, b"")


def test_of_a_large_mbox_only_the_first_bytes_of_each_mail_are_kept():
    mails: list[SplitMail] = []
    for one in split_mails(Endless(200 * 2**20, 5 * 2**20), "big.mbox", 1_000):
        mails.append(one)
        assert len(one.beginning) == 1_000

    assert len(mails) == 40
    assert {one.size for one in mails} == {len(HEAD) + 5 * 2**20 + 2}


def labelled(field: str) -> str | None:
    [one] = split_mails(BytesIO(FROM + field.encode() + b"\r\n" + ONE))
    return find_deletion(one)


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("X-Mozilla-Status: 0008", "Thunderbird"),
        ("X-Mozilla-Status: 0009", "Thunderbird"),
        ("x-mozilla-status:001f", "Thunderbird"),
        ("X-Gmail-Labels: Spam", "spam"),
        ("X-Gmail-Labels: Category Promotions,Spam,\r\n Unread", "spam"),
        ("X-Gmail-Labels: Trash,Opened", "trash"),
        ("X-Gmail-Labels: =?UTF-8?Q?Ge=C3=B6ffnet,Papierkorb?=", "trash"),
        ("X-Gmail-Labels: =?UTF-8?B?0JrQvtGA0LfQuNC90LA=?=", "trash"),
    ],
)
def test_mails_that_their_owner_deleted_are_recognized(field, words):
    assert words in (labelled(field) or "")


@pytest.mark.parametrize(
    "field",
    [
        "X-Mozilla-Status: 0001",
        "X-Mozilla-Status: 1006",
        "X-Mozilla-Status: nothing",
        "X-Gmail-Labels: Inbox,Spam filters explained",
        "X-Gmail-Labels: =?UTF-8?Q?Posteingang,Ge=C3=B6ffnet?=",
        "X-Note: Spam",
    ],
)
def test_other_mails_are_not_deleted(field):
    assert labelled(field) is None


def test_a_single_mail_is_read_whatever_its_status_is():
    [one] = split_mails(BytesIO(b"X-Mozilla-Status: 0009\r\n" + ONE))

    assert find_deletion(one) is None


def test_a_status_in_the_body_does_not_delete_a_mail():
    [one] = split_mails(BytesIO(FROM + mail("Hi.\r\n\r\nX-Mozilla-Status: 0009\r\n")))

    assert find_deletion(one) is None
