"""Platforms are recognized by their marks, and what they add to newsletters is cut."""

import pytest
from audiobrew.mail.cuts.platforms import load_platforms

from tests.mail.mails import html, read

STORY = (
    "<p>The town of Arden opened its new bridge on Monday, two years after the old one was closed,"
    " and several hundred people walked across it in the rain.</p>"
)
# A platform, a header or a link that it leaves, and blocks that it adds.
ADDED = [
    (
        "substack",
        "List-Id: <lantern.substack.com>",
        ["You’re currently a free subscriber to Lantern.", "Restack"],
    ),
    ("beehiiv", "X-Mailer: beehiiv", ["You currently have 0 referrals.", "Read Online"]),
    ("ghost", "Message-ID: <1@ghost.io>", ["More like this", "Less like this"]),
    ("mailchimp", "List-Unsubscribe: <https://x.list-manage.com/u>", ["Translate", "Past Issues"]),
    ("kit", "Feedback-ID: 1:convertkit", ["Built with Kit", "Update your profile"]),
    (
        "buttondown",
        "X-Mailer: Buttondown",
        ["You just read issue #4 of Lantern.", "Don’t miss what’s next."],
    ),
    ("klaviyo", "Return-Path: <b@klaviyomail.com>", ["No longer want to receive these emails?"]),
    ("hubspot", "X-Mailer: HubSpot", ["Manage preferences"]),
    ("campaign-monitor", "Message-ID: <1@cmail20.com>", ["No images?", "Webversion"]),
    ("brevo", "X-Mailer: Sendinblue", ["This email was sent to ada@example.org"]),
    ("mailerlite", "X-Mailer: MailerLite", ["Sent by MailerLite"]),
    ("customerio", "Message-ID: <1@customeriomail.com>", ["Unsubscribe from these emails"]),
    ("revue", "Message-ID: <1@getrevue.co>", ["Did you enjoy this issue?", "Yes", "No"]),
    (
        "linkedin",
        "Sender: <n@linkedin.com>",
        ["Learn why we included this.", "Join the conversation"],
    ),
    ("medium", "Sender: <noreply@medium.com>", ["Today’s highlights", "4 min read"]),
    ("constant-contact", "Message-ID: <1@ccsend.com>", ["SafeUnsubscribe ada@example.org"]),
    ("mailman", "X-Mailer: Mailman", ["lantern-news mailing list"]),
]


def cut_texts(page: str, head: str = "") -> list[str]:
    return [block.text for block in read(html(page, head)).blocks if block.cut]


@pytest.mark.parametrize(("name", "header", "added"), ADDED, ids=[row[0] for row in ADDED])
def test_what_a_platform_adds_is_cut(name: str, header: str, added: list[str]) -> None:
    page = STORY * 4 + "".join(f"<p>{line}</p>" for line in added) + STORY * 4

    assert name in {platform.name for platform in load_platforms()}
    assert cut_texts(page, f"{header}\r\n") == added


def test_a_platform_is_recognized_by_its_links() -> None:
    link = "<p><a href='https://open.substack.com/pub/lantern/p/1'>The bridge, a history</a></p>"

    assert cut_texts(f"{STORY * 4}<p>Restack</p>{link}{STORY}") == ["Restack"]


def test_the_phrases_of_a_platform_do_not_count_in_other_mails() -> None:
    assert cut_texts(f"{STORY * 4}<p>Translate</p>{STORY * 4}") == []
