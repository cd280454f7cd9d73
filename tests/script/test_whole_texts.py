"""A short figure, a remark or a bracket takes nothing of the text around it with it."""

from datetime import date

import pytest
from audiobrew.script.extractive_plan import plan_show
from audiobrew.script.extractive_segments import build_segment
from audiobrew.script.items import items_of
from audiobrew.script.sentence_filter import clean_or_drop, is_prose
from audiobrew.script.sentences import open_brackets, sentences
from audiobrew.script.speakability import without_unclear_remarks
from audiobrew.script.writer import Brief

from tests.mail.mails import html, read

STORY = {
    "en": "<p>The mill at Corran opened again on Monday after nine years, the council said.</p>",
    "de": "<p>Die Mühle in Korrau ist nach neun Jahren am Montag wieder offen, sagt die Gemeinde.</p>",
    "fr": "<p>Le moulin de Corran a rouvert lundi après neuf ans de travaux, dit la commune.</p>",
    "es": "<p>El molino de Corrán abrió el lunes después de nueve años, según el ayuntamiento.</p>",
    "it": "<p>Il mulino di Corrano ha riaperto lunedì dopo nove anni, dice il comune.</p>",
}


def lines_of(page: str) -> list[str]:
    return [line.text for item in items_of(read(html(page))) for line in item.lines]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Oats: +£3.20. They were cheap in May, and the boats came late."),
        ("en", "The bakers asked for a figure. 1,140. Nobody at the table believed it."),
        ("de", "Gefragt war die Zahl der Besucher. 112. Im Jahr davor waren es noch zweihundert."),
        ("fr", "On a compté les barques du port. 48. Il y en avait cent avant la guerre."),
        ("es", "Contamos las barcas del puerto. 48. Antes de la guerra había más de cien."),
        ("it", "Abbiamo contato le barche del porto. 48. Prima della guerra erano più di cento."),
    ],
)
def test_a_figure_is_a_sentence_among_sentences(language: str, text: str) -> None:
    assert lines_of(f"{STORY[language]}<p>{text}</p>")[1:] == sentences(text)


@pytest.mark.parametrize("text", ["12 / 30 / 2026.", "0–1.", "48."])
def test_figures_alone_are_no_sentences(text: str) -> None:
    assert clean_or_drop(text) == ""
    assert not is_prose(text)


INTERVIEW = {
    "en": ("Q: How many sheep were there, Mr Hollin?", "Q: And today?", "A: 310. In the flood we "
           "lost forty.", "A: Fewer. [He looks out. A dog barks.] The grass is not what it was."),
    "de": ("Frage: Wie viele Schafe waren das, Herr Hollin?", "Frage: Und heute?", "Antwort: 310. Im "
           "Hochwasser gingen vierzig verloren.",
           "Antwort: Weniger. [Er sieht hinaus. Ein Hund bellt.] Das Gras ist anders als damals."),
    "es": ("Pregunta: ¿Cuántas ovejas eran, señor Hollín?", "Pregunta: ¿Y hoy?", "Respuesta: 310. "
           "En la riada perdimos cuarenta.",
           "Respuesta: Menos. [Mira afuera. Ladra un perro.] La hierba ya no es la que era."),
    "it": ("Domanda: Quante pecore erano, signor Hollin?", "Domanda: E oggi?", "Risposta: 310. "
           "Nell'alluvione ne abbiamo perse quaranta.",
           "Risposta: Meno. [Guarda fuori. Un cane abbaia.] L'erba non è più quella di una volta."),
}  # fmt: skip


@pytest.mark.parametrize("language", INTERVIEW)
def test_an_answer_is_told_whole(language: str) -> None:
    first, second, number, few = INTERVIEW[language]
    page = "".join(f"<p>{text}</p>" for text in (first, number, second, few))

    text = " ".join(lines_of(STORY[language] + page))

    for answer in (number, few):
        words = answer.partition(" ")[2]
        assert words.partition(" [")[0] in text
        assert words.rpartition("] ")[2] in text
    assert "[" not in text


@pytest.mark.parametrize(
    ("rest", "is_told"),
    [
        ("Every morning the oven of the Corran bakery needs an hour.", True),
        ("It takes a minute, and I make tea.", False),
    ],
)
def test_an_answer_without_its_first_sentence_is_told_if_the_rest_stands_alone(
    rest: str, is_told: bool
) -> None:
    page = (
        f"<p>Q: What do you type first, Ada?</p><p>A: brew --all. {rest}</p>"
        "<p>Q: And then what do you do?</p><p>A: I wait for the bell.</p>"
    )
    lines = lines_of(STORY["en"] + page)

    assert (rest in lines) == ("What do you type first, Ada?" in lines) == is_told
    assert lines[-2:] == ["And then what do you do?", "I wait for the bell."]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Our village (popul. 611) has a cupboard with old minutes.",
         "Our village has a cupboard with old minutes."),
        ("de", "Der Verein bleibt auf Platz neun (14 Sptg., 17 Zhl.).", "Der Verein bleibt auf Platz neun."),
        ("fr", "La commune garde ses vieux registres (vol. bl. 3) dans une armoire.",
         "La commune garde ses vieux registres dans une armoire."),
        ("en", "Lina (38) leads the choir of the town.", "Lina (38) leads the choir of the town."),
        ("en", "Yes (xtr. large).", ""),
    ],
)  # fmt: skip
def test_an_unclear_remark_is_left_out_of_its_sentence(
    language: str, text: str, expected: str
) -> None:
    assert without_unclear_remarks(text, language) == expected


def test_brackets_around_several_sentences_are_opened() -> None:
    parts = ["(We waited.", "Nobody came.)", "It rained (a lot).", "(So we left.)"]

    assert open_brackets(parts) == [
        ("We waited.", False),
        ("Nobody came.", True),
        (parts[2], False),
        (parts[3], False),
    ]


def test_two_short_german_sentences_are_no_abbreviation() -> None:
    text = "Dem Hund geht es gut. Er heißt jetzt Wachtmeister und wohnt am Hafen."

    assert lines_of(f"{STORY['de']}<p>({text})</p>")[1:] == sentences(text)


@pytest.mark.parametrize(
    ("language", "kicker", "text"),
    [
        ("en", "Number of the week: 1 in 6", "That's how many homes on the hill have no garden."),
        ("de", "Zahl der Woche: 1 von 6", "Das ist der Anteil der Häuser ohne Garten am Hang."),
        ("fr", "Le chiffre du jour : 1 sur 6", "C'est la part des maisons sans jardin du village."),
        (
            "es",
            "La cifra del mes: 1 de cada 6",
            "Esa es la parte de las casas sin jardín del pueblo.",
        ),
        ("it", "Il numero: 1 su 6", "Questa è la quota di case senza giardino del paese."),
    ],
)
def test_a_line_to_which_the_next_paragraph_refers_is_told(
    language: str, kicker: str, text: str
) -> None:
    assert lines_of(f"{STORY[language]}<p>{kicker}</p><p>{text}</p>")[1:] == [f"{kicker}.", text]


@pytest.mark.parametrize(
    ("language", "text", "rest"),
    [
        ("en", "Look at row four. The big mills ground more, and the small ones ground less.",
         "The big mills ground more, and the small ones ground less."),
        ("de", "Schauen Sie auf Zeile vier. Die großen Mühlen mahlten mehr als die kleinen.",
         "Die großen Mühlen mahlten mehr als die kleinen."),
        ("es", "Mirad la fila cuatro. Los molinos grandes molieron más que los pequeños.",
         "Los molinos grandes molieron más que los pequeños."),
    ],
)  # fmt: skip
def test_a_sentence_that_only_says_where_to_look_takes_nothing_with_it(
    language: str, text: str, rest: str
) -> None:
    assert lines_of(f"{STORY[language]}<p>{text}</p>")[1:] == [rest]


@pytest.mark.parametrize(
    ("language", "heading", "text", "is_told"),
    [
        ("en", "Whelks: down 41%", "Landings at the Old Basin fell to 212 tonnes by October.", True),
        ("en", "Whelks", f"Whelks cost more than ever.</p>{STORY['en']}<p>The sea is too warm.", False),
        ("de", "Handball", "Gfäll gewann 24 zu 21 und bleibt auf dem zweiten Platz der Tabelle.", True),
        ("fr", "Météo", "Brume le matin, puis soleil et neuf degrés sur toute la côte.", True),
        ("es", "Fútbol", "El Atlético ganó 2 a 1 y sigue en el octavo puesto de la tabla.", True),
        ("it", "Meteo", "Nebbia al mattino, poi sole e nove gradi su tutta la costa.", True),
    ],
)  # fmt: skip
def test_a_short_heading_is_said_if_its_text_does_not_name_the_subject(
    language: str, heading: str, text: str, is_told: bool
) -> None:
    page = f"<h2>{TITLES[language]}</h2>{STORY[language]}<h2>{heading}</h2><p>{text}</p>"

    assert (f"{heading}." in spoken_texts(page)) == is_told


def test_a_headline_with_which_a_later_one_begins_is_not_said() -> None:
    page = (
        f"<h1>The mill hole</h1>{STORY['en']}<p>Two bakers came to see it with their children.</p>"
        "<h2>The mill hole under the wharf</h2><p>The wharf has a hole of nine metres since May.</p>"
    )

    assert "The mill hole." not in spoken_texts(page)


TITLES = {
    "en": "News from the valley",
    "de": "Neues aus dem Tal",
    "fr": "Des nouvelles de la vallée",
    "es": "Noticias del valle alto",
    "it": "Notizie dalla valle alta",
}


def spoken_texts(page: str) -> list[str]:
    newsletter = read(html(page))
    brief = Brief(minutes=5, show="Mill Radio", day=date(2026, 11, 23), pace={})
    show = plan_show([newsletter], brief)
    return [
        sentence.text
        for number in range(len(show.stories))
        for sentence in build_segment(show, number, [newsletter], brief).sentences
    ]
