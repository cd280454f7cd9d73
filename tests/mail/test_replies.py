"""What a reply quotes of an earlier mail is not news."""

import pytest
from audiobrew.mail.newsletter import Newsletter

from tests.mail.mails import html, mail, read, texts

ANSWER = "I drove past the harbour yesterday and the cranes were still there, so I doubt it."
FIRST = "The harbour of Aveiro opens again on Tuesday after nine weeks of repairs, says the mayor."
SECOND = "Growers in Huila report a harvest that is twelve percent larger than last year."
ATTRIBUTION = "On Tue, 24 Nov 2026 at 07:30, The Roast <hello@roast.example> wrote:"
REPLY = "In-Reply-To: <1@roast.example>\r\nList-Id: <roast.lists.example>\r\n"
HTML_ATTRIBUTION = ATTRIBUTION.replace("<", "&lt;").replace(">", "&gt;")
PARAGRAPHS = f"<p>{FIRST}</p><p>{SECOND}</p>"
HTML_REPLIES = {
    "gmail": f'<p>{ANSWER}</p><div class="gmail_quote"><div class="gmail_attr">{HTML_ATTRIBUTION}</div>'
    f'<blockquote class="gmail_quote">{PARAGRAPHS}</blockquote></div>',
    "apple": f'<div>{ANSWER}</div><blockquote type="cite"><div>{HTML_ATTRIBUTION}</div>'
    f"{PARAGRAPHS}</blockquote>",
    "outlook": f"<p>{ANSWER}</p><p><b>From:</b> The Roast &lt;hello@roast.example&gt;<br><b>Sent:</b>"
    " Tuesday, November 24, 2026 7:30 AM<br><b>To:</b> roast@lists.example<br><b>Subject:</b> Harbour</p>"
    f"{PARAGRAPHS}",
    "thunderbird": f'<p>{ANSWER}</p><div class="moz-cite-prefix">{HTML_ATTRIBUTION}</div>'
    f'<blockquote type="cite" cite="mid:1">{PARAGRAPHS}</blockquote>',
    "webmail": f"<p>{ANSWER}</p><p>{HTML_ATTRIBUTION}</p><blockquote>{PARAGRAPHS}</blockquote>",
}


def uncut(newsletter: Newsletter) -> list[str]:
    return [block.text for block in newsletter.uncut_blocks]


@pytest.mark.parametrize("program", HTML_REPLIES)
def test_the_mail_that_a_reply_quotes_is_cut(program: str) -> None:
    reply = read(html(HTML_REPLIES[program], REPLY))

    assert uncut(reply) == [ANSWER]
    assert {FIRST, SECOND} <= set(texts(reply))


@pytest.mark.parametrize(
    "attribution", [ATTRIBUTION, "Am 24.11.26 um 07:30 schrieb The Roast:", "The Roast wrote:"]
)
def test_quotations_of_plain_text_are_cut(attribution: str) -> None:
    quoted = f"{attribution}\r\n> {FIRST}\r\n>\r\n> {SECOND}\r\n"

    assert uncut(read(mail(f"{ANSWER}\r\n\r\n{quoted}", head=REPLY)))[0] == ANSWER
    assert FIRST not in " ".join(uncut(read(mail(f"{ANSWER}\r\n\r\n{quoted}", head=REPLY))))


def test_answers_between_quotations_are_told() -> None:
    other = "Good for them, I say, after two years of drought in the region."
    body = f"{ATTRIBUTION}\r\n> {FIRST}\r\n\r\n{ANSWER}\r\n\r\n> {SECOND}\r\n\r\n{other}\r\n"

    assert uncut(read(mail(body, head=REPLY))) == [ANSWER, other]


@pytest.mark.parametrize("subject", ["Re: A letter", "[roast] Re: A letter", "AW: A letter"])
def test_the_subject_shows_a_reply(subject: str) -> None:
    raw = html(HTML_REPLIES["webmail"]).replace(
        b"Subject: A letter", f"Subject: {subject}".encode()
    )

    assert uncut(read(raw)) == [ANSWER]


def test_quotations_of_a_newsletter_are_told() -> None:
    """It answers nothing, or it quotes people and no mail."""
    body = f"<p>{ANSWER}</p><blockquote>{PARAGRAPHS}</blockquote>"

    assert uncut(read(html(body))) == [ANSWER, FIRST, SECOND]
    assert uncut(read(html(body, REPLY))) == [ANSWER, FIRST, SECOND]


def test_a_forward_that_keeps_the_headers_of_a_reply_is_told() -> None:
    forward = (
        '<div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>'
        "From: <b>The Roast</b> &lt;hello@roast.example&gt;<br>Date: Tue, Nov 24, 2026 at 7:30 AM<br>"
        f"Subject: Harbour opens again<br>To: &lt;ada@example.com&gt;<br></div>{PARAGRAPHS}</div>"
    )
    head = "References: <1@roast.example>\r\n"
    raw = html(forward, head).replace(b"Subject: A letter", b"Subject: Fwd: Harbour opens again")

    assert uncut(read(raw)) == [FIRST, SECOND]
