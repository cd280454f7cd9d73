"""What says the same in other words is spoken, and what says the opposite in almost the same words is not."""

import pytest
from audiobrew.script.gate.claims import claims_in, evidence_in
from audiobrew.script.gate.meaning import find_difference

# Language, source, a sentence that says the same, and one that says something else.
MEANINGS: list[tuple[str, str, str | None, str | None]] = [
    # Refusals, litotes and prohibitions.
    (
        "en",
        "The union failed to reach a deal.",
        "The union did not reach a deal.",
        "The union reached a deal.",
    ),
    (
        "en",
        "Frost in May is not uncommon here.",
        "Frost in May is common here.",
        "Frost in May is uncommon here.",
    ),
    (
        "fr",
        "Le maire n'exclut pas une hausse.",
        "Le maire juge une hausse possible.",
        "Le maire exclut une hausse.",
    ),
    (
        "es",
        "La jueza prohibió la marcha.",
        "La jueza no permitió la marcha.",
        "La jueza permitió la marcha.",
    ),
    (
        "de",
        "Der Rat weigerte sich, den Plan zu prüfen.",
        "Der Rat wollte den Plan nicht prüfen.",
        None,
    ),
    # Times that are the first or the last ones possible.
    (
        "en",
        "The bridge will not open before May.",
        "The bridge opens in May at the earliest.",
        "The bridge opens in May at the latest.",
    ),
    (
        "de",
        "Das Bad öffnet frühestens im Mai.",
        "Das Bad öffnet nicht vor Mai.",
        "Das Bad öffnet spätestens im Mai.",
    ),
    (
        "es",
        "El puente no abrirá antes de mayo.",
        "El puente abrirá en mayo como muy pronto.",
        "El puente abrirá antes de mayo.",
    ),
    # Comparisons and results, turned round.
    (
        "en",
        "The Orla is longer than the Tarn.",
        "The Tarn is shorter than the Orla.",
        "The Tarn is longer than the Orla.",
    ),
    (
        "de",
        "Die Orla ist länger als die Tarn.",
        "Die Tarn ist kürzer als die Orla.",
        "Die Orla ist kürzer als die Tarn.",
    ),
    (
        "fr",
        "L'Orla est plus long que le Tarn.",
        "Le Tarn est plus court que l'Orla.",
        "L'Orla est plus court que le Tarn.",
    ),
    (
        "en",
        "Boston beat Chicago on Sunday.",
        "Chicago lost to Boston on Sunday.",
        "Boston lost to Chicago on Sunday.",
    ),
    (
        "es",
        "Solmar vende su parte a Terral.",
        "Terral compra la parte de Solmar.",
        "Terral vende su parte a Solmar.",
    ),
    # Two that changed places.
    (
        "en",
        "Kimbo sued Pluff in March.",
        "Pluff was sued by Kimbo in March.",
        "Pluff sued Kimbo in March.",
    ),
    (
        "en",
        "Runa's sister Skadi is older and calmer than Runa.",
        None,
        "Skadi's sister Runa is older and calmer than Skadi.",
    ),
    (
        "de",
        "Der Rat sagt, das Amt habe sein Wort gebrochen.",
        None,
        "Das Amt sagt, der Rat habe sein Wort gebrochen.",
    ),
    (
        "fr",
        "Les parents ont soutenu les enseignants, tandis que le maire les a critiqués.",
        "Le maire a critiqué les enseignants.",
        "Le maire a soutenu les enseignants, tandis que les parents les ont critiqués.",
    ),
    (
        "es",
        "Las colmenas del norte sobrevivieron mejor que las colmenas del valle.",
        None,
        "Las colmenas del valle sobrevivieron mejor que las colmenas del norte.",
    ),
    # What is not certain.
    (
        "en",
        "Strong winds could delay the launch.",
        "The launch may be delayed by strong winds.",
        "Strong winds will definitely delay the launch.",
    ),
    (
        "de",
        "Der Zoo sperrt vielleicht den Weg am See.",
        "Der Weg am See wird vielleicht gesperrt.",
        "Der Zoo sperrt den Weg am See auf jeden Fall.",
    ),
    # What was so in the past, and what is so without something.
    (
        "fr",
        "Le miel est moins cher qu'il y a un an.",
        "Il y a un an, le miel était plus cher.",
        "Le miel est plus cher qu'il y a un an.",
    ),
    (
        "en",
        "Without a permit nobody may feed the animals.",
        "Only people with a permit may feed the animals.",
        "With a permit nobody may feed the animals.",
    ),
]
# Language, source, a sentence whose figures and dates are supported, and one whose are not.
FIGURES = [
    (
        "en",
        "Some 34 percent agreed.",
        "About a third of them agreed.",
        "About a quarter of them agreed.",
    ),
    (
        "fr",
        "Quelque 66 % sont d'accord.",
        "Environ deux tiers sont d'accord.",
        "Environ trois quarts sont d'accord.",
    ),
    (
        "es",
        "Cuesta 4,5 millones.",
        "Cuesta cuatro millones y medio.",
        "Cuesta cinco millones y medio.",
    ),
    (
        "fr",
        "Le bar ferme à 22 heures.",
        "Le bar ferme à dix heures du soir.",
        "Le bar ferme à neuf heures du soir.",
    ),
    (
        "de",
        "Sie lief 2 Stunden und 31 Minuten.",
        "Sie lief 2:31 Stunden.",
        "Sie lief 31:02 Stunden.",
    ),
    (
        "en",
        "The walk takes 1 hour and 45 minutes.",
        "The walk takes 1:45 hours.",
        "The walk takes 45 hours.",
    ),
    (
        "en",
        "Cases fell by 33.3 percent in May.",
        "Cases fell by a third in May.",
        "Cases fell by a fifth in May.",
    ),
    (
        "nl",
        "De prijzen stegen in mei met 5 procent.",
        "Huizen waren in mei 5 procent duurder.",
        "Huizen waren op 5 mei 5 procent duurder.",
    ),
    (
        "en",
        "Skyline lost 12 million pounds last year.",
        "Skyline made a loss of twelve million last year.",
        "Skyline made a loss of thirteen million last year.",
    ),
    ("de", "Im Herbst wird gewählt.", "Gewählt wird im Herbst.", "Gewählt wird im Sommer."),
    (
        "es",
        "Vendió 48 coches.",
        "Vendió cerca de unos 50 coches.",
        "Vendió cerca de unos 60 coches.",
    ),
]


@pytest.mark.parametrize(("language", "source", "right", "wrong"), MEANINGS)
def test_meanings(language: str, source: str, right: str | None, wrong: str | None) -> None:
    assert right is None or find_difference(right, [source], language) is None
    assert wrong is None or find_difference(wrong, [source], language)


@pytest.mark.parametrize(("language", "source", "right", "wrong"), FIGURES)
def test_figures(language: str, source: str, right: str, wrong: str) -> None:
    evidence = evidence_in([(source, language)])

    assert evidence.missing_figures(claims_in(right, language)) == set()
    assert evidence.missing_figures(claims_in(wrong, language))


def test_a_noun_after_a_measure_is_no_name() -> None:
    evidence = evidence_in([("Lindau liegt drei Punkte vor Marbach.", "de")])
    claims = claims_in("Marbach hat drei Punkte Rückstand.", "de")

    assert evidence.missing_names(claims, translated=False) == set()


@pytest.mark.parametrize(
    ("language", "source", "sentence"),
    [
        ("de", "Er traf den Präsidenten in Kiew.", "In Kyjiw traf er den Präsidenten."),
        ("en", "A U.N. report counts them.", "The United Nations counts them."),
        ("it", "Il premier polacco parte.", "Il premier della Polonia parte."),
        ("nl", "De Poolse premier vertrekt.", "De premier van Polen vertrekt."),
        ("pt", "O ministro polonês viaja.", "O ministro da Polônia viaja."),
    ],
)
def test_names_that_mean_the_same(language: str, source: str, sentence: str) -> None:
    evidence = evidence_in([(source, language)])

    assert evidence.missing_names(claims_in(sentence, language), translated=False) == set()


@pytest.mark.parametrize(
    ("language", "source", "sentence", "is_derived"),
    [
        ("it", "I casi sono scesi da 930 a 620.", "I casi sono scesi di un terzo in tutto.", True),
        (
            "it",
            "I casi sono scesi da 930 a 620.",
            "I casi sono scesi di un quarto in tutto.",
            False,
        ),
        ("en", "Sales rose from $50 to $60.", "Sales rose 20 percent.", True),
        ("en", "Sales rose from $50 to $60.", "Sales rose 30 percent.", False),
        ("de", "Aurum ist dreimal so groß wie Lyra.", "Lyra ist ein Drittel so groß.", True),
        ("es", "Aldana ganó por delante de Perrin.", "Perrin fue segunda, detrás de Aldana.", True),
        ("en", "They lost in the third quarter.", "They lost in the 2nd quarter.", False),
        ("en", "Rome, Bari and Lecce said yes.", "Three Italian towns agreed.", True),
        ("en", "Rome, Bari and Lecce said yes.", "All 3 towns agreed.", False),
        ("en", "It took 12 weeks to build.", "Building it took three months.", True),
        ("en", "It took 12 weeks to build.", "Building it took five months.", False),
        ("de", "Das Tor fiel in der 78. Minute.", "Es fiel zwölf Minuten vor Schluss.", True),
        ("de", "Das Tor fiel in der 78. Minute.", "Es fiel elf Minuten vor Schluss.", False),
        ("fr", "Il a vécu 95 ans, mort en 2020.", "Il est né en 1925.", True),
        ("fr", "Il a vécu 95 ans, mort en 2020.", "Il est né en 1935.", False),
        ("es", "Cobra 2.500 euros al mes.", "Son 30.000 euros al año.", True),
        ("es", "Cobra 2.500 euros al mes.", "Son 25.000 euros al año.", False),
        ("en", "The rent of £2,500 rises by 10%.", "The new rent is £2,750.", True),
        ("en", "The rent of £2,500 rises by 10%.", "The new rent is £2,700.", False),
        ("fr", "Les ventes passent de 4 à 12 tonnes.", "Il vend 3 fois plus.", True),
        ("fr", "Les ventes passent de 4 à 12 tonnes.", "Il vend 6 fois plus.", False),
    ],
)
def test_figures_that_may_follow_are_doubtful(
    language: str, source: str, sentence: str, is_derived: bool
) -> None:
    evidence, claims = evidence_in([(source, language)]), claims_in(sentence, language)
    missing = evidence.missing_figures(claims)

    assert missing
    assert (missing <= evidence.derived_figures(claims)) is is_derived


def test_years_are_counted_from_that_of_the_newsletter() -> None:
    evidence = evidence_in([("The bakery was founded in 1986.", "en")])
    years = frozenset((2026,))

    claims = claims_in("It opened forty years ago.", "en")
    assert evidence.derived_figures(claims, years) == evidence.missing_figures(claims) == {"40"}
    assert evidence.derived_figures(claims) == set()
    assert evidence.derived_figures(claims_in("It opened thirty years ago.", "en"), years) == set()


@pytest.mark.parametrize(
    ("language", "source", "right", "wrong"),
    [
        (
            "en",
            "Founded in 1986, it grew.",
            "It began in the eighties.",
            "It began in the nineties.",
        ),
        ("de", "Seit 1994 besteht er.", "Er stammt aus den 90ern.", "Er stammt aus den 80ern."),
        ("fr", "Il date de 1994.", "Il date des années 90.", "Il date des années 80."),
        (
            "es",
            "Empezó en 1986.",
            "Fue a mediados de los ochenta.",
            "Fue a mediados de los setenta.",
        ),
    ],
)
def test_a_decade_stands_for_its_years(language: str, source: str, right: str, wrong: str) -> None:
    evidence = evidence_in([(source, language)])

    assert evidence.missing_figures(claims_in(right, language)) == set()
    assert evidence.missing_figures(claims_in(wrong, language))


def test_a_noun_between_a_country_and_a_name_is_a_weak_name() -> None:
    assert "regierungschef" in claims_in("Polens Regierungschef Tusk reist ab.", "de").weak_names
    assert "Ja" in claims_in("Die Fahrer sagen heute noch nicht Ja dazu.", "de").weak_names


def test_a_name_is_no_form_of_another_one() -> None:
    evidence = evidence_in([("The mayor met Ferrand in Rome.", "en")])

    assert evidence.missing_names(claims_in("Ferrier met the mayor.", "en"), translated=False)
