"""Find the mails in files as mail programs save them: .eml, .mbox, .emlx, and .zip files of them."""

import struct
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from audiobrew.inbox import zip_files
from audiobrew.inbox.mail_files import (
    FIRST,
    FileMail,
    Place,
    find_mails,
    find_mails_from,
    find_streamed_mails,
)
from audiobrew.inbox.upload import read_upload
from audiobrew.mail.limits import Limits
from audiobrew.mail.mime import mbox as mbox_module
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.parsing.parser import ParserInProcess
from audiobrew.mail.source_mail import UnreadableMail

from tests.mail.mails import mail

FROM = b"From a@b.example Mon Nov 23 07:30:00 2026\n"

MEGABYTE = 2**20
PLIST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict>\n'
    "\t<key>flags</key>\n\t<integer>{flags}</integer>\n</dict></plist>\n"
)


def a_mail(subject: str = "Beans are back") -> bytes:
    return mail("The beans are back.\r\n").replace(b"A letter", subject.encode())


def mbox(*mails: bytes) -> bytes:
    return b"".join(FROM + one + b"\n\n" for one in mails)


def emlx(raw: bytes, flags: int = 1) -> bytes:
    return f"{len(raw)}      \n".encode() + raw + PLIST.format(flags=flags).encode()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def find(raw: bytes, name: str = "file", unpacked: int | None = None) -> list[FileMail]:
    items = find_mails(BytesIO(raw), name, MEGABYTE, unpacked)
    return [item for item in items if not item.is_gap]


async def upload(raw: bytes, name: str) -> tuple[list[str], list[str]]:
    """The subjects of the mails that are stored, and why others are not."""

    async def store(newsletters: Sequence[Newsletter]) -> Sequence[Newsletter]:
        return newsletters

    parser = ParserInProcess(Limits())
    stored, skipped = await read_upload(parser, BytesIO(raw), name, Limits(), store)
    return [one.subject for one in stored], [f"{one.name}: {one.reason}" for one in skipped]


@pytest.mark.parametrize("raw", [a_mail(), mbox(a_mail("One"), a_mail("Two")), emlx(a_mail()), b""])
def test_a_stream_is_read_like_a_file(raw: bytes) -> None:
    mails, streamed = find(raw), list(find_streamed_mails(BytesIO(raw), "file", MEGABYTE))

    assert [one.load() for one in mails] == [one.load() for one in streamed]
    assert [(one.name, one.size) for one in mails] == [(one.name, one.size) for one in streamed]


def test_the_mails_of_a_file_can_be_loaded_in_any_order() -> None:
    mails = find(mbox(*(mail(f"Number {number}.") for number in range(5))))

    assert [b"Number" in one.load() for one in reversed(mails)] == [True] * 5


def test_an_emlx_file_is_the_mail_without_its_size_and_its_flags() -> None:
    [found] = find(emlx(a_mail()))

    assert found.load() == a_mail()
    assert found.left_out is None


@pytest.mark.parametrize(("flags", "words"), [(0b11, "deleted"), (1 << 24 | 1, "junk")])
def test_an_emlx_file_of_a_deleted_mail_is_left_out(flags: int, words: str) -> None:
    [found] = find(emlx(a_mail(), flags))

    assert words in (found.left_out or "")


@pytest.mark.parametrize("raw", [b"99999\n" + a_mail(), b"3\n" + a_mail(), emlx(a_mail())[:-200]])
async def test_an_emlx_file_with_a_wrong_size_is_read_as_far_as_possible(raw: bytes) -> None:
    [found] = find(raw)

    assert a_mail().startswith(found.load()[:3])


async def test_a_partial_emlx_file_without_text_says_that_it_is_incomplete() -> None:
    head = a_mail().partition(b"\r\n\r\n")[0].partition(b"\n\n")[0] + b"\n\n"

    with pytest.raises(UnreadableMail, match="has not downloaded the text"):
        await upload(emlx(head), "1234.partial.emlx")
    assert await upload(emlx(a_mail()), "1234.partial.emlx") == (["Beans are back"], [])


async def test_the_mails_of_a_zip_are_stored_and_other_files_are_ignored() -> None:
    raw = zipped({
        "Takeout/Mail/All mail.mbox": mbox(a_mail("One"), a_mail("Two")),
        "letters/three.EML": a_mail("Three"),
        "letters/four.emlx": emlx(a_mail("Four")),
        "Maildir/cur/1700.M5.host:2,S": a_mail("Five"),
        "Thunderbird/Inbox": mbox(a_mail("Six")),
        "Takeout/archive_browser.html": b"<html>From: nobody</html>",
        "__MACOSX/letters/._three.EML": b"\0\5\x16\7",
        "folder/": b"",
    })  # fmt: skip

    assert await upload(raw, "mail.zip") == (["One", "Two", "Three", "Four", "Five", "Six"], [])


async def test_what_is_left_out_of_a_zip_is_named() -> None:
    deleted = a_mail("Gone").replace(b"From:", b"X-Mozilla-Status: 0009\nFrom:", 1)
    raw = zipped({
        "a.eml": a_mail("One"),
        "bad.eml": b"\xff\xd8\xff a picture",
        "inner.zip": zipped({"b.eml": a_mail("Two")}),
        "Inbox": mbox(deleted, a_mail("Three")),
    })  # fmt: skip
    subjects, skipped = await upload(raw, "mail.zip")

    assert subjects == ["One", "Three"]
    assert [line.split(":")[1].strip() for line in skipped] == [
        "bad.eml",
        "inner.zip",
        "Inbox, mail 1",
    ]
    assert "within a .zip" in skipped[1]
    assert "Thunderbird" in skipped[2]


async def test_names_that_lead_out_of_a_folder_are_only_shown(tmp_path) -> None:
    raw = zipped({"../../../etc/cron.d/a.eml": a_mail("One"), "/root/b\x1b[31m.eml": b"nothing"})
    subjects, skipped = await upload(raw, "mail.zip")

    assert subjects == ["One"]
    assert skipped[0].startswith("mail.zip: /root/b[31m.eml: ")


def test_a_zip_without_mails_says_so() -> None:
    [found] = find(zipped({"photo.jpg": b"\xff\xd8"}))

    assert found.left_out == zip_files.NO_MAILS


def test_a_member_that_unpacks_to_far_more_than_its_size_is_read_only_so_far() -> None:
    bomb = zipped({"a.mbox": mbox(a_mail()) + b"\0" * (20 * MEGABYTE)})
    found = find(bomb)

    assert found[-1].left_out == zip_files.SUSPICIOUS
    assert len(bomb) < MEGABYTE // 20


def test_a_zip_that_unpacks_to_more_than_one_request_takes_is_read_only_so_far() -> None:
    members = {f"{number}.eml": a_mail(f"Number {number}") * 300 for number in range(20)}
    found = find(zipped(members), unpacked=MEGABYTE // 2)

    assert found[-1].left_out == zip_files.TOO_LARGE
    assert 1 < len(found) < 20


def test_members_that_overlap_are_refused() -> None:
    """One compressed stream that many entries share unpacks to many times the file's size."""
    raw = zipped({"a.eml": a_mail() * 1_000})
    start = raw.index(b"PK\x01\x02")
    end = raw.index(b"PK\x05\x06")
    count = 1_000
    directory = raw[start:end] * count
    sizes = struct.pack("<HHLL", count, count, len(directory), start)
    bomb = raw[:start] + directory + b"PK\x05\x06\0\0\0\0" + sizes + b"\0\0"

    assert [one.left_out for one in find(bomb)] == [zip_files.SUSPICIOUS]


def test_a_zip_of_too_many_files_is_refused_before_they_are_listed() -> None:
    raw = zipped({f"{number}": b"" for number in range(101)})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zip_files, "MAX_MEMBERS", 100)
        [found] = find(raw)

    assert found.left_out == zip_files.TOO_MANY


def test_damaged_and_encrypted_zips_say_so() -> None:
    raw = zipped({"a.eml": a_mail() * 50})
    flagged = raw.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    middle = len(raw) // 2
    damaged = raw[:60] + bytes(byte ^ 0xFF for byte in raw[60:middle]) + raw[middle:]

    assert [one.left_out for one in find(raw[:-10])] == [zip_files.DAMAGED]
    assert zip_files.ENCRYPTED in [one.left_out for one in find(flagged)]
    assert "damaged" in str([one.left_out for one in find(damaged)])


def test_a_single_mail_of_a_stream_without_end_is_not_read_to_the_end() -> None:
    class Endless:
        def read(self, size: int, /) -> bytes:
            return b"x" * size

    [found] = find_streamed_mails(Endless(), "zero", MEGABYTE)

    assert found.size > MEGABYTE


async def test_a_thunderbird_mailbox_is_read_without_what_is_deleted_in_it() -> None:
    raw = (Path(__file__).parent / "thunderbird_deleted.mbox").read_bytes()
    subjects, skipped = await upload(raw, "Inbox")

    assert subjects == ["Kept one"]
    assert skipped == ["Inbox, mail 1: It is deleted in Thunderbird."]


def large_mailbox() -> bytes:
    """The first mail is larger than any that is read, and has lines that begin with "From "."""
    large = a_mail("Large") + b"From here it is prose.\n" * 10_000
    return mbox(large, a_mail("Two"), large + b"x" * 300_000, a_mail("Four"))


def encrypted_zip() -> bytes:
    raw = bytearray(zipped({"a.eml": a_mail(), "b.eml": a_mail("B"), "c.eml": a_mail("C")}))
    start = raw.index(b"PK\x01\x02")
    raw[raw.index(b"PK\x01\x02", start + 1) + 8] |= 1
    return bytes(raw)


FILES = {
    "mail": a_mail(),
    "mbox": mbox(a_mail("One"), a_mail("Two"), a_mail("Three")),
    "large": large_mailbox(),
    "emlx": emlx(a_mail()),
    "zip": zipped({"a.eml": a_mail(), "b": b"\0" * 50, "c.mbox": mbox(a_mail("C"), a_mail("D"))}),
    "zipped_large": zipped({"a.mbox": large_mailbox(), "b.eml": a_mail()}, zipfile.ZIP_STORED),
    "encrypted": encrypted_zip(),
    "bomb": zipped({"a.mbox": mbox(a_mail()) + b"\0" * (20 * MEGABYTE), "b.eml": a_mail()}),
    "damaged": b"PK\x03\x04" + b"nothing" * 200,
}


@pytest.mark.parametrize("kind", FILES)
def test_reading_can_stop_and_go_on_after_every_mail(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mbox_module, "PIECE_BYTES", 50_000)
    monkeypatch.setattr(mbox_module, "CHUNK_BYTES", 10_000)

    def find_from(start: Place) -> list[FileMail]:
        most = 50 * MEGABYTE
        return list(find_mails_from(BytesIO(FILES[kind]), "file", 20_000, most, start))

    def describe(mails: Sequence[FileMail]) -> list[tuple[str, str | None, bytes]]:
        return [
            (one.name, one.left_out, one.load() if one.size <= 20_000 else b"too large")
            for one in mails
            if not one.is_gap
        ]

    mails = find_from(FIRST)

    assert describe(mails)
    for number, one in enumerate(mails, 1):
        assert describe(find_from(one.next)) == describe(mails[number:])


def test_a_mail_of_gigabytes_is_searched_in_pieces() -> None:
    """A turn of an import ends between two items, and a request to stop it is noticed there."""
    size = 400 * MEGABYTE
    read = 0

    class Large:
        """A mailbox that is never in memory: a mail without end, then another one."""

        def __init__(self) -> None:
            self.pieces = self.read_all()

        def read_all(self):
            yield FROM + a_mail("Large")
            for _ in range(size // MEGABYTE):
                yield b"x" * MEGABYTE
            yield b"\n\n" + FROM + a_mail("Next")

        def read(self, size: int, /) -> bytes:
            nonlocal read
            data = next(self.pieces, b"")
            read += len(data)
            return data

    most, last, names = 0, 0, []
    for one in find_streamed_mails(Large(), "in.mbox", MEGABYTE):
        most, last = max(most, read - last), read
        if not one.is_gap:
            names.append((one.name, one.size > MEGABYTE))

    assert names == [("in.mbox, mail 1", True), ("in.mbox, mail 2", False)]
    assert most < mbox_module.PIECE_BYTES + 4 * MEGABYTE
