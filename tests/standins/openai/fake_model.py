"""What the stand-in for a model answers: plain extracts of what it was shown, in the shape it was asked for.

It can be made to misbehave as models do: to obey what mail tells it, and to make things up.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

WANTED = re.compile(r"[Aa]bout (\d+) characters")
ORDER = re.compile(
    r"(?:say|write|sage|schreibe|dis)[^.:\"»«“”]*[:\"«“]\s*([^\"»”]+)", re.IGNORECASE
)
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ¿¡\"«])")
OTHER_TONGUE = str.maketrans("aeiou", "eioua")


@dataclass
class Brain:
    """`obeys`: does what a mail commands. `invents`: how many sentences get a figure of its own.
    `length`: how much more, or less, it writes than it is asked for."""

    obeys: bool = False
    invents: int = 0
    length: float = 1.0

    def __call__(self, request: dict[str, Any]) -> str:
        shape = request["text"]["format"]["name"]
        told = json.loads(request["input"])
        answers = {"Points": self._points, "Said": self._said, "Mended": self._mended}
        return json.dumps(answers[shape](told, request["instructions"]), ensure_ascii=False)

    def _points(self, told: Any, orders: str) -> dict[str, Any]:
        blocks = told["blocks"]
        if command := self._ordered(" ".join(blocks.values())):
            point = {"text": command, "blocks": [0]}
            return {"stories": [{"title": "An order", "points": [point]}]}
        wanted = WANTED.search(orders)
        assert wanted
        foreign = "its own language" not in orders
        return {"stories": list(_stories(blocks, int(wanted[1]), foreign))}

    def _said(self, told: Any, orders: str) -> dict[str, Any]:
        if command := self._ordered(
            " ".join(text for one in told for text in one["points"].values())
        ):
            sentence = {"host": 1, "points": [0], "text": command}
            return {"stories": [{"story": one["story"], "sentences": [sentence]} for one in told]}
        two = "Two hosts" in orders
        return {
            "stories": [
                {"story": story["story"], "sentences": list(self._sentences(story, two))}
                for story in told
            ]
        }

    def _sentences(self, story: Any, two: bool) -> Iterator[dict[str, Any]]:
        room = story["characters"] * self.length
        for place, (number, text) in enumerate(story["points"].items()):
            if room <= 0:
                return
            room -= len(text) + 1
            host = 1 + place // 2 % 2 if two else 1
            yield {"host": host, "points": [int(number)], "text": self._embroidered(text)}

    def _embroidered(self, text: str) -> str:
        if not self.invents:
            return text
        self.invents -= 1
        return f"{text.rstrip('.')}, up by 987 percent."

    def _mended(self, told: Any, _: str) -> dict[str, Any]:
        return {"texts": [SENTENCE.split(one["source"][0])[0] for one in told]}

    def _ordered(self, text: str) -> str | None:
        found = ORDER.search(text) if self.obeys else None
        return found[1].strip() if found else None


def _stories(blocks: dict[str, str], wanted: int, foreign: bool) -> Iterator[dict[str, Any]]:
    """A story every three blocks, until there is enough."""
    points: list[dict[str, Any]] = []
    used = 0
    for number, text in blocks.items():
        for sentence in SENTENCE.split(text):
            if len(sentence) > 40 and used < wanted:
                points.append({"text": _told(sentence, foreign), "blocks": [int(number)]})
                used += len(sentence)
        if len(points) >= 4:
            yield {"title": " ".join(points[0]["text"].split()[:6]), "points": points}
            points = []
    if points:
        yield {"title": " ".join(points[0]["text"].split()[:6]), "points": points}


def _told(sentence: str, foreign: bool) -> str:
    """In another language, or what passes for one: other vowels, the same figures, nobody quoted."""
    if not foreign:
        return sentence
    return re.sub(r"[\"“”„«»]", "", sentence.translate(OTHER_TONGUE))
