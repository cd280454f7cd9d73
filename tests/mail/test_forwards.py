"""Forwarded newsletters: inline and as attachments, as mail programs make them in many languages."""

import base64
from datetime import UTC, datetime

import pytest
from audiobrew.mail.forward_dates import parse_forward_date
from audiobrew.mail.newsletter import BlockKind, Newsletter

from tests.mail.mails import read

FORWARDED = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
STORY = (
    "The quay of Ostrava Bay is closed for repairs until the spring, the harbour office said on Tuesday.",
    "Fishing boats moor at the north pier, and the market moves into the old customs house.",
)
NEWSLETTER = (
    "From: The Pier <hello@pier.example>\r\nTo: Ada <ada@home.example>\r\nSubject: The quay closes\r\n"
    "Date: Tue, 17 Nov 2026 06:00:00 +0000\r\nList-Id: <pier.example>\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\n" + "\r\n\r\n".join(STORY) + "\r\n"
)
PAGE = (
    f'<h1>The quay closes</h1><p>{STORY[0]}</p><p>{STORY[1]}</p><p><a href="https://pier.example/u">'
    "Unsubscribe</a></p>"
)
NOTE = "Ada, this may interest you."


def forward(body: str, kind: str = "text/plain", subject: str = "Fwd: The quay closes") -> bytes:
    return (
        f"From: Bo Lind <bo@home.example>\r\nTo: Ada <ada@home.example>\r\nSubject: {subject}\r\n"
        "Date: Sat, 21 Nov 2026 09:30:00 +0000\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: {kind}; charset=utf-8\r\n\r\n{body}"
    ).encode()


def told(newsletter: Newsletter) -> list[str]:
    return [block.text for block in newsletter.uncut_blocks]


def assert_unwrapped(raw: bytes, *, titles: int = 0) -> Newsletter:
    newsletter = read(raw)
    expected = ["The quay closes"] * titles + list(STORY)

    assert told(newsletter) == expected
    assert (newsletter.sender, newsletter.address) == ("The Pier", "hello@pier.example")
    assert newsletter.subject == "The quay closes"
    assert newsletter.received_at.date().isoformat() == "2026-11-17"
    return newsletter


# What programs write above a forwarded mail: the lines, in plain text.
HEADS = {
    "gmail en": """---------- Forwarded message ---------
From: The Pier <hello@pier.example>
Date: Tue, Nov 17, 2026 at 6:00 AM
Subject: The quay closes
To: Ada <ada@home.example>""",
    "gmail de": """---------- Forwarded message ---------
Von: The Pier <hello@pier.example>
Date: Di., 17. Nov. 2026 um 06:00 Uhr
Subject: The quay closes
To: Ada <ada@home.example>""",
    "gmail fr": """---------- Message transféré ---------
De : The Pier <hello@pier.example>
Date: mar. 17 nov. 2026 à 06:00
Objet : The quay closes
À : Ada <ada@home.example>""",
    "outlook en": """________________________________
From: The Pier <hello@pier.example>
Sent: Tuesday, November 17, 2026 6:00 AM
To: Ada <ada@home.example>
Subject: The quay closes""",
    "outlook mailto": """-----Original Message-----
From: bounce@mail.example [mailto:hello@pier.example] On Behalf Of The Pier
Sent: Tuesday, November 17, 2026 6:00 AM
To: Ada
Subject: The quay closes""",
    "outlook de": """-----Ursprüngliche Nachricht-----
Von: The Pier <hello@pier.example>
Gesendet: Dienstag, 17. November 2026 06:00
An: Ada <ada@home.example>
Betreff: The quay closes""",
    "outlook sv": """Från: The Pier <hello@pier.example>
Skickat: den 17 november 2026 06:00
Till: Ada
Ämne: The quay closes""",
    "outlook pl": """Od: The Pier <hello@pier.example>
Wysłano: wtorek, 17 listopada 2026 06:00
Do: Ada
Temat: The quay closes""",
    "outlook es": """De: The Pier <hello@pier.example>
Enviado el: martes, 17 de noviembre de 2026 6:00
Para: Ada
Asunto: The quay closes""",
    "outlook zh": """发件人: The Pier <hello@pier.example>
发送时间: 2026年11月17日 6:00
收件人: Ada
主题: The quay closes""",
    "outlook ja": """差出人: The Pier <hello@pier.example>
送信日時: 2026年11月17日 6:00
宛先: Ada
件名: The quay closes""",
    "outlook ru": """От: The Pier <hello@pier.example>
Отправлено: 17 ноября 2026 г. 6:00
Кому: Ada
Тема: The quay closes""",
    "outlook he": """מאת: The Pier <hello@pier.example>
נשלח: יום שלישי 17 נובמבר 2026 06:00
אל: Ada
נושא: The quay closes""",
    "thunderbird cs": """-------- Přeposlaná zpráva --------
Předmět: The quay closes
Datum: Tue, 17 Nov 2026 06:00:00 +0000
Od: The Pier <hello@pier.example>
Komu: Ada <ada@home.example>""",
    "yahoo it": """----- Messaggio inoltrato -----
Da: The Pier <hello@pier.example>
A: Ada
Inviato: martedì 17 novembre 2026 alle ore 06:00:00 CET
Oggetto: The quay closes""",
    "apple nl": """Begin doorgestuurd bericht:

Van: The Pier <hello@pier.example>
Onderwerp: The quay closes
Datum: 17 november 2026 om 06:00:00 CET
Aan: Ada <ada@home.example>""",
}
PREFIXES = {
    "de": "WG",
    "fr": "TR",
    "sv": "VB",
    "pl": "PD",
    "es": "RV",
    "it": "I",
    "zh": "转发",
    "ja": "転送",
}


@pytest.mark.parametrize("name", HEADS)
@pytest.mark.parametrize("note", ["", NOTE], ids=["bare", "note"])
def test_a_plain_text_forward_is_the_newsletter(name: str, note: str) -> None:
    prefix = PREFIXES.get(name.split()[1], "Fwd")
    body = "\n\n".join([note, HEADS[name], *STORY]).lstrip()

    assert_unwrapped(forward(body, subject=f"{prefix}: The quay closes"))


@pytest.mark.parametrize("name", HEADS)
def test_an_html_forward_is_the_newsletter(name: str) -> None:
    lines = [line for line in HEADS[name].replace("<", "&lt;").split("\n") if line]
    body = f"<div>{NOTE}</div><br><div>{'<br>'.join(lines)}</div><br><br><div>{PAGE}</div>"

    assert assert_unwrapped(forward(body, "text/html"), titles=1).bulk


def test_apple_mails_blockquote_is_no_quotation() -> None:
    fields = {
        "From": "The Pier &lt;hello@pier.example&gt;",
        "Subject": "<b>The quay closes</b>",
        "Date": "17 November 2026 at 06:00:00 GMT",
        "To": "Ada &lt;ada@home.example&gt;",
    }
    head = "".join(
        f'<div style="margin:0px"><span><b>{name}: </b></span><span>{value}<br></span></div>'
        for name, value in fields.items()
    )
    page = PAGE.replace(
        "</h1>", "</h1><blockquote><p>“Dry feet at last,” he said.</p></blockquote>"
    )
    body = (
        f'{NOTE}<br><div><br><blockquote type="cite"><div>Begin forwarded message:</div><br>{head}<br>'
        f"<div>{page}</div></blockquote></div>"
    )
    newsletter = read(forward(body, "text/html"))

    assert [(block.kind, block.text) for block in newsletter.uncut_blocks] == [
        (BlockKind.HEADING, "The quay closes"),
        (BlockKind.QUOTATION, "“Dry feet at last,” he said."),
        (BlockKind.PARAGRAPH, STORY[0]),
        (BlockKind.PARAGRAPH, STORY[1]),
    ]
    assert newsletter.sender == "The Pier"


def test_apple_mails_marks_in_plain_text_are_no_quotation() -> None:
    lines = ["From: The Pier <hello@pier.example>", "Subject: The quay closes"]
    lines += ["Date: 17 November 2026 at 06:00:00 GMT", "To: Ada <ada@home.example>", ""]
    lines += [STORY[0], "", STORY[1]]
    body = f"{NOTE}\n\nBegin forwarded message:\n\n" + "".join(f"> {line}\n" for line in lines)
    newsletter = assert_unwrapped(forward(body))

    assert {block.kind for block in newsletter.uncut_blocks} == {BlockKind.PARAGRAPH}


def test_thunderbirds_table_of_fields_is_not_told() -> None:
    fields = {
        "Subject": "The quay closes",
        "Date": "Tue, 17 Nov 2026 06:00:00 +0000",
        "From": "The Pier <a href='mailto:hello@pier.example'>&lt;hello@pier.example&gt;</a>",
        "To": "ada@home.example",
    }
    rows = "".join(
        f'<tr><th valign="BASELINE" align="RIGHT" nowrap="nowrap">{name}: </th><td>{value}</td></tr>'
        for name, value in fields.items()
    )
    body = (
        f'<p>{NOTE}</p><div class="moz-forward-container"><br><br>-------- Forwarded Message --------'
        f'<table class="moz-email-headers-table"><tbody>{rows}</tbody></table><br><br>{PAGE}</div>'
    )

    assert_unwrapped(forward(body, "text/html"), titles=1)


def attach(inner: str, kind: str = "message/rfc822", fields: str = "") -> str:
    return (
        'Content-Type: multipart/mixed; boundary="out"\r\n\r\n--out\r\nContent-Type: text/plain\r\n\r\n'
        f"{NOTE}\r\n--out\r\nContent-Type: {kind}\r\n{fields}\r\n{inner}\r\n--out--\r\n"
    )


def with_body(body: str, subject: str = "Fwd: The quay closes") -> bytes:
    head = forward("", subject=subject).decode().partition("Content-Type")[0]
    return (head + body).encode()


@pytest.mark.parametrize(
    "fields",
    ["", 'Content-Disposition: attachment; filename="The quay closes.eml"\r\n'],
    ids=["inline", "file"],
)
def test_an_attached_mail_is_the_newsletter_with_its_list(fields: str) -> None:
    newsletter = assert_unwrapped(with_body(attach(NEWSLETTER, fields=fields)))

    assert newsletter.bulk
    assert newsletter.key == "pier.example"


@pytest.mark.parametrize("kind", ["message/rfc822", 'application/octet-stream; name="quay.EML"'])
def test_an_attached_mail_in_base64_is_the_newsletter(kind: str) -> None:
    encoded = base64.encodebytes(NEWSLETTER.encode()).decode()

    assert_unwrapped(with_body(attach(encoded, kind, "Content-Transfer-Encoding: base64\r\n")))


def test_a_mail_that_is_only_a_mail_is_the_newsletter() -> None:
    assert_unwrapped(with_body(f"Content-Type: message/rfc822\r\n\r\n{NEWSLETTER}"))


def test_a_forward_in_a_forward_in_a_forward_is_the_newsletter() -> None:
    inner = NEWSLETTER
    for boundary in ("one", "two", "three"):
        body = attach(inner).replace("out", boundary)
        inner = with_body(body, subject="Fwd: Fwd: The quay closes").decode()

    assert_unwrapped(inner.encode())


def test_inline_forwards_in_each_other_are_unwrapped() -> None:
    other = (
        "From: Bo <bo@home.example>\nDate: 19 Nov 2026 at 10:00\nSubject: Fwd: The quay closes\n"
        "To: Cy <cy@home.example>"
    )
    heads = [f"---------- Forwarded message ---------\n{other}"] * 2 + [HEADS["outlook de"]]
    body = "\n\n".join([NOTE, *heads, *STORY])

    assert_unwrapped(forward(body))
    assert_unwrapped(with_body(attach(forward(body).decode())))


def test_nested_quotation_marks_are_removed_level_by_level() -> None:
    lines = (
        f"Begin forwarded message:\n\n{HEADS['gmail en'].partition(chr(10))[2]}\n\n"
        + "\n\n".join(STORY)
    )
    once = "".join(f"> {line}\n" for line in lines.split("\n"))
    twice = "".join(f"> {line}\n" for line in f"{HEADS['apple nl']}\n\n{once}".split("\n"))
    newsletter = assert_unwrapped(forward(f"Begin forwarded message:\n\n{twice}"))

    assert {block.kind for block in newsletter.uncut_blocks} == {BlockKind.PARAGRAPH}


def test_a_reply_is_not_unwrapped() -> None:
    body = f"I disagree with the harbour office.\n\n{HEADS['outlook en']}\n\n{STORY[0]}"
    newsletter = read(forward(body, subject="Re: The quay closes"))

    assert newsletter.sender == "Bo Lind"


def test_a_newsletter_that_prints_a_mail_keeps_its_stories() -> None:
    story = (
        "The leaked mail shows how the office decided to close the quay, months before it said so."
    )
    body = f"{story}\n\n{HEADS['outlook en']}\n\n{STORY[0]}"
    raw = forward(body, subject="The quay files").replace(
        b"MIME-V", b"List-Id: <x.example>\r\nMIME-V"
    )

    assert told(read(raw))[0] == story
    assert told(read(forward(body, subject="The quay files")))[0] == story


def test_a_post_with_an_attached_mail_keeps_its_own_text() -> None:
    raw = with_body(attach(NEWSLETTER), "The agenda").replace(
        b"MIME-V", b"List-Id: <x.example>\r\nMIME-V"
    )

    assert read(raw).sender == "Bo Lind"


def test_fields_without_a_mail_below_them_are_no_forward() -> None:
    assert read(forward(f"{STORY[0]}\n\n{HEADS['gmail en']}")).sender == "Bo Lind"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fri, Nov 20, 2026 at 8:00 AM", (11, 20, 8)),
        ("Friday, November 20, 2026 8:05 PM", (11, 20, 20)),
        ("sexta-feira, 20 de novembro de 2026 08:00", (11, 20, 8)),
        ("mar. 17 mars 2026 à 09:00", (3, 17, 9)),
        ("pt., 20 lis 2026 o 08:00", (11, 20, 8)),
        ("2026년 11월 20일 (금) 오후 8:00", (11, 20, 20)),
        ("T6, 20 thg 11, 2026 vào lúc 08:00", (11, 20, 8)),
        ("20.11.2026 08:00", (11, 20, 8)),
        ("11/20/2026 8:00 AM", (11, 20, 8)),
        ("03/04/2026 08:00", (4, 3, 8)),
        ("11/12/2026 08:00", (11, 12, 8)),
        ("2026-11-20T08:00:00+02:00", (11, 20, 6)),
        ("الجمعة، 20 نوفمبر 2026 08:00", (11, 20, 8)),
        ("2099-01-01 08:00", None),
        ("yesterday", None),
        ("20 Foo 2026", None),
        ("99/99/2026", None),
    ],
)
def test_dates_of_heads_are_read_in_many_languages(text: str, expected: tuple[int, ...]) -> None:
    date = parse_forward_date(text, FORWARDED)

    assert (date and (date.month, date.day, date.hour)) == expected


def test_a_date_is_never_after_the_forward() -> None:
    assert parse_forward_date("Sat, Nov 21, 2026 at 11:00 PM", FORWARDED) == FORWARDED


@pytest.mark.parametrize("label", ["KİMDEN", "Kımden"])
def test_a_label_with_a_turkish_i_is_read(label: str) -> None:
    head = f"{label}: The Pier <hello@pier.example>\nDATE: 17 Nov 2026 06:00\nSubject: The quay closes\n"

    assert_unwrapped(forward("\n\n".join((head, *STORY))))
