"""A fake writing model. It answers with extracts of its input, in the requested JSON shape.

It can misbehave as real models do.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

LENGTH = re.compile(r"[Aa]bout (\d+) characters")
ORDER = re.compile(
    r"(?:say|write|sage|schreibe|dis)[^.:\"»«“”]*[:\"«“]\s*([^\"»”]+)", re.IGNORECASE
)
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ¿¡\"«])")
# The figures of a sentence, and its capitalized words after the first one.
FACT = re.compile(r"\d[\d.,:]*|(?<=[\w,] )[A-ZÄÖÜ]\w+")
FACTS_FIRST = "Facts first"
OTHER_TONGUE = str.maketrans("aeiou", "eioua")


# Links that an honest model could write, by language.
LINKS = {"en": "And what does that mean?", "de": "Und was bedeutet das?"}
# What a model makes of a sentence that it gets wrong.
NEGATIONS = (
    (re.compile(r"\b(is|are|was|were|will|has|have|can|must)\b"), r"\1 not"),
    (re.compile(r"\b(ist|sind|war|waren|wird|hat|haben|kann|muss)\b"), r"\1 nicht"),
)
SYNONYMS = {
    "approved": "agreed to", "cost": "take", "began": "started", "begins": "starts", "drew": "attracted",
    "want": "wish for", "kauft": "beschafft", "verlangt": "fordert", "sinkt": "verkürzt sich",
}  # fmt: skip
ROLES = re.compile(r"^(\w+(?: [A-Z]\w+)*)( .*?)\b([A-Z]\w+(?: [A-Z]\w+)*)\b(.*)$")


@dataclass
class FakeModel:
    """It answers with its input's own sentences, and misbehaves as it is told to.

    If it `obeys`, it follows instructions in mails. `length` is a factor on the requested length. The numbers
    say how many sentences are spoiled: `invents` an added figure, `adds` an added clause, `reverses` a
    negation, `swaps` two names that change places, `foreign` another language. If it `repeats`, all sentences
    begin alike; they stay true, as they do if it `paraphrases`: it says the same in other words. `plan` is
    what it does to the show plan: it may `lose`, `double` or `make_up` stories, or
    `claim` something in its bridges.

    As a judge it knows the sentences that it spoiled, and `false_texts`. `judge` is what it does instead:
    answer in a `malformed` way, always `agree`, or mean the `other` sentence.
    """

    obeys: bool = False
    invents: int = 0
    adds: int = 0
    reverses: int = 0
    swaps: int = 0
    foreign: int = 0
    repeats: bool = False
    paraphrases: bool = False
    length: float = 1.0
    plan: str = ""
    judge: str = ""
    false_texts: set[str] = field(default_factory=set)

    def __call__(self, request: dict[str, Any]) -> str:
        shape = request["text"]["format"]["name"]
        data = json.loads(request["input"])
        answers = {
            "Points": self._points,
            "Show": self._plan,
            "Said": self._write_segments,
            "Mended": self._mend,
            "Judged": self._judge,
        }
        return json.dumps(answers[shape](data, request["instructions"]), ensure_ascii=False)

    def _points(self, data: Any, orders: str) -> dict[str, Any]:
        blocks = data["blocks"]
        if command := self._find_order(" ".join(blocks.values())):
            point = {"text": command, "blocks": [0]}
            return {"stories": [_story("An order", [point], 5)]}
        length = LENGTH.search(orders)
        assert length
        translates = "its own language" not in orders
        sentences = _sentences(blocks, int(length[1]), FACTS_FIRST in orders)
        return {"stories": list(_stories(sentences, translates))}

    def _plan(self, data: Any, orders: str) -> dict[str, Any]:
        """The stories by value, with a bridge before every second one."""
        numbers = [
            story["story"]
            for story in sorted(data["stories"], key=lambda one: (one["language"], -one["value"]))
        ]
        languages = {story["story"]: story["language"] for story in data["stories"]}
        if self.plan == "lose":
            numbers = numbers[1:]
        if self.plan == "double":
            numbers = [*numbers, *numbers]
        if self.plan == "make_up":
            numbers = [*numbers, len(numbers) + 7, -3]
        claim = "The minister resigned after that." if self.plan == "claim" else ""
        bridges = {
            number: claim or LINKS.get(languages.get(number, ""), "")
            for place, number in enumerate(numbers)
            if place % 2
        }
        return {
            "order": numbers,
            "long": numbers[:1],
            "short": numbers[4:],
            "round_up": numbers[4:],
            "second_host": numbers[1::2],
            "bridges": [{"story": number, "text": text} for number, text in bridges.items()],
            "cold_open": numbers[0] if numbers else 0,
            "teaser": numbers[1:4],
            "call_backs": [],
        }

    def _write_segments(self, data: Any, orders: str) -> dict[str, Any]:
        stories = data["stories"]
        if command := self._find_order(
            " ".join(text for story in stories for text in story["points"].values())
        ):
            sentence = {"host": 1, "points": [0], "text": command, "spare": False}
            return {
                "stories": [{"story": story["story"], "sentences": [sentence]} for story in stories]
            }
        turns = "conversation" in orders and data["hosts"] == 2
        return {
            "stories": [
                {"story": story["story"], "sentences": list(self._sentences(story, turns))}
                for story in stories
            ]
        }

    def _sentences(self, story: Any, turns: bool) -> Iterator[dict[str, Any]]:
        room = story["characters"] * self.length
        lead = story["lead"]
        for place, (number, text) in enumerate(story["points"].items()):
            if room <= 0:
                return
            room -= len(text) + 1
            host = (lead, 3 - lead)[place // 2 % 2] if turns else lead
            link = LINKS.get(story["language"]) if turns and place == 2 else None
            if link:
                yield {"host": 3 - host, "points": [], "text": link, "spare": True}
            text = self._spoil(text)
            yield {"host": host, "points": [int(number)], "text": text, "spare": place > 2}

    def _judge(self, items: Any, _: str) -> dict[str, Any]:
        """Verdicts from memory: this model knows which sentences it spoiled, and a table of false ones."""
        if self.judge == "malformed":
            return {"items": [{"item": "first", "verdict": "perhaps"}]}
        shift = 1 if self.judge == "other" else 0
        lies = {item["item"] for item in items if item["text"] in self.false_texts}
        return {
            "items": [
                {
                    "item": item["item"] + shift,
                    "verdict": "contradicted"
                    if item["item"] in lies and self.judge != "agree"
                    else "supported",
                    "words": item["text"][:20] if item["item"] in lies else "",
                }
                for item in items
            ]
        }

    def _spoil(self, text: str) -> str:
        """The sentence with the first fault that is left and possible."""
        spoiled = self._spoiled(text)
        if spoiled != text and not (self.repeats or self.paraphrases):
            self.false_texts.add(spoiled)
        return spoiled

    def _spoiled(self, text: str) -> str:
        if self.repeats:
            return f"Interestingly, {text}"
        if self.paraphrases:
            return _paraphrase(text)
        negated = next(_negated(text), None)
        roles = ROLES.match(text)
        if self.invents:
            self.invents -= 1
            return f"{text.rstrip('.')}, up by 987 percent."
        if self.adds:
            self.adds -= 1
            return f"{text.rstrip('.')}, which angered neighbouring fishermen."
        if self.reverses and negated:
            self.reverses -= 1
            return negated
        if self.swaps and roles and roles[1] != roles[3]:
            self.swaps -= 1
            return f"{roles[3]}{roles[2]}{roles[1]}{roles[4]}"
        if self.foreign:
            self.foreign -= 1
            return "Questa frase è scritta in una lingua diversa da quella della trasmissione."
        return text

    def _mend(self, sentences: Any, _: str) -> dict[str, Any]:
        return {"texts": [SENTENCE.split(one["source"][0])[0] for one in sentences]}

    def _find_order(self, text: str) -> str | None:
        match = ORDER.search(text) if self.obeys else None
        return match[1].strip() if match else None


def _paraphrase(text: str) -> str:
    """The sentence with synonyms, and with its first clause of time at its start."""
    for word, synonym in SYNONYMS.items():
        text = re.sub(rf"\b{word}\b", synonym, text)
    day = re.search(r" (on|am) (\w+day|\w+tag)\b", text)
    if day:
        rest = text[: day.start()] + text[day.end() :]
        text = f"{day[0].strip().capitalize()}, {rest}"
    return text


def _negated(text: str) -> Iterator[str]:
    for pattern, replacement in NEGATIONS:
        changed = pattern.sub(replacement, text, count=1)
        if changed != text:
            yield changed


def _sentences(blocks: dict[str, str], length: int, facts_first: bool) -> list[tuple[int, str]]:
    """Sentences of about `length` characters, in the order of the blocks, each with its block's number.

    With `facts_first`, those without a figure or a name are taken only if the others are too few.
    """
    sentences = [
        (int(number), sentence)
        for number, text in blocks.items()
        for sentence in SENTENCE.split(text)
        if len(sentence) > 40 or (facts_first and FACT.search(sentence))
    ]
    by_worth = sorted(
        range(len(sentences)),
        key=lambda place: facts_first and not FACT.search(sentences[place][1]),
    )
    places = []
    for place in by_worth:
        if length > 0:
            places.append(place)
            length -= len(sentences[place][1])
    return [sentences[place] for place in sorted(places)]


def _stories(sentences: list[tuple[int, str]], translates: bool) -> Iterator[dict[str, Any]]:
    """Stories of at least four points each, which end where a block ends. The first matters most."""
    points: list[dict[str, Any]] = []
    count = 0
    for (number, sentence), (next_number, _) in zip_longest(
        sentences, sentences[1:], fillvalue=(-1, "")
    ):
        text = _translate(sentence) if translates else sentence
        points.append({"text": text, "blocks": [number]})
        if next_number == -1 or (len(points) >= 4 and next_number != number):
            yield _story(" ".join(points[0]["text"].split()[:6]), points, max(3, 9 - count))
            points, count = [], count + 1


def _story(title: str, points: list[dict[str, Any]], value: int) -> dict[str, Any]:
    return {
        "title": title,
        "hook": points[0],
        "kind": "news",
        "value": value,
        "interest": 5,
        "points": points,
    }


def _translate(sentence: str) -> str:
    """Imitate a translation: other vowels, the same figures, and no quotation marks."""
    return re.sub(r"[\"“”„«»]", "", sentence.translate(OTHER_TONGUE))
