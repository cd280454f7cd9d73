"""What newsletters say about themselves and their authors is cut; stories about such things stay."""

import pytest
from audiobrew.mail.newsletter import Cut

from tests.mail.test_boilerplate import AFTER, BEFORE, cuts_by_text, link


@pytest.mark.parametrize(
    "words",
    [
        "Our two reporters are paid by members like you. Join for $5 a month.",
        f"Unsere Redaktion lebt von Ihrem Abo. {link('Jetzt Mitglied werden')}",
        f"Si nuestra carta te acompaña, hazte socia por 3 euros al mes. {link('Apóyanos')}",
        f"Jeśli nasz newsletter jest dla Ciebie ważny, wesprzyj redakcję. {link('Wpłać')}",
        f"Vi är tre ideella. Swisha en slant, så kan vi skriva nästa brev. {link('Stöd oss')}",
    ],
)
def test_appeals_at_the_end_are_cut(words):
    cuts = cuts_by_text(f"{BEFORE}<p>{words}</p>")

    assert list(cuts.values())[-1] is Cut.NAVIGATION


@pytest.mark.parametrize(
    "words",
    [
        "The club has 400 members, and each of them pays 60 dollars a year for the boathouse.",
        "Readers who subscribe to two papers are rare, the editor of the Mercury told us.",
        "Die Abonnenten der Zeitung haben gegen die neue Leserbriefseite abgestimmt.",
        "Les membres de la coopérative ont voté le don de leur camion au village.",
    ],
)
def test_stories_about_members_and_readers_are_told(words):
    assert cuts_by_text(f"{BEFORE}<p>{words}</p>{AFTER}")[words] is None


@pytest.mark.parametrize(
    "line",
    [
        "Words: Ada Brook. Photos: Carl Dunn, the museum. Proofreading: Hank.",
        "Texte: Imke Lührs · Fotos: Jens Ahlf (2)",
        "Testi di Silvia Renzi. Illustrazioni di Paolo Neri.",
        "글 은결 · 그림 소만 · 편집 도레",
    ],
)
def test_a_line_of_several_credits_is_cut(line):
    assert cuts_by_text(f"{BEFORE}<p>{line}</p>{AFTER}")[line] is Cut.NAVIGATION


def test_a_list_that_names_the_headings_in_other_words_is_cut():
    entries = ["The ferry that only reverses", "Christmas lights without a patron", "A cat on duty"]
    headings = ["Why the ferry goes backwards", "Nobody pays for the lights", "The station cat"]
    items = "".join(f"<li>{entry}</li>" for entry in entries)
    stories = "".join(f"<h2>{heading}</h2>{AFTER[AFTER.index('<p>') :]}" for heading in headings)
    cuts = cuts_by_text(f"<p>Good morning.</p><ul>{items}</ul>{stories}")

    assert {cuts[entry] for entry in entries} == {Cut.NAVIGATION}
    assert {cuts[heading] for heading in headings} == {None}


def test_a_list_at_the_top_that_no_heading_repeats_is_told():
    entries = [
        "Trams run again to Corve",
        "The pool opens on Friday",
        "Bread costs four cents more",
    ]
    items = "".join(f"<li>{entry}</li>" for entry in entries)
    cuts = cuts_by_text(f"<p>Good morning.</p><ul>{items}</ul><h2>The bridge</h2>{AFTER}")

    assert {cuts[entry] for entry in entries} == {None}


@pytest.mark.parametrize(
    "line",
    [
        f"Your turn! Which bridge do you take? {link('The old')} / {link('The new')} / {link('I swim')}",
        f"Und Sie? Stimmen Sie ab: {link('Dafür')} – {link('Dagegen')} – {link('Mir egal')}",
    ],
)
def test_a_poll_in_one_line_is_cut(line):
    cuts = cuts_by_text(f"{BEFORE}<p>{line}</p>{AFTER}")

    assert [cut for text, cut in cuts.items() if "?" in text] == [Cut.NAVIGATION]


FOOTER = f"<p>© 2026 Ada Brook</p><p>{link('Unsubscribe')}</p>"


@pytest.mark.parametrize(
    "name", ["Ada", "Ada Brook", "Ruth och Malin", "Nuria", "Ola und Jens Ahlf"]
)
def test_the_name_below_a_letter_is_cut(name):
    cuts = cuts_by_text(f"{BEFORE}<p>{name}</p>{FOOTER}")

    assert cuts[name] is Cut.NAVIGATION


def test_the_name_of_the_copyright_above_a_letter_is_cut():
    cuts = cuts_by_text(f"<h1>The mender has moved</h1><p>林小满</p>{AFTER}<p>© 2026 林小满</p>")

    assert cuts["林小满"] is Cut.NAVIGATION


@pytest.mark.parametrize("name", ["Arden", "Ruth Okonjo"])
def test_a_name_among_stories_is_told(name):
    cuts = cuts_by_text(f"{BEFORE}<p>{name}</p>{AFTER}{FOOTER}")

    assert cuts[name] is None


def test_the_name_below_a_quotation_is_told():
    quotation = "“We measured the tide for thirty years, and nobody asked.”"
    cuts = cuts_by_text(f"{BEFORE}<p>{quotation}</p><p>Ruth Okonjo</p>{FOOTER}")

    assert cuts["Ruth Okonjo"] is None


def test_the_answer_to_a_readers_letter_is_told():
    question = "„Ich habe 12.000 Euro übrig. Tagesgeld oder Tilgung?“ – Svenja aus Gera"
    answer = (
        "Liebe Svenja, wenn dein Kredit mehr kostet, als dein Konto bringt, tilge. Das ist die ganze"
        " Antwort. Es gibt Podcasts, die daraus sechs Folgen machen."
    )
    cuts = cuts_by_text(f"{BEFORE}<h2>Leserfrage</h2><p>{question}</p><p>{answer}</p>")

    assert cuts[answer] is None
