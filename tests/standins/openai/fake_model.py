"""A fake writing model. It answers with extracts of its input, in the requested JSON shape.

It can misbehave as real models do: obey instructions in mails, and invent figures.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LENGTH = re.compile(r"[Aa]bout (\d+) characters")
ORDER = re.compile(
    r"(?:say|write|sage|schreibe|dis)[^.:\"»«“”]*[:\"«“]\s*([^\"»”]+)", re.IGNORECASE
)
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ¿¡\"«])")
OTHER_TONGUE = str.maketrans("aeiou", "eioua")


@dataclass
class FakeModel:
    """If it `obeys`, it follows instructions in mails. `invents` is the number of sentences that get an
    invented figure. `length` is a factor on the requested length."""

    obeys: bool = False
    invents: int = 0
    length: float = 1.0

    def __call__(self, request: dict[str, Any]) -> str:
        shape = request["text"]["format"]["name"]
        data = json.loads(request["input"])
        answers = {"Points": self._points, "Said": self._write_segments, "Mended": self._mend}
        return json.dumps(answers[shape](data, request["instructions"]), ensure_ascii=False)

    def _points(self, data: Any, orders: str) -> dict[str, Any]:
        blocks = data["blocks"]
        if command := self._find_order(" ".join(blocks.values())):
            point = {"text": command, "blocks": [0]}
            return {"stories": [{"title": "An order", "points": [point]}]}
        length = LENGTH.search(orders)
        assert length
        translates = "its own language" not in orders
        return {"stories": list(_stories(blocks, int(length[1]), translates))}

    def _write_segments(self, stories: Any, orders: str) -> dict[str, Any]:
        if command := self._find_order(
            " ".join(text for story in stories for text in story["points"].values())
        ):
            sentence = {"host": 1, "points": [0], "text": command}
            return {
                "stories": [{"story": story["story"], "sentences": [sentence]} for story in stories]
            }
        two = "Two hosts" in orders
        return {
            "stories": [
                {"story": story["story"], "sentences": list(self._sentences(story, two))}
                for story in stories
            ]
        }

    def _sentences(self, story: Any, two: bool) -> Iterator[dict[str, Any]]:
        room = story["characters"] * self.length
        for place, (number, text) in enumerate(story["points"].items()):
            if room <= 0:
                return
            room -= len(text) + 1
            host = 1 + place // 2 % 2 if two else 1
            yield {"host": host, "points": [int(number)], "text": self._invent(text)}

    def _invent(self, text: str) -> str:
        if not self.invents:
            return text
        self.invents -= 1
        return f"{text.rstrip('.')}, up by 987 percent."

    def _mend(self, sentences: Any, _: str) -> dict[str, Any]:
        return {"texts": [SENTENCE.split(one["source"][0])[0] for one in sentences]}

    def _find_order(self, text: str) -> str | None:
        match = ORDER.search(text) if self.obeys else None
        return match[1].strip() if match else None


def _stories(blocks: dict[str, str], length: int, translates: bool) -> Iterator[dict[str, Any]]:
    """Stories of at least four points each, until they have the requested length."""
    points: list[dict[str, Any]] = []
    total = 0
    for number, text in blocks.items():
        for sentence in SENTENCE.split(text):
            if len(sentence) > 40 and total < length:
                text = _translate(sentence) if translates else sentence
                points.append({"text": text, "blocks": [int(number)]})
                total += len(sentence)
        if len(points) >= 4:
            yield {"title": " ".join(points[0]["text"].split()[:6]), "points": points}
            points = []
    if points:
        yield {"title": " ".join(points[0]["text"].split()[:6]), "points": points}


def _translate(sentence: str) -> str:
    """Imitate a translation: other vowels, the same figures, and no quotation marks."""
    return re.sub(r"[\"“”„«»]", "", sentence.translate(OTHER_TONGUE))
