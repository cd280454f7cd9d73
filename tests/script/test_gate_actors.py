"""Who acts and who is acted upon, and names and nouns whose contexts are exchanged."""

import pytest
from audiobrew.script.gate.meaning import find_difference

CHANGED = [
    (
        "en",
        "The captain misread the gauge, and the first officer did not correct him.",
        "The captain did not correct the first officer.",
        "The first officer did not correct the captain.",
    ),
    (
        "es",
        "El comandante leyó mal el indicador, y el copiloto no lo corrigió.",
        "El comandante no corrigió al copiloto.",
        "El copiloto no corrigió al comandante.",
    ),
    (
        "fr",
        "Le commandant a probablement mal lu la jauge, selon le rapport, et le copilote ne l'a pas corrigé.",
        "Le commandant n'a pas corrigé le copilote.",
        "Le copilote n'a pas corrigé le commandant.",
    ),
    (
        "de",
        "Der Kapitän las die Anzeige falsch; der Lotse widersprach ihm nicht.",
        "Der Kapitän widersprach dem Lotsen nicht.",
        "Der Lotse widersprach dem Kapitän nicht.",
    ),
    (
        "en",
        "Dr. Elin Marsh, who led the study at Leeds, was funded by the charity Nightwell.",
        "The charity Nightwell was funded by Dr. Elin Marsh.",
        "The charity Nightwell funded Dr. Elin Marsh.",
    ),
    (
        "en",
        "Mr Hale moved that the fees be frozen; Ms Rudd seconded the motion, carried by nine votes.",
        "Ms Rudd moved that the fees be frozen, and Mr Hale seconded the motion.",
        "Mr Hale moved that the fees be frozen, and Ms Rudd seconded the motion.",
    ),
    (
        "en",
        "Italy's regulator approved the request in October, whereas Norway is still examining it.",
        "Norway approved the request in October, whereas Italy is still examining it.",
        "Italy approved the request in October, whereas Norway is still examining it.",
    ),
]


@pytest.mark.parametrize(("language", "source", "wrong", "right"), CHANGED)
def test_an_actor_who_is_acted_upon_is_found(
    language: str, source: str, wrong: str, right: str
) -> None:
    assert find_difference(wrong, [source], language)
    assert find_difference(right, [source], language) is None


@pytest.mark.parametrize(
    ("language", "source", "sentence"),
    [
        ("en", "No serious side effects occurred.", "There were no serious side effects."),
        ("fr", "Risse aurait été ivre.", "Risse aurait conduit ivre."),
        ("de", "Kaldern, die den Laden gegründet hat, geht.", "Kaldern hatte den Laden gegründet."),
    ],
)
def test_other_constructions_change_no_parts(language: str, source: str, sentence: str) -> None:
    assert find_difference(sentence, [source], language) is None
