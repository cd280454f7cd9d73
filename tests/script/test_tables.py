"""How tables are told: each row with its units, and only rows that can be followed by ear."""

import pytest
from audiobrew.script.tables import MAX_VALUE_ROWS, ROWS_OF_LARGE_TABLE, say_table

from tests.script.test_structure import STORY, rows_of, table, told

GERMAN_STORY = """<p>Die Zahlen des Hafens sind in diesem Herbst besser als im Jahr davor, sagt das Amt.</p>
<p>Am Montag hat es die ersten davon gezeigt, und der Rat war sehr zufrieden mit ihnen.</p>"""


def test_the_rows_of_a_table_are_sentences_and_values_are_named() -> None:
    assert told(STORY + table(2))[2:] == [
        "Boat A: Price 0 crowns, Room 40 seats.",
        "Boat B: Price 1 crowns, Room 41 seats.",
    ]


def test_of_a_large_table_the_first_rows_are_told() -> None:
    assert rows_of(STORY + table(MAX_VALUE_ROWS)).count("Boat") == MAX_VALUE_ROWS
    assert rows_of(STORY + table(MAX_VALUE_ROWS + 1)).count("Boat") == ROWS_OF_LARGE_TABLE


def test_a_table_without_header_keeps_its_signs() -> None:
    cells = "<tr><td>FTSE 100</td><td>+0.4%</td></tr><tr><td>DAX</td><td>−1.2%</td></tr>"

    assert told(f"{STORY}<table>{cells}</table>")[2:] == ["FTSE 100: +0.4%.", "DAX: −1.2%."]


def page_with_table(head: str, *rows: str) -> str:
    """A page with a table; the cells of a row are separated by bars."""
    cells = "".join(f"<tr><td>{row.replace('|', '</td><td>')}</td></tr>" for row in rows)
    return f"{STORY}<table><tr><th>{head.replace('|', '</th><th>')}</th></tr>{cells}</table>"


def test_a_column_that_is_clear_by_ear_is_told_for_one_that_is_not() -> None:
    rows = [
        "Corvid-7B: Params 7B, MMLU 64.2, Latency (ms) 212",
        "Heron-8B: Params 8B, MMLU 66.1, Latency (ms) 198",
    ]

    assert say_table(rows, "en", is_clear=lambda text: not text.endswith("B")) == (
        ("Corvid-7B: MMLU 64.2, Latency 212 ms", 0),
        ("Heron-8B: MMLU 66.1, Latency 198 ms", 1),
    )


def test_a_programme_is_told_without_the_names_of_its_columns() -> None:
    page = page_with_table(
        "Day|What|Where|Seats",
        "Friday|A reading, with music|Town hall, room 3|40",
        "Sunday|Flea market|The old harbour|212",
    )

    assert told(page)[2:] == [
        "Friday: A reading, with music, Town hall, room 3, 40 seats.",
        "Sunday: Flea market, The old harbour, 212 seats.",
    ]


def test_the_names_of_two_columns_are_not_told() -> None:
    page = page_with_table(
        "Place|Holiday hours", "Ferries|Sunday schedule", "Market|8 a.m. to 1 p.m."
    )

    assert told(page)[2:] == ["Ferries: Sunday schedule.", "Market: 8 a.m. to 1 p.m."]


def test_of_several_periods_the_last_one_is_told_with_the_change() -> None:
    page = page_with_table(
        "Source|Week 46|Week 47|Change",
        "Wind|9.6|14.8|+54%",
        "Gas|6.8|5.2|−24%",
        "Total|16.4|20.0|+22%",
    )

    introduced = page.replace("<table>", "<p>Gigawatt hours by source:</p><table>")

    assert told(page)[2:] == ["Wind: +54%.", "Gas: −24%.", "Total: +22%."]
    assert told(introduced)[3:] == [
        "Wind: 14.8 (Week 47), Change +54%.",
        "Gas: 5.2 (Week 47), Change −24%.",
        "Total: 20.0 (Week 47), Change +22%.",
    ]


def test_of_a_long_table_of_values_the_largest_change_and_the_total_are_told() -> None:
    changes = ["+0.6%", "+0.2%", "−0.1%", "+0.9%", "+1.4%", "+0.3%", "−2.3%", "+0.1%", "+0.4%"]
    rows = [f"Share {chr(65 + n)}|{n + 10}.5|{change}" for n, change in enumerate(changes)]
    page = page_with_table("Name|Price, €/MWh|Change", *rows, "Total|90.5|+0.2%")

    assert told(page)[2] == "Share A: Price €10.5/MWh, Change +0.6%."
    assert [line[6:7] for line in told(page)[2:]] == ["A", "B", "C", "D", "E", "G", " "]


@pytest.mark.parametrize(
    ("head", "row", "spoken"),
    [
        ("Town|Rent (£)|1 yr (%)", "Dale|1,612|+5.8", "Dale: Rent £1,612, 1 yr: +5.8%."),
        ("Crop|Yield, t|Change, %", "Rye|41|−3", "Rye: Yield 41 t, Change −3%."),
        ("Stadt|Miete in €|Anstieg in %", "Ulm|12,40|+2,1", "Ulm: Miete €12,40, Anstieg +2,1%."),
        ("Kreis|Umsatz (Mio. €)|Plus (%)", "Aue|12|+2", "Aue: Umsatz 12 Mio. €, Plus +2%."),
        ("Ville|Loyer (€/m²)|Hausse (%)", "Brest|12|+2", "Brest: Loyer €12/m², Hausse +2%."),
        ("Hafen|Umsatz, Mio. €|Plus, %", "Ahl|12,4|+3,1", "Ahl: Umsatz 12,4 Mio. €, Plus +3,1%."),
        ("Fund|Price|1 wk, %", "Vale|8,214.6|+0.8", "Vale: Price 8,214.6, 1 wk: +0.8%."),
        ("Ciudad|Lluvia (mm)|Media (mm)", "Vigo|90|70", "Vigo: Lluvia 90 mm, Media 70 mm."),
    ],
)
def test_a_unit_in_the_name_of_a_column_is_said_with_each_number(
    head: str, row: str, spoken: str
) -> None:
    page = page_with_table(head, row, row.replace("|", "-Nord|", 1))
    if "Mio." in spoken:
        page = page.replace(STORY, GERMAN_STORY)

    assert told(page)[2] == spoken


def test_the_millions_in_the_name_of_a_column_are_said_with_each_sum() -> None:
    page = page_with_table(
        "Firm|Revenue, m|y/y|EPS", "Tor Mills|£1,204|+3.1%|22p", "Ahle|€388|−7.9%|31c"
    )

    assert told(page)[2:4] == [
        "Tor Mills: Revenue £1,204m, y/y +3.1%.",
        "Ahle: Revenue €388m, y/y −7.9%.",
    ]


def test_the_unit_of_a_table_with_two_columns_is_in_the_row_with_their_names() -> None:
    page = page_with_table("District|Rent (£)", "Harbour|1,612", "Old Town|1,390*")

    assert told(page)[2:] == ["Harbour: £1,612.", "Old Town: £1,390."]


def test_numbers_without_unit_or_explanation_are_not_told() -> None:
    rows = ("Harbour|12|14", "Old Town|8|9")

    assert told(page_with_table("Line|2025|Week 48", *rows))[2:] == []
    assert told(page_with_table("Line|2025|Delays 2026", *rows))[2:] == [
        "Harbour: 14 (Delays 2026)",
        "Old Town: 9 (Delays 2026)",
    ]


def test_a_league_with_gaps_is_told_with_its_last_rank() -> None:
    texts = [f"{n}: Club {TEAMS[m]}, P 14, Pts {m + 1}*" for m, n in ((1, 1), (2, 2), (3, 12))]

    assert [text for text, _ in say_table(texts, "en")] == [
        "Weald: 2 points",
        "Vale: 3 points",
        "At the bottom: Tring: 4 points",
    ]


TEAMS = ["", "Weald", "Vale", "Tring", "Hythe", "Marlow", "Ockley", "Penn"]


@pytest.mark.parametrize(
    ("language", "points", "bottom"),
    [
        ("en", "Pts", "At the bottom: Ockley: 5 points."),
        ("de", "Pkt.", "Am Tabellenende: Ockley: 5 Punkte."),
        ("fr", "Pts", "En bas du classement : Ockley: 5 points."),
        ("es", "Ptos.", "Al final de la tabla: Ockley: 5 puntos."),
    ],
)
def test_of_a_league_the_first_three_and_the_last_two_are_told(
    language: str, points: str, bottom: str
) -> None:
    texts = [
        f"{n}: Club {TEAMS[n]}, P 14, GD {9 - n:+d}, {points} {35 - 5 * n}" for n in range(1, 8)
    ]
    table = say_table(texts, language)

    assert [row for _, row in table] == [0, 1, 2, 5, 6]
    assert f"{table[3][0]}." == bottom


def test_a_league_is_told_with_its_ranks_in_a_language_without_words_for_it() -> None:
    texts = [f"{n}: Joukkue {TEAMS[n]}, P {35 - 5 * n}, Maalit 4" for n in range(1, 4)]

    assert [text for text, _ in say_table(texts, "fi")] == [
        "1: Weald",
        "2: Vale",
        "3: Tring",
    ]


@pytest.mark.parametrize(
    "note",
    [
        "* Exempt below 3 square metres.",
        "Source: Rent register. Excludes halls.",
        "Quelle: Mietspiegel 2026. Ohne Heime.",
        "Fuente: registro municipal. Datos provisionales.",
        "Source : panel de magasins. Hors promotions.",
    ],
)
def test_notes_below_a_table_are_not_told(note: str) -> None:
    page = page_with_table("District|Rent (£)", "Harbour|1,612", "Old Town|1,390*")

    assert told(f"{page}<p>{note}</p>") == told(page)


def test_the_first_row_that_can_be_told_names_the_columns() -> None:
    page = page_with_table(
        "Bond|Yield, %|Week, bp",
        "xqzk_v|3.71|−1",
        "Two years|3.38|−9",
        "Five years|3.55|−4",
    )
    lines = told(page)

    assert lines[-2:] == [
        "Two years: Yield 3.38%, Week: −9 bp.",
        "Five years: Yield 3.55%, Week: −4 bp.",
    ]


def test_the_last_row_alone_names_its_columns() -> None:
    page = page_with_table(
        "Name|Since|Removed in|Use instead",
        "`a.b_c()`|3.6|4.1|`d.e_f()`",
        "`g.h_i()`|4.0|4.3|`j.k_l()`",
        "Callbacks|4.0|5.0|promises",
    )
    lines = told(page)

    assert lines[-1] == "Callbacks: Since 4.0, Removed in 5.0, Use instead promises."


@pytest.mark.parametrize(
    ("head", "rows", "expected"),
    [
        (
            "Item|Yesterday|Week",
            ("Pint|£5.40|+20p", "Diesel|148.7p|−0.9p"),
            "Pint: Yesterday: £5.40, Week: +20p.",
        ),
        (
            "Index|Close|1 wk, %|YTD, %",
            ("North|8,214.6|+0.8|+11.3", "South|4,977.0|−0.3|+6.9"),
            "North: Close 8,214.6, 1 wk: +0.8%.",
        ),
        (
            "Club|Titles|Debts|Home ground",
            ("Tartu Ladies|3|€4,100|the old mill", "Narva Rovers|5|€900|a field"),
            "Tartu Ladies: Titles 3, Debts €4,100, Home ground the old mill.",
        ),
    ],
)
def test_a_period_and_a_text_are_told_with_the_names_of_their_columns(
    head: str, rows: tuple[str, ...], expected: str
) -> None:
    assert told(page_with_table(head, *rows))[2] == expected


@pytest.mark.parametrize(
    ("caption", "titles"),
    [
        ("Table 2. Government yields", ["Government yields."]),
        ("Tabelle 4: Renditen am Markt", ["Renditen am Markt."]),
        ("Table 2", []),
        ("", []),
    ],
)
def test_the_title_of_a_table_is_told_before_its_rows(caption: str, titles: list[str]) -> None:
    page = page_with_table("Bond|Yield, %|Week, bp", "Two years|3.38|−9", "Five years|3.55|−4")
    page = page.replace("<table>", f"<table><caption>{caption}</caption>")

    assert told(page)[2:-2] == titles


def test_the_first_value_of_a_column_is_told_with_its_name() -> None:
    page = page_with_table(
        "Town|Rent|1 yr, %",
        "North End|£900|",
        "South End|£800|+2.0",
        "East End|£700|+3.1",
        "West End|£950|−1.0",
    )

    assert told(page)[2:4] == ["North End: Rent £900.", "South End: Rent £800, 1 yr: +2.0%."]


def test_amounts_in_brackets_beside_others_are_negative() -> None:
    page = page_with_table(
        "Fund|Price|Week|Year",
        "Alder|41.20|+0.9%|(3.1%)",
        "Birch|7.35|(0.4%)|+2.2%",
        "Cedar|9.10|(1.0%)|+4%",
    )

    assert told(page)[2:] == [
        "Alder: Price 41.20, Week: +0.9%.",
        "Birch: Price 7.35, Week: −0.4%.",
        "Cedar: Price 9.10, Week: −1.0%.",
    ]


def test_shares_in_brackets_are_no_losses() -> None:
    page = page_with_table(
        "Motion|For|Against", "Bridge|120 (54%)|102 (46%)", "Pier|90 (40%)|135 (60%)"
    )

    assert "−" not in " ".join(told(page))


def test_values_of_one_unit_are_named_in_each_row() -> None:
    page = page_with_table(
        "Day|Figure|Forecast|Last", "Monday|Starts|+45k|+42k", "Friday|Orders|4.4%|4.4%"
    )

    assert told(page)[2:] == [
        "Monday: Starts, Forecast +45k, Last +42k.",
        "Friday: Orders, Forecast 4.4%, Last 4.4%.",
    ]


def test_results_of_games_are_told_side_by_side() -> None:
    page = page_with_table(
        "Home| |Away|Crowd",
        "Holm Town|3–2|Port Ahle|611",
        "Weald (2pm)|0–0|Sker Rovers|187",
        "Vale|P–P|Brae|—",
        "Ness|1–4|Lund|93",
    )

    assert told(page)[2:] == [
        "Holm Town 3, Port Ahle 2.",
        "Weald 0, Sker Rovers 0.",
        "Ness 1, Lund 4.",
    ]


@pytest.mark.parametrize(
    ("head", "rows", "expected"),
    [
        (
            "Bill|Yes|No|Share",
            ("Pier|2,104|1,960|51.8%", "Mill|1,800|2,264|44.3%"),
            ["Pier: Yes 2,104, No 1,960, Share 51.8%.", "Mill: Yes 1,800, No 2,264, Share 44.3%."],
        ),
        (
            "Task|1.9.4 (old)|2.0.0 (new)|Change",
            ("Backup|52 min|41 min|−21%", "Check|9 min|4 min|−55%"),
            ["Backup: 41 min (2.0.0), Change −21%.", "Check: 4 min (2.0.0), Change −55%."],
        ),
        (
            "Rent|Calm|Mixed|Wild",
            ("under $5K|1 month|2 months|3 months", "over $5K|4 months|5 months|6 months"),
            [],
        ),
    ],
)
def test_a_table_is_told_whole_or_not_at_all(
    head: str, rows: tuple[str, ...], expected: list[str]
) -> None:
    assert told(page_with_table(head, *rows))[2:] == expected


def test_a_row_that_only_names_the_columns_is_not_told() -> None:
    rows = ("When|What|Where", "4 May|A concert of 9 horns|Mill", "11 May|Nine boats|Pier")
    cells = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in row.split('|'))}</tr>" for row in rows
    )

    assert all("What" not in text for text in told(f"{STORY}<table>{cells}</table>"))


@pytest.mark.parametrize(
    ("head", "rows", "expected"),
    [
        (
            "Fund|Weight|+/–",
            ("Alder|42.0%|+24.2%", "Birch|21.5%|+0.5%"),
            ["Alder: Weight 42.0%.", "Birch: 21.5%."],
        ),
    ],
)
def test_a_value_beside_another_is_told_only_with_the_name_of_its_column(
    head: str, rows: tuple[str, ...], expected: list[str]
) -> None:
    assert told(page_with_table(head, *rows))[2:] == expected
