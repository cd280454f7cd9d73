"""What a text says about its page is not spoken: a listener sees no picture, chart or link."""

import pytest
from audiobrew.mail.newsletter import Block, BlockKind, Link
from audiobrew.script.page_references import (
    points_to_link,
    refers_to_page,
    without_last_link,
    without_page_remarks,
)
from audiobrew.script.sentence_filter import is_aside

from tests.script.test_structure import STORY, told


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The chart below shows how rents moved."),
        ("en", "Read all the replies here."),
        ("en", "You can sign up via this link."),
        ("en", "Left to right: the mayor, the owl, the owner."),
        ("en", "Rows in bold are new."),
        ("en", "If it curdles, go back to step 4."),
        ("en", "The answer is at the bottom."),
        ("en", "Look at row four."),
        ("en", "See Abbott, above."),
        ("en", "Item 2 again."),
        ("en", "I have numbered them so that you can pick one."),
        ("en", "Sorry for the forty or so above."),
        ("en", "Section 3 above says otherwise."),
        ("en", "If you only came for the soup, scroll to the box."),
        ("de", "Das Rezept steht ganz unten."),
        ("de", "Schauen Sie auf Zeile vier."),
        ("de", "Punkt 3 oben sagt etwas anderes."),
        ("fr", "La recette est tout en bas."),
        ("fr", "Regardez la ligne quatre."),
        ("es", "La receta está al final de la carta."),
        ("es", "Mirad la fila cuatro."),
        ("it", "La ricetta è in fondo."),
        ("it", "Guardate la riga quattro."),
        ("de", "Die Karte unten zeigt die Umleitung."),
        ("de", "Mehr über das Moor lesen Sie hier."),
        ("de", "Weiter geht es mit Schritt 3."),
        ("de", "Von links: Anna Vogel und der Hahn."),
        ("fr", "Le tableau ci-dessous donne les prix."),
        ("fr", "Le dossier complet est à lire ici."),
        ("fr", "De gauche à droite : le maire et la chèvre."),
        ("es", "El mapa adjunto muestra las obras."),
        ("es", "Puedes leer la sentencia aquí."),
        ("it", "Qui sotto trovate il calendario."),
        ("it", "Il grafico mostra il calo."),
        ("pt", "Veja a tabela para mais preços."),
        ("nl", "De grafiek hieronder laat de daling zien."),
        ("pl", "Na mapie poniżej widać: tabela poniżej jest nowa."),
        ("sv", "Kartan nedan visar vägen."),
        ("da", "Se kortet for detaljer."),
    ],
)
def test_a_sentence_that_needs_its_page_is_recognized(language: str, text: str) -> None:
    assert refers_to_page(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The links between smoke and asthma are clear."),
        ("en", "She put Carrow on the map, and the map in a drawer."),
        ("en", "The team is at the top of the table after a step forward."),
        ("en", "Prices here rose by 4 percent."),
        ("en", "The town is at the bottom of the league."),
        ("en", "They keep bees in the valley below."),
        ("es", "La inflación va hacia abajo."),
        ("it", "Il paese è in fondo alla valle."),
        ("de", "Hier wohnen 40 Familien, und rechts davon die Gänse."),
        ("fr", "La carte du restaurant a changé, et la photo aussi."),
        ("es", "El enlace ferroviario abre en mayo."),
        ("it", "Il video dura tre minuti."),
        ("nl", "De kaart van Nederland verandert."),
    ],
)
def test_other_sentences_are_told(language: str, text: str) -> None:
    assert not refers_to_page(text, language)


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [
        ("en", "Mayor Ada Brook (above, left) resigned.", "Mayor Ada Brook resigned."),
        ("en", "As the chart shows, rents fell.", "Rents fell."),
        ("en", "The crash (#4411, open since May) is gone.", "The crash is gone."),
        ("en", "CVE-2026-1234 (CVSS 5.3): A file could leak.", "A file could leak."),
        ("en", "GDP fell 0.1% (s.a., p) in May.", "GDP fell 0.1% in May."),
        ("en", "A fix is pending; see 3.9 below.", "A fix is pending."),
        ("en", "Sunda: see my note of 2 Oct.; I still own it.", "Sunda: I still own it."),
        ("de", "Ich tippe auf Regen, s. Wetter.", "Ich tippe auf Regen."),
        ("fr", "Le sel manque, voir plus haut.", "Le sel manque."),
        ("es", "Falta sal, véase más arriba.", "Falta sal."),
        ("it", "Manca il sale, vedi sopra.", "Manca il sale."),
        ("de", "Rita Kolbe (Foto, r.) lachte.", "Rita Kolbe lachte."),
        ("de", "Wie die Grafik zeigt, sinkt der Preis.", "Sinkt der Preis."),
        ("fr", "Odette Kerbrat (à droite sur la photo) rit.", "Odette Kerbrat rit."),
        ("fr", "Il a un plan (voir ci-contre) et un café.", "Il a un plan et un café."),
        ("es", "El perro (en la foto) se llama Pirlo.", "El perro se llama Pirlo."),
        ("it", "Cattaneo (in alto, nella foto) ha parato.", "Cattaneo ha parato."),
        ("pt", "O bilhete dá direito a um café (ver foto).", "O bilhete dá direito a um café."),
        ("nl", "Anke Roelofs (links op de foto) sprak.", "Anke Roelofs sprak."),
        ("sv", "Signe Lund (till vänster på bilden) läser.", "Signe Lund läser."),
    ],
)
def test_remarks_about_the_page_are_left_out(language: str, text: str, spoken: str) -> None:
    assert without_page_remarks(text, language) == spoken


def block(text: str, *links: str) -> Block:
    return Block(
        "1", BlockKind.PARAGRAPH, text, tuple(Link(one, "https://x.example") for one in links)
    )


@pytest.mark.parametrize("word", ["here", "hier", "ici", "aquí", "qui", "aqui", "tutaj", "här"])
def test_a_link_that_only_points_is_recognized_in_any_language(word: str) -> None:
    sentence = f"Alles {word}."

    assert points_to_link(block(sentence, word), sentence)
    assert not points_to_link(block(sentence, "Alles"), sentence)


def test_the_name_of_a_link_after_the_last_sentence_is_left_out() -> None:
    assert without_last_link(
        block("It runs until 11 p.m. Map", "Map"), "It runs until 11 p.m. Map"
    ) == ("It runs until 11 p.m.")
    assert (
        without_last_link(block("He read the Map", "Map"), "He read the Map") == "He read the Map"
    )


def test_a_sentence_about_the_page_is_not_told_nor_what_depends_on_it() -> None:
    text = (
        "<p>The chart below shows rents in Dale. It rose by 4% since May. "
        "Dale has 900 flats in nine old towers.</p>"
    )

    assert told(STORY + text)[2:] == ["Dale has 900 flats in nine old towers."]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "More on this below."),
        ("en", "There is a chart for each."),
        ("en", "If the columns look odd, turn your phone."),
        ("de", "Mehr dazu weiter unten."),
        ("de", "Wer mobil liest: Drehen Sie das Handy."),
        ("fr", "Détails plus bas."),
        ("fr", "Pour tout lire, tournez votre téléphone."),
        ("es", "Más abajo."),
        ("es", "Para verlo entero, gire el móvil."),
        ("it", "Dettagli più sotto."),
        ("it", "Per leggere meglio, girate il telefono."),
        ("en", "1,240 words, 5½ minutes."),
        ("en", "About 900 words; 4 min."),
        ("en", "Issue no. 77 comes on Friday instead, owing to the fair."),
        ("de", "1.300 Wörter, 6 Minuten."),
        ("de", "Die nächste Ausgabe erscheint am Donnerstag."),
        ("fr", "1 100 mots, 5 minutes."),
        ("fr", "La prochaine lettre arrivera le 12 mai."),
        ("es", "1.100 palabras, 5 minutos."),
        ("es", "El próximo número sale el lunes."),
        ("it", "1.100 parole, 5 minuti."),
        ("it", "Il prossimo numero esce giovedì."),
    ],
)
def test_what_a_letter_says_about_its_page_and_its_next_issue_is_no_news(
    language: str, text: str
) -> None:
    assert is_aside(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "There is a table for four by the window, and the cook turns the page."),
        ("en", "More boats than ever lie below the dam this winter."),
        ("de", "Mehr als 300 Meter unter dem Dorf liegt das Salz."),
        ("fr", "La police a saisi votre téléphone et tourné la page."),
        ("es", "Más familias viven abajo, junto al río."),
        ("en", "The minister needed 1,240 words and 12 minutes of silence to say no."),
        ("en", "Doctors say: turn your phone off an hour before you sleep."),
        ("en", "The letter comes from a clerk who left in May."),
        ("de", "Das Gesetz hat 1.300 Wörter, sechs davon sind neu."),
        ("es", "El discurso tuvo 1.100 palabras y duró 50 minutos."),
    ],
)
def test_other_sentences_with_such_words_are_news(language: str, text: str) -> None:
    assert not is_aside(text, language)


def test_a_remark_on_where_more_is_said_is_left_out() -> None:
    text = without_page_remarks("Two firms were bought by each other, of which more under 4.", "en")

    assert text == "Two firms were bought by each other."


@pytest.mark.parametrize("label", ["Minutes (PDF)", "Acta del pleno (PDF, 2 MB)"])
def test_a_document_is_no_sentence(label: str) -> None:
    link = f'<a href="https://x.example/1">{label}</a>.'
    page = f"{STORY}<p>The council buys a second crane in May, and paints it by June. {link}</p>"

    assert not any("PDF" in text for text in told(page))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The right-hand column is what a boat costs in a year.", "en"),
        ("Die rechte Spalte zeigt den Preis im Jahr.", "de"),
        ("La dernière colonne donne le prix par an.", "fr"),
        ("La última columna es el precio por año.", "es"),
        ("L'importo è nella colonna: la terza colonna è il prezzo.", "it"),
    ],
)
def test_a_column_is_on_the_page(text: str, language: str) -> None:
    assert refers_to_page(text, language)
