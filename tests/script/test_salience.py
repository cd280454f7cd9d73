"""If there is time for one sentence of a story, it is the news and not the introduction."""

import pytest
from audiobrew.script.items import items_of
from audiobrew.script.salience import choose_lines

from tests.mail.mails import html, read

STORIES = {
    "What the oysters know": (
        "Oysters are easy to overlook, and that is a part of their charm.",
        "A survey published on Monday counted 41,000 of them in the Aller, ten times as many as in 2019.",
    ),
    "Die Bahn baut": (
        "Wer in diesem Sommer nach Norden will, braucht viel Geduld und gute Schuhe.",
        "Die Strecke von Harnheim nach Fordwig wird vom 3. Juni an gesperrt, 40 Züge am Tag fallen aus.",
    ),
}
# What depends on the sentence before it, and what says no more than the introduction.
OTHERS = {
    "The ferry returns": (
        "For three winters, nobody in Harnham could cross the river after dark.",
        "That will change on 4 May, at a cost of 2.1 million euros a year.",
    ),
    "Offline": (
        "The app of the library in Harnham now works without a network.",
        "Readers asked for it in many letters, and then in many more.",
    ),
}


def chosen(title: str, texts: tuple[str, str], budget: int) -> list[str]:
    body = "".join(f"<p>{text}</p>" for text in texts)
    (item,) = items_of(read(html(f"<h2>{title}</h2>{body}")))
    return [line.text for line in choose_lines(item, budget) if line.text in texts]


@pytest.mark.parametrize("title", STORIES)
def test_the_news_takes_the_place_of_the_introduction(title: str) -> None:
    introduction, news = STORIES[title]

    assert chosen(title, (introduction, news), 120) == [news]
    assert chosen(title, (introduction, news), 300) == [introduction, news]


@pytest.mark.parametrize("title", OTHERS)
def test_what_needs_the_introduction_is_not_told_alone(title: str) -> None:
    assert chosen(title, OTHERS[title], 120) == [OTHERS[title][0]]
