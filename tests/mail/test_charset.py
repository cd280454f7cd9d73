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
        ("iso-2022-kr", "안녕하세요"),
        ("windows-1255", "שלום"),
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


@pytest.mark.parametrize(
    ("name", "codec", "text"),
    [
        ("iso-2022-jp-ms", "iso-2022-jp", "こんにちは"),
        ("x-sjis", "cp932", "①番の㈱"),
        ("Windows-31J", "cp932", "髙橋さん"),
        ("windows-874", "cp874", "สวัสดี"),
        ("x-gbk", "gbk", "你好，世界"),
        ("iso-8859-8-i", "iso-8859-8", "שלום"),
        ("x-euc-jp", "euc-jp", "こんにちは"),
        ("utf8", "utf-8", "Grüße"),
    ],
)
def test_a_charset_has_several_names(name, codec, text):
    assert decode_text(text.encode(codec), name) == text


@pytest.mark.parametrize(
    "charset", ["windows-1251", "gb2312", "shift_jis", "euc-kr", "iso-2022-jp"]
)
@pytest.mark.parametrize(
    "text", ["Город открыл в понедельник трамвай", "港町の路面電車が開業しました"]
)
def test_utf8_is_read_as_utf8_whatever_the_mail_declares(charset, text):
    assert decode_text(text.encode(), charset) == text


def test_a_short_text_that_may_be_both_is_read_as_declared():
    data = b"\xc4\xb0\xc4\xa7"

    assert data.decode("utf-8") == "İħ"
    assert decode_text(data, "gb2312") == data.decode("gbk")


def test_japanese_with_additions_of_microsoft_and_without_a_charset_is_read():
    additions = b"\x1b$B\x2d\x21\x2d\x6a\x1b(B and \x1b(IC=D\x1b(B"

    assert decode_text(additions, "") == "①㈱ and ﾃｽﾄ"
    assert decode_text("港町".encode("iso-2022-jp"), "") == "港町"


def test_headers_in_raw_bytes_have_the_charset_of_the_body():
    raw = mail("x", "text/plain; charset=gbk").replace(b"Ada Brook", "港口".encode("gbk"))

    assert read(raw).sender == "港口"
