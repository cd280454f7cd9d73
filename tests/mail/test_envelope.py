"""Read the sender, the date and the key of a mail, and whether it is a newsletter."""

from datetime import UTC, datetime, timedelta

import pytest
from audiobrew.mail.mime.encoded_words import decode_encoded_words

from tests.mail.mails import mail, read

SENT = datetime(2026, 11, 2, 7, tzinfo=UTC)


def with_fields(**fields: str) -> bytes:
    raw = mail("Hello.").decode()
    for name, value in fields.items():
        name = name.replace("_", "-").title()
        other_lines = [
            line for line in raw.split("\r\n") if not line.lower().startswith(f"{name}:".lower())
        ]
        raw = "\r\n".join([f"{name}: {value}", *other_lines] if value else other_lines)
    return raw.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    ("header", "sender", "address"),
    [
        ("Ada Brook <Ada@Example.COM>", "Ada Brook", "ada@example.com"),
        ('"Brook, Ada" <ada@example.com>', "Brook, Ada", "ada@example.com"),
        ("ada@example.com", "ada@example.com", "ada@example.com"),
        ("<ada@example.com>", "ada@example.com", "ada@example.com"),
        ("=?utf-8?q?Caf=C3=A9?= <cafe@example.com>", "Café", "cafe@example.com"),
        (
            "=?utf-8?b?Q2Fmw6k=?=\r\n =?utf-8?b?IE5vcmQ=?= <c@example.com>",
            "Café Nord",
            "c@example.com",
        ),
        ("Ada Brook", "Ada Brook", ""),
        ("ada@example.com (Ada Brook)", "Ada Brook", "ada@example.com"),
        ("<ada@example.com> (The Brook)", "The Brook", "ada@example.com"),
        ("Café <c@example.com>", "Café", "c@example.com"),
        ("Ada (work) <ada@example.com>, Bo <bo@example.com>", "Ada (work)", "ada@example.com"),
    ],
)
def test_the_sender_is_read(header, sender, address):
    newsletter = read(with_fields(From=header))

    assert (newsletter.sender, newsletter.address) == (sender, address)


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("=?utf-8?q?A=20=E2=9C=93?= mark", "A ✓ mark"),
        ("=?utf-8?q?half_=C3?= =?utf-8?q?=A9?=", "half é"),
        ("=?iso-8859-1?Q?caf=E9?=", "café"),
        ("=?utf-8*en?q?Hello?=", "Hello"),
        ("=?utf-8?b?SGVsbG8?=", "Hello"),
        ("=?utf-8?b?!!!?= left", "left"),
        ("=?utf-8?x?Hello?=", "=?utf-8?x?Hello?="),
        ("=?nonsense?q?Hello?=", "Hello"),
        ("=?utf-8?q?unfinished", "=?utf-8?q?unfinished"),
        ("tab\tand  gap", "tab and gap"),
    ],
)
def test_encoded_words_are_decoded_and_malformed_ones_stay(header, text):
    assert decode_encoded_words(header) == text


def test_the_key_of_a_newsletter_is_its_list_id():
    newsletter = read(with_fields(List_Id='"The Letter" <Letter.Example.com>'))

    assert newsletter.bulk
    assert newsletter.key == "letter.example.com"


@pytest.mark.parametrize("field", ["List_Unsubscribe", "List_Post"])
def test_without_a_list_id_the_key_is_the_address(field):
    newsletter = read(with_fields(**{field: "=?us-ascii?Q?=3Chttps=3A//example=2Ecom/u=3E?="}))

    assert newsletter.bulk
    assert newsletter.key == "ada@example.com"


def test_other_mail_is_read_but_is_no_newsletter():
    assert not read(mail("Hello.")).bulk
    assert not read(with_fields(List_Id=" ")).bulk


@pytest.mark.parametrize(
    "header",
    ["Mon, 2 Nov 2026 08:00:00 +0100", "2 Nov 2026 07:00:00 GMT", "Mon, 02 Nov 26 07:00 -0000"],
)
def test_the_date_is_converted_to_utc(header):
    assert read(with_fields(Date=header)).received_at == SENT


@pytest.mark.parametrize(
    "header", ["", "yesterday", "Mon, 99 Foo 2026", "31 Dec 9999 23:00:00 -2300"]
)
def test_without_a_date_the_received_header_is_used(header):
    raw = with_fields(Date=header, Received="from a by b; Mon, 2 Nov 2026 08:00:00 +0100")

    assert read(raw).received_at == SENT


def test_without_any_date_the_current_time_is_used():
    came = read(with_fields(Date="never")).received_at

    assert came.utcoffset() == timedelta()
    assert datetime.now(UTC) - came < timedelta(minutes=1)


def test_a_very_long_subject_is_truncated():
    assert len(read(with_fields(Subject="word " * 100_000)).subject) <= 300


def test_emoji_of_several_characters_stay_whole_in_a_subject():
    assert read(with_fields(subject="👩‍🚀 lands, 🏳️‍🌈 flies")).subject == "👩‍🚀 lands, 🏳️‍🌈 flies"


def test_filler_within_latin_words_is_removed_and_persian_stays_joined():
    assert (
        read(with_fields(subject="31\u200c00 Qu\u200cay St\u200dreet")).subject
        == "3100 Quay Street"
    )
    assert read(with_fields(subject="می\u200cخواهم")).subject == "می\u200cخواهم"


@pytest.mark.parametrize(
    ("fields", "bulk"),
    [
        ({"Precedence": "bulk"}, True),
        ({"Precedence": " List"}, True),
        ({"Precedence": "first-class"}, False),
        ({"Feedback_ID": "17:brook:mail"}, True),
        ({"Precedence": "bulk", "Auto_Submitted": "auto-replied"}, False),
    ],
)
def test_headers_of_mass_mail_are_signs_of_a_newsletter(fields, bulk):
    assert read(with_fields(**fields)).bulk is bulk


@pytest.mark.parametrize(
    ("body", "bulk"),
    [
        ('<a href="https://a.example/x">Unsubscribe</a>', True),
        ('<a href="https://a.example/x">Newsletter abbestellen</a>', True),
        ('Odběr můžete <a href="https://a.example/x">odhlásit</a>.', True),
        ('Kein Interesse? <a href="https://a.example/unsubscribe/7">Hier entlang</a>.', True),
        ('<a href="https://a.example/x">Manage your preferences</a>', False),
        ("Write to us to unsubscribe.", False),
        ('<a href="https://a.example/x">The pier</a>', False),
    ],
)
def test_a_link_to_unsubscribe_is_a_sign_of_a_newsletter(body, bulk):
    text = "<p>The harbour office opens the new pier on Monday, after nine years of building.</p>"

    assert read(mail(f"{text * 3}<p>{body}</p>", "text/html; charset=utf-8")).bulk is bulk
