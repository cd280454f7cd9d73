"""Files of one mail and of many."""

from audiobrew.mail.mime.mbox import split_mails

from tests.mail.mails import mail

FROM = b"From ada@example.com Mon Nov  2 08:00:00 2026\n"
ONE, TWO = mail("One.\r\n"), mail("Two.\r\n")


def names(raw: bytes) -> list[str]:
    return [name for name, _ in split_mails(raw, "inbox.mbox")]


def test_a_single_mail_is_returned_unchanged():
    assert list(split_mails(ONE, "one.eml")) == [("one.eml", ONE)]


def test_an_mbox_is_split_and_its_mails_are_numbered():
    mails = list(split_mails(FROM + ONE + b"\r\n" + FROM + TWO + b"\r\n", "inbox.mbox"))

    assert [name for name, _ in mails] == ["inbox.mbox, mail 1", "inbox.mbox, mail 2"]
    assert mails[0][1].startswith(b"From: Ada")
    assert b"Two." in mails[1][1]


def test_escaped_from_lines_are_unescaped():
    [(_, raw)] = split_mails(FROM + mail(">From here\r\n>>From there\r\n> From not\r\n"))

    assert raw.endswith(b"\r\nFrom here\r\n>From there\r\n> From not\r\n")


def test_prose_that_starts_with_from_does_not_begin_a_mail():
    raw = FROM + mail("Hello.\n\nFrom here on it is prose, not a mail.\n\nFrom: no\n")

    assert len(names(raw)) == 1


def test_unix_and_windows_line_ends_are_split_alike():
    raw = FROM + ONE + b"\r\n" + FROM + TWO

    assert len(names(raw.replace(b"\r\n", b"\n"))) == 2
    assert len(names(raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))) == 2


def test_an_mbox_without_mails_is_returned_unchanged():
    assert list(split_mails(FROM, "inbox.mbox")) == [("inbox.mbox", FROM)]


def test_the_same_file_is_always_split_the_same_way():
    raw = (FROM + ONE + b"\r\n") * 300

    assert list(split_mails(raw)) == list(split_mails(raw))
    assert len(names(raw)) == 300


def test_a_file_of_from_lines_only_is_read_to_its_end():
    assert names(b"From \n\n" * 100_000) == ["inbox.mbox"]
