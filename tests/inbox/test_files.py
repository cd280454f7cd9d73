"""Read mails from files and folders that are named on the command line."""

import os
from pathlib import Path

import pytest
from audiobrew.inbox.files import FileMailbox, ReadingProgress
from audiobrew.inbox.folders import find_mail_files
from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.parsing.parser import (
    LoadMail,
    ParserInProcess,
    ParserUnavailable,
)
from audiobrew.settings import Settings

from tests.inbox.test_mail_files import emlx, zipped
from tests.mail.mails import mail

FROM = b"From ada@example.com Mon Nov  2 08:00:00 2026\n"
LIST = "List-Id: <letter.example>\r\n"


def save(folder: Path, name: str, raw: bytes) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(raw)
    return file


def make_newsletter(text: str, day: int = 2) -> bytes:
    return mail(text, head=LIST).replace(b"2 Nov 2026", f"{day} Nov 2026".encode())


async def read(*paths: Path, most: int = 500, **limits: int) -> FileMailbox:
    settings = Settings(**limits)
    mailbox = FileMailbox(paths, settings, most)
    await mailbox.read(ParserInProcess(Limits.of(settings)))
    return mailbox


def texts(mailbox: FileMailbox) -> list[str]:
    return [newsletter.blocks[0].text for newsletter in mailbox.newsletters]


def names(mailbox: FileMailbox) -> list[str]:
    return [skipped.name for skipped in mailbox.skipped]


async def test_mails_of_all_files_are_read_newest_first(tmp_path):
    also, late = make_newsletter("Also."), make_newsletter("Late.", day=3)
    mailbox = await read(
        save(tmp_path, "a.eml", make_newsletter("Early.")),
        save(tmp_path, "b.mbox", FROM + late + b"\r\n\r\n" + FROM + also),
    )

    assert texts(mailbox)[0] == "Late."
    assert set(texts(mailbox)) == {"Late.", "Early.", "Also."}
    assert names(mailbox) == []


async def test_a_mail_given_twice_is_read_once(tmp_path):
    file = save(tmp_path, "a.eml", make_newsletter("Hello."))

    assert texts(await read(file, file)) == ["Hello."]


async def test_other_mails_are_kept_apart(tmp_path):
    mailbox = await read(save(tmp_path, "a.eml", mail("Dear Ada.")))

    assert texts(mailbox) == []
    assert [one.blocks[0].text for one in mailbox.others] == ["Dear Ada."]


async def test_unreadable_files_are_skipped_by_name_and_the_rest_is_read(tmp_path):
    mailbox = await read(
        save(tmp_path, "empty.eml", b""),
        save(tmp_path, "photo.jpg", b"\xff\xd8\xff\xe0"),
        tmp_path / "lost.eml",
        save(tmp_path, "good.eml", make_newsletter("Hello.")),
    )
    reasons = {skipped.name: skipped.reason for skipped in mailbox.skipped}

    assert texts(mailbox) == ["Hello."]
    assert reasons.keys() == {"empty.eml", "photo.jpg", "lost.eml"}
    assert "empty" in reasons["empty.eml"]
    assert "not a mail" in reasons["photo.jpg"]
    assert "No such file" in reasons["lost.eml"]


async def test_a_bad_mail_of_an_mbox_is_skipped_by_number(tmp_path):
    bad = b"Subject: nobody sent this\nTo: x\n\nHello.\n"
    file = save(tmp_path, "in.mbox", FROM + make_newsletter("One.") + b"\n\n" + FROM + bad)

    assert names(await read(file)) == ["in.mbox, mail 2"]


async def test_a_mailbox_is_larger_than_a_request_may_be_and_only_the_newest_are_kept(tmp_path):
    mails = [make_newsletter(f"Mail {number}.", day=number % 20 + 1) for number in range(60)]
    file = save(tmp_path, "in.mbox", b"\n\n".join(FROM + one for one in mails))
    mailbox = await read(file, most=3, upload_bytes=1_000, mails_per_upload=2)

    assert texts(mailbox) == ["Mail 19.", "Mail 39.", "Mail 59."]
    assert mailbox.newsletters.count == mailbox.progress.mails == 60
    assert names(mailbox) == []


async def test_mails_skipped_for_one_reason_are_counted(tmp_path):
    gone = b"X-Gmail-Labels: Spam\r\n" + make_newsletter("Win.")
    mails = [gone.replace(b"Win", f"Win {number}".encode()) for number in range(1_200)]
    mailbox = await read(save(tmp_path, "in.mbox", b"\n\n".join(FROM + one for one in mails)))

    assert texts(mailbox) == []
    [skipped] = mailbox.skipped
    assert skipped.name == "1,200 mails, the first of them in.mbox, mail 1"
    assert "spam" in skipped.reason


async def test_a_device_without_end_is_skipped():
    mailbox = await read(Path("/dev/zero"), mail_bytes=100_000)

    assert names(mailbox) == ["zero"]
    assert "AudioBrew reads mails up to" in next(iter(mailbox.skipped)).reason


async def test_a_pipe_is_read(tmp_path):
    read_end, write_end = os.pipe()
    os.write(write_end, FROM + make_newsletter("Piped.") + b"\n" + FROM + make_newsletter("Also."))
    os.close(write_end)

    assert set(texts(await read(Path(f"/dev/fd/{read_end}")))) == {"Piped.", "Also."}


@pytest.mark.parametrize("name", ["notes.txt", "letter"])
async def test_the_name_of_a_named_file_does_not_matter(tmp_path, name):
    assert texts(await read(save(tmp_path, name, make_newsletter("Hello.")))) == ["Hello."]


async def test_a_folder_is_searched_for_mails_as_programs_store_them(tmp_path):
    stored = {
        "one.eml": make_newsletter("Eml."),
        "deep/er/Two.EMLX": emlx(make_newsletter("Emlx.")),
        "Newsletters.mbox/mbox": FROM + make_newsletter("Apple."),
        "Thunderbird/Inbox": FROM + make_newsletter("Thunderbird."),
        "mh/17": make_newsletter("MH."),
        "takeout.zip": zipped({"Takeout/Mail/a.mbox": FROM + make_newsletter("Zip.")}),
        "Maildir/cur/1.host:2,S": make_newsletter("Seen."),
        "Maildir/new/2.host": make_newsletter("New."),
        "Maildir/cur/3.host:2,ST": make_newsletter("Trashed."),
        "Maildir/tmp/4.host": make_newsletter("Unfinished."),
        "Maildir/.Letters/cur/5.host:2,": make_newsletter("Subfolder."),
        "Inbox.msf": b"// <!-- <mdb:mork:z v='1.4'/> -->",
        "notes.txt": b"From here on nothing is a mail.",
        "._one.eml": b"\0\5\x16\7",
    }
    for name, raw in stored.items():
        save(tmp_path, name, raw)
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe.eml")
    mailbox = await read(tmp_path)

    assert set(texts(mailbox)) == {
        "Eml.", "Emlx.", "Apple.", "Thunderbird.", "MH.", "Zip.", "Seen.", "New.", "Subfolder.",
    }  # fmt: skip
    reasons = {skipped.name: skipped.reason for skipped in mailbox.skipped}
    assert reasons.pop("3.host:2,ST").startswith("It is deleted")
    assert not [name for name in reasons if name != "notes.txt"]


def test_files_of_a_folder_are_found_in_the_order_of_their_names(tmp_path):
    for name in ("b/2.eml", "b/1.eml", "a/3.eml"):
        save(tmp_path, name, b"From: x")

    assert [file.path.name for file in find_mail_files([tmp_path])] == ["3.eml", "1.eml", "2.eml"]


async def test_progress_is_reported_up_to_the_last_byte(tmp_path):
    file = save(tmp_path, "in.mbox", (FROM + make_newsletter("One.") + b"\n\n") * 5)
    other = save(tmp_path, "a.zip", zipped({"a.eml": make_newsletter("Two.")}))
    seen: list[int] = []

    def report(progress: ReadingProgress) -> None:
        seen.append(progress.position)

    mailbox = FileMailbox([file, other], Settings(), 5)
    await mailbox.read(ParserInProcess(Limits()), report)

    assert seen == sorted(seen)
    assert seen[-1] == mailbox.progress.total == file.stat().st_size + other.stat().st_size


async def test_a_parser_that_is_unavailable_ends_the_reading(tmp_path):
    class Broken:
        async def parse(self, load: LoadMail) -> Newsletter:
            raise ParserUnavailable

    file = save(tmp_path, "in.mbox", (FROM + make_newsletter("One.") + b"\n\n") * 50)
    with pytest.raises(ParserUnavailable):
        await FileMailbox([file], Settings(), 5).read(Broken())
