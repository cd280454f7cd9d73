"""The parts of a mail: which are read, which are files, and which version is the better."""

import base64

import pytest

from tests.mail.mails import mail, multipart, read, texts

PLAIN = "Content-Type: text/plain; charset=utf-8\r\n\r\n"
PAGE = "Content-Type: text/html; charset=utf-8\r\n\r\n"


def test_the_richer_one_of_two_versions_is_read():
    raw = multipart("alternative", PLAIN + "Plain words.", PAGE + "<p>Rich words.</p>")

    assert texts(read(raw)) == ["Rich words."]


def test_a_page_with_much_less_text_than_the_plain_version_is_ignored():
    raw = multipart(
        "alternative", PLAIN + "The whole issue is here, in many words.", PAGE + "<p>Hello.</p>"
    )

    assert texts(read(raw)) == ["The whole issue is here, in many words."]


def test_plain_text_that_only_links_to_the_web_is_ignored():
    raw = multipart(
        "alternative",
        PLAIN + "Read it here: https://example.com/" + "x" * 500,
        PAGE + "<p>The whole issue, in words.</p>",
    )

    assert texts(read(raw)) == ["The whole issue, in words."]


def test_plain_text_is_read_where_the_page_is_empty():
    assert texts(read(multipart("alternative", PLAIN + "Words.", PAGE + "<img src=x>"))) == [
        "Words."
    ]


@pytest.mark.parametrize(
    "fields",
    [
        "Content-Type: text/html; name=newsletter.html",
        "Content-Type: text/html\r\nContent-Disposition: attachment; filename=newsletter.html",
        "Content-Type: text/html\r\nContent-Disposition: inline; filename=newsletter.html",
        "Content-Type: text/html\r\nContent-Disposition: attachment; filename*=utf-8''n%C3%BC.html",
        "Content-Type: text/plain\r\nContent-Disposition: ATTACHMENT",
        "Content-Type: text/calendar; method=REQUEST",
        "Content-Type: application/octet-stream",
        "Content-Type: message/delivery-status",
    ],
)
def test_files_and_calendars_are_not_read(fields):
    raw = multipart("mixed", PLAIN + "The letter.", f"{fields}\r\n\r\nBEGIN:VCALENDAR not read")

    assert texts(read(raw)) == ["The letter."]


def test_related_images_are_not_read_and_the_page_is_found_by_its_content_id():
    raw = mail(
        "--b\r\nContent-Type: text/html\r\nContent-ID: <other>\r\n\r\n<p>no</p>\r\n"
        "--b\r\nContent-Type: text/html\r\nContent-ID: <page>\r\n\r\n<p>yes</p>\r\n--b--",
        'multipart/related; boundary=b; start="<page>"',
    )

    assert texts(read(raw)) == ["yes"]


def test_nested_multiparts_are_read_in_order():
    inner = (
        'Content-Type: multipart/related; boundary="in"\r\n\r\n--in\r\n' + PAGE + "<p>Two.</p>\r\n"
        "--in\r\nContent-Type: image/png\r\nContent-ID: <x>\r\n\r\nPNG\r\n--in--"
    )
    raw = multipart("mixed", PLAIN + "One.", inner, PLAIN + "Three.")

    assert texts(read(raw)) == ["One.", "Two.", "Three."]


def test_every_mail_of_a_digest_is_read():
    raw = multipart("digest", "\r\nSubject: a\r\n\r\nFirst.", "\r\nSubject: b\r\n\r\nSecond.")

    assert texts(read(raw)) == ["First.", "Second."]


def test_a_multipart_without_its_boundary_is_read_as_text():
    assert texts(read(mail("Just words.", 'multipart/mixed; boundary="nope"'))) == ["Just words."]


def test_a_part_without_headers_or_empty_line_is_read():
    assert texts(
        read(mail("--b\r\n\r\nOne.\r\n--b\r\nTwo.\r\n--b--", "multipart/mixed; boundary=b"))
    ) == [
        "One.",
        "Two.",
    ]


def test_a_missing_closing_boundary_is_tolerated():
    assert texts(read(mail("--b\r\n\r\nOne.", "multipart/mixed; boundary=b"))) == ["One."]


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_soft_breaks_and_malformed_escapes_are_read(newline):
    raw = mail(
        "Caf=C3=A9 soft=20=\r\nbreak =ZZ 50=25",
        head="Content-Transfer-Encoding: Quoted-Printable\r\n",
    ).replace(b"\r\n", newline.encode())

    assert texts(read(raw)) == ["Café soft break =ZZ 50%"]


def test_base64_with_stray_characters_and_a_missing_end_is_read():
    coded = base64.b64encode("Grüße aus dem Norden".encode()).decode().rstrip("=")
    raw = mail(f"{coded[:8]}!\r\n -{coded[8:]}", head="Content-Transfer-Encoding: BASE64 \r\n")

    assert texts(read(raw)) == ["Grüße aus dem Norden"]


def test_uuencoded_text_is_read():
    raw = mail(
        "begin 644 x\r\n#0V%T\r\n`\r\nend\r\n", head="Content-Transfer-Encoding: x-uuencode\r\n"
    )

    assert texts(read(raw)) == ["Cat"]


def test_text_in_an_unknown_encoding_is_read_as_it_is():
    assert texts(read(mail("As it is.", head="Content-Transfer-Encoding: x-what\r\n"))) == [
        "As it is."
    ]


@pytest.mark.parametrize("kind", ["mixed", "alternative", "related"])
def test_a_body_with_a_file_name_is_read_if_there_is_no_other_text(kind):
    named = (
        "Content-Type: text/html; name=issue.html\r\nContent-Disposition: inline\r\n\r\n<p>Words."
    )

    assert texts(read(multipart(kind, named))) == ["Words."]


@pytest.mark.parametrize(
    "page",
    [
        "<div><p>Words.</p></div>",
        "<!-- x --><table><tr><td>Words.</td></tr></table>",
        "<body>Words.",
    ],
)
def test_html_that_is_declared_as_plain_text_is_read_as_a_page(page):
    assert texts(read(mail(page))) == ["Words."]


def test_plain_text_about_html_stays_plain_text():
    assert texts(read(mail("<p> begins a paragraph in HTML."))) == [
        "<p> begins a paragraph in HTML."
    ]


@pytest.mark.parametrize(
    "encoding",
    ["base64; x=1", " BASE64 (no wrapping)", '"base64"', "quoted-printable; charset=utf-8"],
)
def test_a_transfer_encoding_may_have_parameters(encoding):
    body = "V29yZHMu" if "64" in encoding else "Wor=\r\nds=2E"

    assert texts(read(mail(body, head=f"Content-Transfer-Encoding: {encoding}\r\n"))) == ["Words."]


def test_two_runs_of_base64_in_one_part_are_both_read():
    runs = b"\r\n".join(base64.b64encode(words) for words in (b"One", b" and two", b", and three."))

    assert texts(read(mail(runs, head="Content-Transfer-Encoding: base64\r\n"))) == [
        "One and two, and three."
    ]


def test_a_line_of_white_space_in_the_head_does_not_end_it():
    head = "X-Long: a\r\n \r\n b\r\nX-Other: c\r\n\t\r\nX-Third: d\r\n"

    assert texts(read(mail("Words.", head=head))) == ["Words."]


def test_a_body_after_a_line_of_white_space_is_read():
    raw = mail("Words.\r\n").replace(b"\r\n\r\n", b"\r\n \r\n")

    assert texts(read(raw)) == ["Words."]


@pytest.mark.parametrize("order", [("b1", "b2"), ("b2", "b1")])
def test_of_two_content_types_the_one_with_the_boundary_of_the_mail_counts(order):
    head = "".join(f'Content-Type: multipart/alternative; boundary="{name}"\r\n' for name in order)
    raw = mail(f"--b2\r\n{PAGE}<p>Words.</p>\r\n--b2--").replace(
        b"Content-Type: text/plain; charset=utf-8\r\n", head.encode(), 1
    )

    assert texts(read(raw)) == ["Words."]


@pytest.mark.parametrize("before", [b" " * 110 + b"\r\n", b"\t\n \n", b"\xef\xbb\xbf  \r\n"])
def test_lines_of_white_space_before_the_head_are_ignored(before):
    assert texts(read(before + mail("The lock of Arden is open."))) == [
        "The lock of Arden is open."
    ]


def test_a_mail_of_an_mbox_may_have_the_line_ends_of_old_macs():
    raw = b"From ada Mon Nov  2 08:00:00 2026\r\n" + mail("The lock of Arden is open.")

    assert texts(read(raw.replace(b"\r\n", b"\r"))) == ["The lock of Arden is open."]
