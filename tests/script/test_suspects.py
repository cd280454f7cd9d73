"""What resembles advertising or housekeeping is left out of episodes; news of the same things is told."""

from dataclasses import replace
from pathlib import Path

import pytest
from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.reader import read_mail
from audiobrew.script.extractive_segments import build_rundown
from audiobrew.script.items import items_of
from audiobrew.script.salience import news_value
from audiobrew.script.suspects import MIN_DOUBT, split_suspects
from audiobrew.script.writer import Brief, SuspectReason

from tests.script.test_openai_writer import brief

LABELLED = Path(__file__).parents[1] / "mail" / "labelled"
NEWS = """<h2>Ferry timetable changes</h2><p>The river ferry will run every twenty minutes from Monday, the
transit office said on Thursday. It carried 412,000 passengers last year, nine percent more than in 2024, and
the new boat holds eighty people and thirty bicycles.</p>
<h2>School roof holds after all</h2><p>Engineers found no damage in the roof of Weir School, which had been
closed since the storm in October. Classes go back on Tuesday, and the repair of the gutters will cost
the town about 14,000 euros.</p>"""
FOOTER = "<p>You subscribed to this mail. <a href='https://weir.example/u'>Unsubscribe</a></p>"
SUSPECTS = [
    """<h2>Our autumn reading circle</h2><p>Members meet on six evenings to read together with us. The circle
    costs €45, and you can <a href="https://weir.example/circle/register">reserve your place</a> until
    Friday.</p>""",
    """<h2>Win a picnic basket</h2><p>Reply to this letter with the word basket by Sunday, and you
    could win one of our three picnic baskets. We draw the winners on Monday.</p>""",
    """<p>The Weir is free because its readers chip in. If you can spare the price of a coffee a month,
    become a <a href="https://weir.example/support">supporter of the letter</a> today.</p>""",
    """<h2>Boots for wet days</h2><p>You will never have cold feet again: order your pair from Harrow Boots
    before Sunday and get 20% off with the code WEIR20.
    <a href="https://harrow.example/?utm_source=weir">Order now</a></p>""",
]
STORIES = [
    """<h2>Swimming lessons get dearer</h2><p>A course at the town pool will cost €95 from January, €12
    more than today. The council says that the price still covers only half of what the pool spends on
    heating.</p>""",
    """<h2>Hospital hires forty nurses</h2><p>The hospital at Weir is looking for
    forty nurses and offers flats near the station. The union called the jobs overdue, because nineteen
    beds have been closed since May.</p>""",
    """<h2>Survey finds fewer bees</h2><p>Volunteers counted 2,300 bees in the survey of the botanical
    garden, a third fewer than last summer. Everybody who counted is invited to the lecture on
    Thursday.</p>""",
]
EVENTS = "".join(
    f"<h2>{title}</h2><p>{text} Tickets cost €{price}, and you can <a href='/{price}'>book here</a>.</p>"
    for title, text, price in (
        (
            "Friday: The Low Notes",
            "The brass band from Aldmoor plays marches in the town hall.",
            12,
        ),
        ("Saturday: Puppet theatre", "The bear who lost his hat looks for it in the barn.", 6),
        ("Sunday: A walk by the mill", "The miller shows the wheel and the old sluice at ten.", 4),
        ("Monday: Chess for all", "The club puts up thirty boards in the library at five.", 3),
    )
)
JOBS = "".join(
    f"<h2>{title}</h2><p>{text} <a href='https://jobs.example/{number}'>Apply here</a></p>"
    for number, (title, text) in enumerate(
        (
            (
                "Gardener, town of Weir",
                "Full time. You look after eleven parks and the old cemetery.",
            ),
            (
                "Bus driver, Weir Transit",
                "Thirty hours a week. We train you if you have no licence.",
            ),
            ("Cook, Hill School", "Half time. You cook for ninety children with two colleagues."),
            (
                "Archivist, Weir Museum",
                "Two years. You catalogue 4,000 photographs of the harbour.",
            ),
        )
    )
)


def newsletter(html: str) -> Newsletter:
    head = (
        "From: The Weir <letter@weir.example>\nSubject: This week\nList-Id: <weir.example>\n"
        "Date: Mon, 23 Nov 2026 07:00:00 +0000\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"
    )
    return read_mail(f"{head}<html><body>{html}</body></html>".encode(), limits=Limits())


def told(mail: Newsletter) -> str:
    return " ".join(block.text for block in split_suspects(mail).newsletter.uncut_blocks)


@pytest.mark.parametrize("html", SUSPECTS)
def test_what_a_newsletter_sells_or_asks_is_left_out(html: str) -> None:
    mail = newsletter(NEWS + html + FOOTER)
    text = told(mail)

    assert "412,000 passengers" in text
    assert "14,000 euros" in text
    assert not any(word in text for word in ("circle costs", "baskets", "coffee a month", "Harrow"))


@pytest.mark.parametrize("html", STORIES)
def test_news_of_prices_jobs_and_surveys_is_told(html: str) -> None:
    mail = newsletter(NEWS + html + FOOTER)

    assert split_suspects(mail).suspects == ()


@pytest.mark.parametrize("html", [EVENTS, JOBS], ids=["events", "jobs"])
def test_a_letter_of_nothing_but_events_or_jobs_is_told(html: str) -> None:
    mail = newsletter(html + FOOTER)

    assert split_suspects(mail).suspects == ()


def test_a_letter_with_nothing_else_still_has_something_to_tell() -> None:
    mail = newsletter(SUSPECTS[0] + SUSPECTS[3] + FOOTER)
    blocks = tuple(replace(block, cut=None) for block in mail.blocks[:-1])
    mail = replace(mail, blocks=(*blocks, mail.blocks[-1]))
    rundown = build_rundown([mail], Brief(5, "AudioBrew", brief().day, {"en": 15.0}))

    assert rundown.stories


def test_what_the_listener_restored_is_told() -> None:
    mail = newsletter(NEWS + SUSPECTS[3] + FOOTER)
    blocks = tuple(
        replace(block, cut=None, restored=True) if "Harrow" in block.text else block
        for block in mail.blocks
    )

    assert "Harrow" in told(replace(mail, blocks=blocks))


def test_the_rundown_says_what_is_left_out_and_why() -> None:
    mail = newsletter(NEWS + SUSPECTS[2] + FOOTER)
    suspects = split_suspects(mail).suspects
    rundown = build_rundown([mail], brief(5))

    assert rundown.suspects == suspects
    if suspects:
        assert {one.reason for one in suspects} <= set(SuspectReason)
        spoken = {block for story in rundown.stories for block in story.blocks}
        assert spoken.isdisjoint(one.block for one in suspects)


def test_content_that_resembles_boilerplate_is_seldom_suspect() -> None:
    """Of 94 mails of traps with 768 blocks of content."""
    paths = sorted((LABELLED / "traps").glob("*.eml"))
    mails = [read_mail(path.read_bytes(), limits=Limits()) for path in paths]

    assert sum(len(split_suspects(mail).suspects) for mail in mails) <= 12


def with_doubt(mail: Newsletter, text: str, doubt: float) -> Newsletter:
    blocks = (
        replace(block, doubt=doubt if text in block.text else 0.0, cut=None)
        for block in mail.blocks
    )
    return replace(mail, blocks=tuple(blocks))


@pytest.mark.parametrize(
    ("language", "doubtful", "following"),
    [
        ("en", "Number of the week: 1 in 6", "That's how many homes have no garden."),
        ("en", "The old objection is that it costs much.", "A better objection came from Ada."),
        ("en", "Second, let somebody else decide it.", "Third, give it a whole winter."),
        ("de", "Zahl der Woche: jedes sechste Haus", "Das ist der Anteil ohne Garten am Hang."),
        ("de", "Zweitens entscheidet das jemand anderes.", "Drittens braucht es einen Winter."),
        ("fr", "Le chiffre du jour : 1 sur 6", "C'est la part des maisons sans jardin."),
        ("es", "La cifra del día: 1 de cada 6", "Esa es la parte de casas sin jardín."),
        ("it", "Il numero del giorno: 1 su 6", "Questa è la quota di case senza giardino."),
    ],
)
def test_what_the_next_paragraph_refers_to_is_told(
    language: str, doubtful: str, following: str
) -> None:
    mail = replace(
        newsletter(NEWS + f"<p>{doubtful}</p><p>{following}</p>" + FOOTER), language=language
    )

    assert doubtful in told(with_doubt(mail, doubtful, 0.4))
    assert doubtful not in told(with_doubt(mail, doubtful, 0.7))


def test_what_leads_to_a_table_or_a_list_is_told() -> None:
    lead = "The county pays for four of them, and these are the largest:"
    table = "<ul><li>The roof of the pool costs 400,000.</li><li>The bells cost 90,000.</li></ul>"
    mail = newsletter(NEWS + f"<p>{lead}</p>{table}" + FOOTER)

    assert lead in told(with_doubt(mail, lead, 0.4))


@pytest.mark.parametrize("salutation", ["Dear readers of the letter,", "Hello to all of you!"])
def test_a_salutation_is_needed_by_nothing(salutation: str) -> None:
    mail = newsletter(f"<p>{salutation}</p><p>It rained for nine days.</p>" + NEWS + FOOTER)

    assert salutation not in told(with_doubt(mail, salutation, 0.4))


def test_the_steps_of_a_recipe_are_told_whole() -> None:
    steps = ["Peel the pears.", "Order them by size in the pan.", "Bake them for an hour."]
    page = "<h2>Method</h2><ol>" + "".join(f"<li>{step}</li>" for step in steps) + "</ol>"
    mail = newsletter(NEWS + page + FOOTER)

    assert all(step in told(with_doubt(mail, steps[1], 0.4)) for step in steps)
    assert steps[1] not in told(with_doubt(mail, steps[1], 0.7))


def test_what_is_doubtful_is_told_last() -> None:
    mail = newsletter(NEWS + FOOTER)
    first = next(block for block in mail.blocks if "412,000" in block.text)
    blocks = tuple(
        replace(block, doubt=MIN_DOUBT * 0.9) if block is first else block for block in mail.blocks
    )
    [certain, _] = items_of(mail)
    [doubtful, other] = items_of(replace(mail, blocks=blocks))

    assert news_value(certain) > news_value(other) > news_value(doubtful)
    assert doubtful.lines


def test_questions_and_answers_stay_together() -> None:
    turns = "".join(
        f"<p><b>{question}</b></p><p>{answer}</p>"
        for question, answer in [
            ("Which of your tools would you save?", "The forks, all of them."),
            ("Worst?", "The van that sells ice cream."),
            ("What would you buy?", "Nothing that is new."),
        ]
    )
    mail = newsletter(NEWS + turns + FOOTER)
    doubtful = replace(
        mail,
        blocks=tuple(
            replace(block, doubt=1.0 if block.role == "question" else block.doubt)
            for block in mail.blocks
        ),
    )

    assert sum(block.role == "question" for block in doubtful.blocks) == 3
    assert not any("?" in suspect.text for suspect in split_suspects(doubtful).suspects)
