"""Generates newsletters. Every number gives other sentences, so that no result is in the cache."""

from email.message import EmailMessage
from random import Random

PLACES = ("Aveiro", "Bergen", "Cork", "Dunedin", "Evora", "Fukuoka", "Ghent", "Hobart", "Izmir")
THINGS = ("harbour", "library", "bakery", "observatory", "ferry line", "greenhouse", "tram depot")
DEEDS = (
    "opens again after {a} weeks of repairs and {b} meetings about the colour of its doors",
    "counted {a} visitors on one morning, which is {b} more than on any morning before",
    "is looking for {a} volunteers who can spare {b} hours a week before the winter begins",
    "sold its {a} oldest lamps and bought {b} new ones that use a tenth of the power",
    "found {a} letters behind a wall, the longest of them {b} pages and still sealed",
    "will close for {a} days because {b} swallows are nesting above the entrance",
)


def letter(number: int, sentences: int = 12) -> bytes:
    """A newsletter with this number of sentences, as raw bytes."""
    dice = Random(number)
    mail = EmailMessage()
    mail["From"] = f"Letter {number} <hello@letter-{number}.example>"
    mail["To"] = "reader@example.org"
    mail["Subject"] = f"Issue {number}: {dice.choice(THINGS)} news"
    mail["Date"] = f"Mon, 23 Nov 2026 07:{number % 60:02}:00 +0000"
    mail["Message-ID"] = f"<issue-{number}@letter-{number}.example>"
    mail["List-Id"] = f"<letter-{number}.example>"
    mail["List-Unsubscribe"] = f"<https://letter-{number}.example/leave>"
    mail.set_content("\n\n".join(_sentence(dice) for _ in range(sentences)) + "\n")
    return mail.as_bytes()


def _sentence(dice: Random) -> str:
    deed = dice.choice(DEEDS).format(a=dice.randint(3, 9000), b=dice.randint(3, 900))
    return f"The {dice.choice(THINGS)} of {dice.choice(PLACES)} {deed}."
