"""A paragraph is split where sentences end, and nowhere else."""

import pytest
from audiobrew.script.sentences import sentences


@pytest.mark.parametrize(
    "expected",
    [
        ["Dr. Smith paid 4.5 percent.", "He left at 5 p.m. yesterday."],
        ["It grew, e.g. in Spain, by 3.2 points.", "That is new."],
        ["Das gilt z. B. für Züge.", "Die Bahn fährt am 3. Mai wieder."],
        ["M. Dupont est parti.", "Il revient demain."],
        ["¿Qué pasó?", "El Sr. Gómez no lo sabe."],
        ["See example.com for more.", "It is free."],
        ["Profit rose.3", "The bank said so.[4]", "“Then came May.”5", "It fell."],
        ["He met J. R. R. Tolkien.", "Gov. Ada Ruiz and Sen. Bo Lind talked."],
        ["Im 19. Jahrhundert war das so.", "Die 2. Liga spielt am 3. Mai."],
        ["Das ist Nr. 5.", "Die Fa. Müller kam."],
        ["Mme. Martin est là.", "Elle part."],
        ["« Oui.", "On part. »", "Le billet coûte 8 euros."],
        ["Il Sig. Rossi e il Dott. Bianchi tacciono.", "Poi parlano."],
        ["“I can't,” she said.", "“You must.”"],
        ["What?!", "No way.", "OK…"],
        ["It costs $3.50.", "Version 2.0 is out."],
        ["가격이 올랐다.", "은행은 그렇게 말했다."],
        ["Revenue rose, adj. EPS fell.", "It was fine."],
        ["Dagegen sprach u. a. Gemeinderätin Krautwasser.", "Dann war Schluss."],
        ["Es gab Obst, Gemüse u. a.", "Das war gut."],
        ["Wharfe Ath. Reserves won.", "Selby lost."],
        ["Znalazł się tam m.in. Kowalski.", "Nie mówił."],
        ["Aanwezig was o.a. Bakker.", "Hij zweeg."],
    ],
)
def test_sentences_of_a_paragraph(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_nothing_is_lost() -> None:
    text = "One. Two! Three? “Four.” Five…  six"

    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_contractions_stay_as_they_are() -> None:
    text = "The ferry doesn't run. It isn't cheap, and you can't complain."

    assert " ".join(sentences(text)) == text


@pytest.mark.parametrize(
    "expected",
    [
        ["価格が上がった。", "「終わった。」と彼は言った。"],
        ["价格上涨。", "银行说“没问题。”然后离开。"],
    ],
)
def test_sentences_of_scripts_without_spaces(expected: list[str]) -> None:
    assert sentences("".join(expected)) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Er kommt am 5. 12. in Turnschuhen.",
        "Die Wahl am 24. 3. war knapp.",
        "Der Brief ging an Hausnr. 14 am Markt.",
    ],
)
def test_no_sentence_ends_in_a_date_of_two_numbers_or_at_a_house_number(sentence: str) -> None:
    assert sentences(f"{sentence} Mehr weiß niemand.") == [sentence, "Mehr weiß niemand."]
