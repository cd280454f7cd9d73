"""Decode text in every charset, also where the mail declares a wrong one."""

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
def test_a_charset_is_decoded(charset, text):
    assert texts(read(mail(text.encode(charset), f"text/plain; charset={charset}"))) == [text]


@pytest.mark.parametrize(
    ("data", "charset", "text"),
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
def test_a_wrong_charset_is_corrected(data, charset, text):
    assert decode_text(data, charset) == text


def test_one_truncated_character_does_not_garble_the_others():
    data = ("Grüße " * 20).encode() + b"\xc3"

    assert decode_text(data, "utf-8").startswith("Grüße Grüße")


def test_the_charset_of_a_page_is_used_where_the_mail_declares_none():
    page = "<meta http-equiv=Content-Type content='text/html; charset=koi8-r'><p>Привет</p>"

    assert texts(read(mail(page.encode("koi8-r"), "text/html"))) == ["Привет"]
