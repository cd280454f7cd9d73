"""A listener understands every token of a clear sentence. Others are told last, or not at all."""

import pytest
from audiobrew.script.clarity import Clarity, clarity_of
from audiobrew.script.items import items_of
from audiobrew.script.speakability import without_doubtful_remarks
from audiobrew.script.titles import clear_heading

from tests.mail.mails import html, read
from tests.script.test_structure import STORY

UNCLEAR = [
    ("en", "The listener on [::1]:9090 wakes up."),
    ("en", "Please fix the vrfd flag."),
    ("en", "Holt 6; Marsh 7, Venn 5, Ito 8, Brandt 6."),
    ("en", "Shots (on target): 11 (4) – 8 (3)."),
    ("en", "The pump uses 3 mbps=4 links."),
    ("en", "Its wrd1 is gone."),
    ("de", "Die Pumpe am Trm läuft mit 4kx weiter."),
    ("fr", "La source∗2 est § 4 = b."),
    ("en", "Patch file 2041 77312 fixes it."),
    ("en", "The vote was 61 40 in the hall."),
    ("en", "She had four points (1–3–4) at home."),
    ("en", "The path is 9 kilometres / 400 metres."),
    ("en", "Set the oven to 190 (170 fan)/gas 5."),
    ("en", "Exports, m, adjusted, rose."),
    ("en", "Marsh W.: 41 points."),
    ("en", "It went to the spot: against . Then it rained."),
    ("en", "The pump ran, Δ minus 4 percent."),
    ("en", "The field is 40 µq."),
    ("en", "It was measured at 60 mQ per metre."),
    ("en", "Quote: ’0 0 0 claims."),
    ("en", "The mill, incl. the vgn. wheel, is old."),
    ("en", "The U. Mich. sentiment rose."),
    ("de", "Holm bleibt Achter (11 Sp., 21 Punkte)."),
    ("de", "Die Kfz/24 h sind gezählt."),
    ("de", "Gesperrt ist die Brücke bis vsl. Montag."),
    ("it", "Risponde il geom. Tofani della Coop."),
    ("es", "Sube al insc. Mirador con los niños."),
    ("fr", "Le parc est fermé par arr. Mercier."),
]
DOUBTFUL = [
    ("en", "Marlow Mills (MLM) closed at 4 pounds."),
    ("en", "Claims came to 218,000, 209,000."),
    ("en", "Seats cost 12 pounds, 8 pounds."),
    ("en", "The bill for 2031 32 is ready."),
    ("de", "Der Bus hält am Ulmer Hbk und fährt dann weiter."),
    ("nl", "De bus vertrekt om 7.15, zoals altijd."),
    ("en", "Set --loud before the mill starts."),
    ("en", "Orrin traded D Ada Holm-Venn, 27, to Marsh."),
    ("en", "SVP: Ito 44, the most of all."),
    ("en", "Marsh had three goals in 11 TP."),
]
CLEAR = [
    ("en", "Shares fell at Apple. iPhone sales rose by 3 percent."),
    ("en", "The A97, the X12 and an Airbus A320 passed H5N1 and IPv6 talks at the G7."),
    ("en", "She'll be 81 in May; he'd, they'll and it's are words, hmm."),
    ("en", "Gwen Ito (64) of the Town Council (TC) met NATO and the ECB in 2024."),
    ("en", "A 20-minute film, a 3-bed house and the 1990s: 7:45 is 12.5 percent of 4,118.20."),
    ("en", "The books by F Scott Fitzgerald are old, and vitamin D helps."),
    ("en", "BBC: Radio plays move to Monday."),
    ("en", "It won 3 to 2, and 4 to 1 on Sunday."),
    ("en", "Chris said the strengths of the sphinx and the chrysalis thrill schoolchildren."),
    ("en", "In 2019, 45 people came, and in 1999, 2004 and 2009 nobody."),
    ("en", "“It rained,” [the mayor] said."),
    ("de", "Die GmbH in Ulm zahlt 3,5 Millionen Euro, sagt Herr Schwarz (71) am 3. Mai."),
    ("fr", "C’est la 3e fois, le 1er mai, qu’il y va : l’an 2000 n’est plus."),
    ("es", "El 1.º de mayo llegan 12 mil personas."),
    ("it", "È la 3ª volta, dal 1958, che c’è l’acqua a Ca’ Storta."),
    ("cs", "Strč prst skrz krk."),
    ("en", "The cat sat on the mat. Marsh took the bag. Venn had one. In the dark it ran."),
    ("en", "It is 60 40 for the mill, and 50 50 for the bakery, at 8 hertz. Marsh says so."),
    ("en", "He/she and/or they went by the river. 40 people came."),
    ("de", "Der Haushalt 2031 und der Garten sind fertig. Montag wird gezählt."),
    ("it", "Il film è in sala per sempre, con Tom e la sua 2ª B."),
    ("el", "Το Δέλτα και η Σίφνος είναι κοντά."),
    ("ru", "В 2024 году их было 12."),
    ("ja", "2024年に3人が来た。"),
    ("zh", "今天是11月29日，这里是AudioBrew。"),
]


@pytest.mark.parametrize(
    ("clarity", "language", "text"),
    [
        (clarity, language, text)
        for clarity, sentences in (
            (Clarity.UNCLEAR, UNCLEAR),
            (Clarity.DOUBTFUL, DOUBTFUL),
            (Clarity.CLEAR, CLEAR),
        )
        for language, text in sentences
    ],
)
def test_sentences_are_as_clear_as_their_tokens(clarity: Clarity, language: str, text: str) -> None:
    assert clarity_of(text, language) is clarity


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (
            "Marlow Mills (MLM) sold its last mill on Monday.",
            "Marlow Mills sold its last mill on Monday.",
        ),
        ("Ada Venn (64) sold the mill on Monday.", "Ada Venn (64) sold the mill on Monday."),
        (
            "The Town Council (TC) sold it on Monday.",
            "The Town Council (TC) sold it on Monday.",
        ),
        ("It went (KRX: 5) down.", "It went (KRX: 5) down."),
    ],
)
def test_codes_in_brackets_are_left_out_of_whole_sentences(text: str, rest: str) -> None:
    assert without_doubtful_remarks(text, "en") == rest


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("Faster start of the mill (MLM)", "Faster start of the mill"),
        ("Faster start of the mill (on Monday)", "Faster start of the mill (on Monday)"),
        ("The wheel [::1]:9090 turns", ""),
    ],
)
def test_headings_are_clear(title: str, heading: str) -> None:
    assert clear_heading(title, "en") == heading


def told(page: str) -> list[str]:
    return [line.text for item in items_of(read(html(page))) for line in item.lines]


def entries(*texts: str) -> str:
    return f"<ul>{''.join(f'<li>{text}</li>' for text in texts)}</ul>"


CODES = (
    "Run brwx --all=4 before you start the mill.",
    "Set GRND_SIZE=4 for rye and for wheat.",
    "The door of the mill is open on Monday.",
)


def test_a_list_of_which_most_entries_are_unclear_is_left_out_with_what_leads_to_it() -> None:
    page = f"{STORY}<p>This is new in the mill this week:</p>{entries(*CODES)}"

    assert told(page) == told(STORY)


def test_of_a_list_with_more_clear_entries_these_are_told() -> None:
    clear = ("The shop sells flour again on Tuesday.", "The wheel turns by itself on Friday.")
    page = f"{STORY}<p>This is new in the mill this week:</p>{entries(*clear, *CODES[1:])}"

    assert [text for text in told(page) if "mill" in text or "shop" in text] == [
        "This is new in the mill this week:",
        "The shop sells flour again on Tuesday.",
        "The door of the mill is open on Monday.",
    ]


def test_a_short_entry_is_told_with_the_others_of_its_list() -> None:
    listed = entries("14 tubs of plums, stewed", "9 loaves, sliced, in the drawer", "half a cheese")
    lines = told(f"{STORY}<p>By my count there were:</p>{listed}<p>The cheese was mine.</p>")

    assert "cheese" in " ".join(lines[: lines.index("The cheese was mine.")])
