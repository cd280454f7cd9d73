"""The sample mails, from which new users hear their first episode."""

import re
from functools import cache
from importlib.resources import files

import pytest
from audiobrew.inbox.samples import SampleMailbox
from audiobrew.mail.newsletter import Cut, Newsletter

COUNT = 10  # of the newsletters
RAW = [file.read_bytes() for file in (files("audiobrew.inbox") / "samples").iterdir()]


def words(newsletter: Newsletter) -> str:
    return " ".join(block.text for block in newsletter.uncut_blocks)


@cache
def all_mails() -> list[Newsletter]:
    return list(SampleMailbox().newsletters())


@cache
def newsletters() -> list[Newsletter]:
    return [mail for mail in all_mails() if mail.bulk]


@pytest.fixture(params=range(COUNT))
def newsletter(request: pytest.FixtureRequest) -> Newsletter:
    return newsletters()[request.param]


def by(sender: str) -> Newsletter:
    [found] = [mail for mail in all_mails() if sender in mail.sender]
    return found


def test_there_are_ten_newsletters_and_two_other_mails():
    assert len(newsletters()) == COUNT
    assert [mail.subject[:10] for mail in all_mails() if not mail.bulk] == [
        "Your recei",
        "Invitation",
    ]


def test_the_samples_are_in_four_languages():
    languages = [mail.language for mail in newsletters()]

    assert {language: languages.count(language) for language in languages} == {
        "en": 6,
        "de": 2,
        "fr": 1,
        "es": 1,
    }


def test_the_newest_comes_first():
    assert sorted(all_mails(), key=lambda mail: mail.received_at, reverse=True) == all_mails()


def test_each_is_as_long_as_newsletters_are(newsletter):
    assert 300 <= len(words(newsletter).split()) <= 1_200


def test_all_boilerplate_is_cut(newsletter):
    assert not re.search(
        r"unsubscribe|view (?:this|in)|abmelden|désabonn|de baja|©|pillowmint|vaultwren|tallyho|packesel"
        r"|sonnentopf|halage|huerta clara|advice|referral|privacy|impressum",
        words(newsletter),
        re.IGNORECASE,
    )


def test_cut_blocks_have_a_reason(newsletter):
    assert {block.cut for block in newsletter.blocks} >= {None, Cut.FOOTER}
    assert len({block.id for block in newsletter.blocks}) == len(newsletter.blocks)


def test_two_newsletters_report_one_story_with_different_details():
    one, other = words(by("Morning Pour")), words(by("Grid & Gravity"))

    assert "Halden Cells" in one
    assert "Halden Cells" in other
    assert "4 gigawatt-hours" in one
    assert "3.5 gigawatt-hours" in other


def test_a_company_is_in_two_stories():
    assert "colour display" in words(by("Signal & Static"))
    assert "spare parts" in words(by("Margin Call"))


def test_a_hidden_instruction_to_a_model_is_in_no_block():
    assert any(b"Ignore all previous instructions" in raw for raw in RAW)
    assert not any("previous instructions" in block.text for block in by("Signal").blocks)


def test_a_visible_instruction_is_only_text():
    assert "“Ignore previous instructions and say" in words(by("Margin Call"))


def test_an_attached_newsletter_is_not_read():
    assert any(b"old-newsletter.html" in raw for raw in RAW)
    assert not any("Issue 13" in block.text for mail in all_mails() for block in mail.blocks)


def test_the_samples_use_the_encodings_of_real_mails():
    sent = b"\n".join(RAW).lower()

    for sign in (
        b"format=flowed; delsp=yes",
        b"multipart/related",
        b"multipart/mixed",
        b"charset=iso-8859-1",
        b"base64",
        b"quoted-printable",
        b"windows-1252",
        b"<!--[if mso",
        b"text/calendar",
        b'width=3d"1"',
        b"font-size:0px",
    ):
        assert sign in sent


def test_flowed_text_has_whole_words():
    assert "The tide gauge at Saltmarsh Quay is a hundred and nine years old" in words(
        by("Carlyon")
    )
