"""The door of the inbox: what is let in, what is refused, and in which words."""

import random

import pytest
from audiobrew.mail.source_mail import MailTooLarge, UnreadableMail

from tests.mail.mails import HEAD, html, mail, multipart, read, texts

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) * 40
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\nFrom: nobody\n%%EOF\n"
NOISE = random.Random(7).randbytes(50_000)


@pytest.mark.parametrize("raw", [b"", b" \r\n\r\n", b"\0\0"])
def test_an_empty_file_is_refused_with_a_message(raw):
    with pytest.raises(UnreadableMail, match=r"empty|not a mail"):
        read(raw)


@pytest.mark.parametrize(
    "raw",
    [JPEG, PDF, NOISE, b"<html><body>From: me</body></html>", b"Dear Ada,\nhow are you?\n"],
    ids=["jpeg", "pdf", "noise", "html", "letter"],
)
def test_a_file_that_is_not_a_mail_is_refused_with_a_message(raw):
    with pytest.raises(UnreadableMail, match=r"not a mail.*\.eml or \.mbox"):
        read(raw)


def test_a_mail_without_a_sender_is_refused():
    with pytest.raises(UnreadableMail, match="who sent it"):
        read(b"Subject: Hello\nDate: Mon, 2 Nov 2026 08:00:00 +0100\n\nHello.")


def test_a_mail_of_thirty_megabytes_is_refused_with_the_limit():
    with pytest.raises(MailTooLarge, match=r"up to 10 MB.*without its attachments"):
        read(mail("x" * (30 * 2**20)))


def test_a_mail_of_two_thousand_nested_parts_is_refused():
    opening = "".join(
        f'--b{n}\r\nContent-Type: multipart/mixed; boundary="b{n + 1}"\r\n\r\n' for n in range(2000)
    )

    with pytest.raises(MailTooLarge, match="more parts"):
        read(mail(opening, 'multipart/mixed; boundary="b0"'), mail_parts=10_000)


def test_a_mail_of_many_parts_side_by_side_is_refused():
    with pytest.raises(MailTooLarge, match="more parts"):
        read(multipart("mixed", *["Content-Type: text/plain\r\n\r\nhello"] * 600))


def test_a_mail_of_too_many_paragraphs_is_refused():
    with pytest.raises(MailTooLarge, match="paragraphs"):
        read(html("<p>x" * 300), blocks=200)


def test_a_mail_of_a_hundred_thousand_list_items_in_plain_text_is_refused():
    with pytest.raises(MailTooLarge, match=r"paragraphs|small pieces"):
        read(mail("* one word\n" * 100_000))


@pytest.mark.parametrize(
    "raw",
    [
        html("<br>" * 200_000),
        html(f"<ul>{'<li>one word' * 100_000}</ul>"),
        html(f"<ul>{'<li>one word</li>' * 100_000}</ul>"),
        mail("\n" * 200_000),
    ],
    ids=["tags", "list items", "closed list items", "lines"],
)
def test_a_mail_of_too_many_tags_or_lines_is_refused_before_it_is_read(raw):
    with pytest.raises(MailTooLarge, match="small pieces"):
        read(raw)


def test_the_size_that_a_part_declares_is_ignored():
    part = (
        "Content-Type: text/plain\r\nContent-Length: 99999999999\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    newsletter = read(multipart("mixed", part + "SGVsbG8u" + "A" * 3))

    assert len("".join(texts(newsletter))) < 20


def test_a_mail_that_is_only_boilerplate_has_no_uncut_blocks():
    newsletter = read(
        html("<p><a href='https://example.com/u'>Unsubscribe</a></p><p>© 2026 Example Ltd</p>")
    )

    assert len(newsletter.blocks) == 2
    assert newsletter.uncut_blocks == ()


def test_a_mail_without_text_is_a_mail_without_blocks():
    assert read(mail("", "image/png")).blocks == ()


def test_invisible_and_bidirectional_characters_are_removed():
    raw = html("<p>one\0 two\u202e three\u2066\u0007 f\u00adour\u200b</p>").replace(
        b"A letter", "A\u202e le\x07tter\0".encode()
    )
    newsletter = read(raw)

    assert newsletter.subject == "A letter"
    assert texts(newsletter) == ["one two three four"]


def test_a_script_in_a_subject_stays_text():
    raw = mail("hello").replace(b"A letter", b"<script>alert(1)</script> & more")

    assert read(raw).subject == "<script>alert(1)</script> & more"


def test_ten_megabytes_on_one_line_are_read():
    newsletter = read(mail("word " * 2_000_000), mail_bytes=11 * 2**20)

    assert " ".join(texts(newsletter)).count("word") == 2_000_000


def test_reading_again_gives_the_same_ids():
    raw = html("<h2>News</h2><p>Same.</p><p>Same.</p><p>Other.</p>")
    ids = [block.id for block in read(raw).blocks]

    assert ids == [block.id for block in read(raw).blocks]
    assert len(set(ids)) == 4
    assert all(len(id) == 16 and int(id, 16) >= 0 for id in ids)


def test_the_same_words_in_another_mail_have_other_ids():
    [one], [other] = read(mail("Hello.")).blocks, read(mail("Hello. ")).blocks

    assert one.text == other.text
    assert one.id != other.id


def test_the_separator_line_of_an_mbox_is_ignored():
    assert texts(read(b"From ada Mon Nov  2 08:00:00 2026\n" + mail("Hello."))) == ["Hello."]


def test_mac_and_unix_line_ends_are_read_alike():
    for end in (b"\n", b"\r"):
        assert texts(read(mail("one\r\n\r\ntwo").replace(b"\r\n", end))) == ["one", "two"]


def test_a_mail_with_a_hundred_thousand_fields_is_read():
    raw = (HEAD + "X-Junk: 1\r\n" * 100_000).encode() + b"\r\nHello."

    assert texts(read(raw)) == ["Hello."]
