"""Read mails from files that are named on the command line."""

from pathlib import Path

import pytest
from audiobrew.inbox.files import FileMailbox, Skipped
from audiobrew.settings import Settings

from tests.mail.mails import mail

FROM = b"From ada@example.com Mon Nov  2 08:00:00 2026\n"


def save(folder: Path, name: str, raw: bytes) -> Path:
    file = folder / name
    file.write_bytes(raw)
    return file


def mailbox_of(*files: Path, **limits: int) -> FileMailbox:
    return FileMailbox(files, Settings(**limits))


def test_mails_of_all_files_are_read_newest_first(tmp_path):
    late = mail("Late.").replace(b"2 Nov 2026", b"3 Nov 2026")
    files = [
        save(tmp_path, "a.eml", mail("Early.")),
        save(tmp_path, "b.mbox", FROM + late + b"\r\n\r\n" + FROM + mail("Also.")),
    ]
    mailbox = mailbox_of(*files)

    assert [newsletter.blocks[0].text for newsletter in mailbox.newsletters()] == [
        "Late.",
        "Early.",
        "Also.",
    ]
    assert mailbox.skipped == []


def test_a_mail_given_twice_is_read_once(tmp_path):
    file = save(tmp_path, "a.eml", mail("Hello."))

    assert len(list(mailbox_of(file, file).newsletters())) == 1


def test_unreadable_files_are_skipped_by_name_and_the_rest_is_read(tmp_path):
    mailbox = mailbox_of(
        save(tmp_path, "empty.eml", b""),
        save(tmp_path, "photo.jpg", b"\xff\xd8\xff\xe0"),
        tmp_path / "lost.eml",
        tmp_path,
        save(tmp_path, "good.eml", mail("Hello.")),
    )

    assert len(list(mailbox.newsletters())) == 1
    assert [skipped.name for skipped in mailbox.skipped] == [
        "empty.eml",
        "photo.jpg",
        "lost.eml",
        tmp_path.name,
    ]
    assert "empty" in mailbox.skipped[0].reason
    assert "not a mail" in mailbox.skipped[1].reason
    assert "No such file" in mailbox.skipped[2].reason


def test_a_bad_mail_of_an_mbox_is_skipped_by_number(tmp_path):
    bad = b"Subject: nobody sent this\nTo: x\n\nHello.\n"
    file = save(tmp_path, "in.mbox", FROM + mail("One.") + b"\n\n" + FROM + bad)
    mailbox = mailbox_of(file)

    assert len(list(mailbox.newsletters())) == 1
    assert [skipped.name for skipped in mailbox.skipped] == ["in.mbox, mail 2"]


def test_a_file_that_is_too_large_is_skipped(tmp_path):
    mailbox = mailbox_of(save(tmp_path, "big.mbox", b"x" * 2_001), upload_bytes=2_000)

    assert list(mailbox.newsletters()) == []
    assert mailbox.skipped[0].name == "big.mbox"
    assert "larger than" in mailbox.skipped[0].reason


def test_a_file_of_too_many_mails_is_read_up_to_the_limit(tmp_path):
    mails = [mail(f"Mail {number}.") for number in range(4)]
    mailbox = mailbox_of(
        save(tmp_path, "in.mbox", b"\n\n".join(FROM + one for one in mails)), mails_per_upload=3
    )

    assert len(list(mailbox.newsletters())) == 3
    assert mailbox.skipped[0].name == "in.mbox, mail 4"
    assert "3 mails" in mailbox.skipped[0].reason


def test_reading_again_reports_skipped_files_once(tmp_path):
    mailbox = mailbox_of(save(tmp_path, "empty.eml", b""))
    list(mailbox.newsletters())
    list(mailbox.newsletters())

    assert len(mailbox.skipped) == 1


def test_a_device_without_end_is_skipped():
    mailbox = mailbox_of(Path("/dev/zero"), upload_bytes=100_000)

    assert list(mailbox.newsletters()) == []
    assert mailbox.skipped[0] == Skipped("zero", mailbox.skipped[0].reason)
    assert "larger than" in mailbox.skipped[0].reason


@pytest.mark.parametrize("name", ["notes.txt", "letter"])
def test_the_name_of_a_file_does_not_matter(tmp_path, name):
    assert len(list(mailbox_of(save(tmp_path, name, mail("Hello."))).newsletters())) == 1
