"""Which sentences are told, how they are cleaned, and which depend on the one before."""

import pytest
from audiobrew.lang.language import all_languages
from audiobrew.script.section_lines import is_request, leaves_quotation_open
from audiobrew.script.sentence_filter import (
    clean_entry,
    clean_or_drop,
    clean_sentence,
    depends_on_previous,
    strip_symbols,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My father repaired lifts.", "My father repaired lifts."),
        ("No.", "No."),
        ("Profit rose.3", "Profit rose."),
        ("He agreed¹.", "He agreed."),
        ("It [3] rose by 4 km².", "It rose by 4 km²."),
        ("The plan is this:", "The plan is this:"),
        ("−12.7 percent is a lot for a bakery.", "−12.7 percent is a lot for a bakery."),
        ("– The mayor resigned.", "The mayor resigned."),
        ("Bake it at 220°C.", "Bake it at 220°C."),
        ("Ada Brook, editor of the Post", ""),
        ("Subscribe to our letter.", ""),
        ("12 / 30 / 2026.", ""),
    ],
)
def test_what_is_told_of_a_sentence(text: str, expected: str) -> None:
    assert clean_or_drop(text) == expected


def test_entries_of_lists_may_be_short_but_hold_words() -> None:
    assert clean_entry("• Salt") == "Salt"
    assert clean_entry("-12.7 % DAX") == "-12.7 % DAX"
    assert clean_entry("12 — 30") == ""


DEPENDENT = {
    "en": [
        "But it rained.",
        "That is why they left the town early.",
        "For example, the bridge is shut.",
        "Not yet.",
    ],
    "de": [
        "Das ist neu für die Bahn im Norden.",
        "Zum Beispiel die Brücke in Lindau am See.",
        "Trotzdem kamen alle.",
    ],
    "fr": [
        "C’est la première fois depuis 2019 que le pont ferme.",
        "Pourtant, le pont ferme.",
        "En effet, le pont ferme.",
    ],
    "es": [
        "Sin embargo, el puente cierra en mayo.",
        "Por eso cierran el puente.",
        "Esto cuesta mucho dinero.",
    ],
    "it": [
        "Per questo il ponte chiude a maggio.",
        "Tuttavia il ponte chiude.",
        "Si tratta di un ponte.",
    ],
    "nl": ["Toch gaat de brug in mei dicht.", "Dat is het derde jaar op rij."],
    "pt": ["No entanto, a ponte fecha em maio.", "Por isso, a ponte fecha."],
    "pl": ["Jednak most zostanie zamknięty w maju.", "Na przykład most w Gdyni."],
    "ru": ["Однако мост закроют в мае.", "Поэтому мост закроют в мае."],
    "ja": ["しかし市長は橋を閉じると述べました。", "そのため橋は閉じられます。"],
    "zh": ["但是市长说桥将关闭。", "因此桥将在五月关闭。"],
    "ko": ["하지만 시장은 다리를 닫겠다고 말했습니다.", "그래서 다리는 오월에 닫힙니다."],
    "ar": ["لكن الجسر سيغلق في مايو المقبل.", "هذا هو الجسر الأول في المدينة."],
    "sv": ["Men bron stängs i maj i alla fall.", "Det är tredje året i rad nu."],
}
INDEPENDENT = {
    "en": [
        "This week the council met twice.",
        "There are 14 boats in the harbour.",
        "It is hard to run a bakery.",
        "It was January.",
    ],
    "de": [
        "Diese Woche tagt der Rat zweimal.",
        "Es gibt 14 Boote im Hafen von Kiel.",
        "Das Boot liegt im Hafen.",
    ],
    "fr": ["Cette semaine, le conseil se réunit.", "Il y a 14 bateaux dans le port."],
    "es": ["Esta semana se reúne el consejo.", "Sin billetes no hay tren a Bilbao."],
    "it": ["Questa settimana si riunisce il consiglio.", "Ci sono 14 barche nel porto."],
    "nl": [
        "Deze week vergadert de raad.",
        "Er zijn 14 boten in de haven.",
        "Het schip ligt in de haven van Delft.",
    ],
    "pt": ["Esta semana o conselho reúne-se.", "Depois do temporal, a ponte fechou."],
    "da": ["De nye tog kører i morgen fra Aarhus.", "Der er 14 både i havnen."],
    "sv": ["Den nya bron öppnar i maj.", "Det finns 14 båtar i hamnen."],
    "hu": ["Az új vonat holnap indul Pécsről."],
    "zh": ["这周港口开放了两次。"],
    "ja": ["この夏、港に十四隻の船が来ました。"],
}


def cases(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in table.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), cases(DEPENDENT))
def test_sentences_that_depend_on_the_one_before(language: str, text: str) -> None:
    assert depends_on_previous(text, language)


@pytest.mark.parametrize(("language", "text"), cases(INDEPENDENT))
def test_sentences_that_stand_alone(language: str, text: str) -> None:
    assert not depends_on_previous(text, language)


def test_every_framed_language_has_words_that_refer_back() -> None:
    framed = [language for language in all_languages() if language.framing]

    assert len(framed) == 39
    assert all(len(language.references.first_words) >= 12 for language in framed)


def test_requests_to_readers_are_not_told() -> None:
    assert is_request("Please forward this newsletter to a friend.", "en")
    assert not is_request("The council asked readers of the Post to forward their bills.", "en")


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        (["“It is over.", "We lost.”", "She left."], [True, False, False]),
        (["„Es ist aus.", "Wir gehen.“", "Dann kam sie."], [True, False, False]),
        (["« C’est fini.", "On part. »", "Voilà."], [True, False, False]),
        (['"It is over.', 'We lost."', "Yes."], [True, False, False]),
        (["He said “no” twice.", "“Stop!”"], [False, False]),
    ],
)
def test_whether_a_quotation_goes_on(sentences: list[str], expected: list[bool]) -> None:
    states, is_open = [], False
    for sentence in sentences:
        is_open = leaves_quotation_open(sentence, is_open)
        states.append(is_open)
    assert states == expected


@pytest.mark.parametrize("name", ["release", "version", "update"])
def test_a_release_that_speaks_of_itself_needs_no_sentence_before_it(name: str) -> None:
    assert not depends_on_previous(f"This {name} fixes a serious security hole.", "en")


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Rents rose in May,3 but fell in the hills.", "Rents rose in May, but fell in the hills."),
        (
            "Die Miete stieg im Mai,12 fiel aber im Tal.",
            "Die Miete stieg im Mai, fiel aber im Tal.",
        ),
        ("Le loyer monte,4 mais la ville attend.", "Le loyer monte, mais la ville attend."),
        ("It grew by 1,200 tonnes, 3 of them green.", "It grew by 1,200 tonnes, 3 of them green."),
    ],
)
def test_the_number_of_a_footnote_after_a_comma_is_not_told(text: str, spoken: str) -> None:
    assert clean_sentence(text) == spoken


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Haddock: 6.85, ▲ 9 %", "Haddock: 6.85, ▲ 9 %"),
        ("Kabeljau 5,10 (▼3 %) 🐟", "Kabeljau 5,10 (▼3 %)"),
        ("▲ 3 things to know", "3 things to know"),
        ("Read on ▼ below", "Read on below"),
    ],
)
def test_a_change_keeps_its_sign(text: str, spoken: str) -> None:
    assert strip_symbols(text) == spoken
