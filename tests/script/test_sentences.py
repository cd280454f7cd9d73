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
        ["She moved to Hope, B.C.", "Her sister stayed."],
        ["„Der Ofen zieht.“", "Ab Mai ist er kalt."],
        ["« Je n’y vais pas ».", "Elle y va."],
        ["Es kostet 3,5 Mrd. €.", "Die Bahn zahlt."],
        ["The col (elev. 1,820 m) is open.", "It is steep."],
        ["Wir feiern den ruhigen 1. Advent.", "Kommt alle."],
        ["Die Alp liegt auf 1640 m ü. M.", "Der Weg ist steil."],
        ["Sie liegt auf 1640 m ü. M.", "«Ich steige hinauf», sagt er."],
        [
            "Risponde il cons. Neri.",
            "Poi tocca all’ass. Conti.",
            "Chiude la strada in loc. Fontanelle.",
        ],
        ["We heard all the pros and cons.", "Voters chose."],
        # Short forms that no list has, by their letters.
        ["Lo ha detto alla Coop il rag. Neri Tofani.", "Poi basta."],
        ["Das Amt an der Brücke bleibt vsl. Montag zu.", "Das war gut."],
        ["El precio de la harina, según la coop. Ribera, sube.", "Es todo."],
        ["Le musée est fermé par arr. Mercier du maire.", "Il rouvre en mai."],
        ["The mill is on the adj. Harbour Road.", "It turns."],
        # Words of the language, units after a figure, and what a function word follows.
        ["She left the bag in the bar.", "Marsh took it home."],
        ["In der Halle lag viel Holz.", "Montag brannte es."],
        ["The pool is 48 ft.", "Marsh swims it."],
        ["It was only a film.", "The end was bad."],
        ["L’eau monte dans le parc.", "Jeudi, elle baisse."],
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
        "It says that Thos. Wren be paid £2. 3s. 9d. for the gate.",
        "Am Montag sprach die Fam. Huber aus der Gem. Au mit Präs. Ito.",
        "On Monday the Revd. Ann met Ald. Ray of Holm.",
        "Lundi nous avons vu le Cne. Diop, av. Foch.",
        "El lunes habló el Tte. Ruiz en la Ctra. Vieja.",
        "Lunedì ha parlato l'Ass. Neri in Loc. Pian.",
        "Un recueil, coll. (Roy & Cie, 24 €), vient de sortir.",
    ],
)
def test_no_sentence_ends_in_a_date_a_sum_of_old_money_or_an_abbreviation(sentence: str) -> None:
    assert sentences(f"{sentence} Mehr weiß niemand.") == [sentence, "Mehr weiß niemand."]


@pytest.mark.parametrize(
    "expected",
    [
        ["Er war Mo.–Do. fort und Fr.–So. müde.", "Er schlief dann."],
        ["She is away Mon.–Thu. and tired Fri.–Sun.", "She sleeps late."],
        ["A 0,10 €/min.", "Después colgó."],
        ["It costs $4/hr.", "Parking is free."],
        ["Open Tue.–Thu. Ticket office by the gate."],
    ],
)
def test_a_range_of_days_or_a_rate_ends_a_sentence(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["In May the brothers left the family firm.", "Martin bought the mill in June."],
        ["Die Spieler sind auf den Sieg stolz.", "Hamburg feiert am Sonntag."],
        ["Le public a aimé le film.", "Claire en parle dans la salle."],
        ["Los vecinos de la plaza oyeron su voz.", "Martín habló después."],
        ["La città ha perso il suo club.", "Torino gioca domenica con la squadra."],
        ["De bewoners hoorden niets van de storm.", "Amsterdam bleef droog in mei."],
        ["A crise atingiu todo o país.", "Lisboa perdeu mil empregos em maio."],
    ],
)
def test_a_short_word_that_ends_as_few_others_do_ends_a_sentence(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected
