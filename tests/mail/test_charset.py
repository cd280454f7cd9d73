"""Text in every charset, also when the mail is wrong about it."""

import pytest
from audiobrew.mail.mime.charset import decode_text

from tests.mail.mails import mail, read, texts


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("utf-8", "Grüße, Ιθάκη, 東京"),
        ("iso-8859-1", "café à Nîmes"),
        ("iso-8859-2", "żółw i kość"),
        ("iso-8859-15", "5 € für Öl"),
        ("windows-1251", "Добрый день"),
        ("koi8-r", "Добрый день"),
        ("windows-1252", "“quoted” – yes…"),
        ("macroman", "naïve café"),
        ("gb2312", "你好，世界"),
        ("big5", "你好"),
        ("shift_jis", "こんにちは"),
        ("iso-2022-jp", "こんにちは"),
        ("euc-kr", "안녕하세요"),
        ("utf-16", "Grüße"),
        ("utf-7", "Grüße"),
    ],
)
def test_a_charset_is_read(charset, text):
    assert texts(read(mail(text.encode(charset), f"text/plain; charset={charset}"))) == [text]


@pytest.mark.parametrize(
    ("sent", "said", "read"),
    [
        ("Grüße".encode(), "iso-8859-1", "Grüße"),
        ("Grüße".encode(), "us-ascii", "Grüße"),
        ("Grüße".encode(), "x-unknown", "Grüße"),
        ("Grüße".encode(), "", "Grüße"),
        ("Grüße".encode("cp1252"), "utf-8", "Grüße"),
        ("Grüße".encode("cp1252"), "nonsense", "Grüße"),
        ("“so”".encode("cp1252"), "iso-8859-1", "“so”"),
        (b"plain", "rot13", "plain"),
        (b"plain", "zlib", "plain"),
        (b"plain", "unicode_escape", "plain"),
        (b"a\\x41", "unicode-escape", "a\\x41"),
        (b"plain", "punycode", "plain"),
        (b"plain", "utf-8\0", "plain"),
    ],
)
def test_a_wrong_charset_is_seen_through(sent, said, read):
    assert decode_text(sent, said) == read


def test_one_torn_character_does_not_spoil_the_others():
    sent = ("Grüße " * 20).encode() + b"\xc3"

    assert decode_text(sent, "utf-8").startswith("Grüße Grüße")


def test_a_page_names_its_own_charset_when_the_mail_does_not():
    page = "<meta http-equiv=Content-Type content='text/html; charset=koi8-r'><p>Привет</p>"

    assert texts(read(mail(page.encode("koi8-r"), "text/html"))) == ["Привет"]
