"""What a block looks like, in numbers, for the model in `likelihood.py`.

None of the numbers is about the words of one language. They say where a block stands, what stands around it,
how it is drawn, and which kinds of phrases it has (see `lang/<code>.toml`).
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from audiobrew.lang.function_words import FUNCTION_WORDS
from audiobrew.mail.cuts.mail_context import (
    QUESTION_MARKS,
    QUOTATION_MARKS,
    SENTENCE_ENDS,
    MailContext,
    has_phrase,
    split_sentences,
)
from audiobrew.mail.cuts.self_reference import last_story, signs_in_words
from audiobrew.mail.cuts.sponsor_page import PRICE
from audiobrew.mail.newsletter import BlockKind, Cut
from audiobrew.mail.raw_block import Box, RawBlock

# Purposes of phrases that a block has or has not.
PURPOSES = (
    "unsubscribe", "why_sent", "view_in_browser", "requests", "readers", "first_person", "newsletter_words",
    "support", "advertise", "sponsor_labels", "own_products", "deals", "notices", "announcements", "events",
    "sign_ups", "offers", "buttons", "contents", "polls", "reading_time", "credits", "bylines",
)  # fmt: skip
# Purposes of which phrases are counted.
COUNTS = ("newsletter_words", "support", "readers", "first_person", "requests")
# How far away the next cut is looked for, in blocks, and what stands for a heading that there is not.
MAX_DISTANCE, NO_HEADING = 8, 9
# Words of a paragraph of a story, and the largest share of it that links make up.
_MIN_STORY_WORDS, _MAX_STORY_LINK_SHARE = 25, 0.5
_PHONE = re.compile(r"(?<!\d)\+?\d[\d ()/.-]{7,20}\d")
_ADDRESS = re.compile(r"\w@\w")
_SITE = re.compile(
    r"https?://|www\.|\b\w{1,60}\.(?:com|org|net|de|fr|es|it|pl|se|no|dk|fi|hu|ro|cz|gr|ua|jp|cn|kr|il|in|br"
    r"|nl|uk|example|app|io)\b"
)
_CODE = re.compile(r"\b[A-Z]{3,30}\d{1,3}\b|\b[A-Z]{6,30}\b")
_CURRENCY = re.compile(r"[€$£¥₩₹₴₪]|\b(?:EUR|USD|kr|zł|lei|Ft|TL|Kč|грн|руб|元|円|원)\b")
_EMOJI = re.compile("[\U0001f300-\U0001faff☀-➿]")
_BOX_NAME = re.compile(
    r"(?<![a-z])(?:ads?|advert[a-z]{0,9}|sponsor[a-z]{0,6}|promo[a-z]{0,8}|cta|foot(?:er)?|header|social"
    r"|unsub[a-z]{0,8}|button|btn|offer|coupon|banner|referral|legal|signature|meta|muted|small|note|callout)"
    r"(?![a-z])"
)
_WORD, _LONG_WORD = re.compile(r"\w+"), re.compile(r"\w{4,}")


@dataclass(frozen=True)
class MailFeatures:
    """The features of a mail's blocks. `cuts` are what the rules cut, by the number of the block."""

    blocks: Sequence[RawBlock]
    cuts: Mapping[int, Cut]
    mail: MailContext

    def of(self, number: int) -> dict[str, float]:
        """The features of a block, by name."""
        features = {
            **dict(self._place(number)),
            **dict(self._neighbours(number)),
            **dict(self._look(number)),
            **dict(self._words(number)),
            **dict(text_features(self.blocks[number].text)),
        }
        return {name: float(value) for name, value in features.items()}

    @cached_property
    def word_counts(self) -> list[int]:
        return [block.word_count for block in self.blocks]

    @cached_property
    def words_before(self) -> list[int]:
        return [0, *accumulate(self.word_counts)]

    @cached_property
    def told_before(self) -> list[int]:
        counts = (0 if n in self.cuts else words for n, words in enumerate(self.word_counts))
        return [0, *accumulate(counts)]

    @cached_property
    def stories_before(self) -> list[int]:
        """How many paragraphs of stories stand before each block, and in all."""
        stories = (
            n not in self.cuts
            and block.word_count >= _MIN_STORY_WORDS
            and block.link_share <= _MAX_STORY_LINK_SHARE
            for n, block in enumerate(self.blocks)
        )
        return [0, *accumulate(map(int, stories))]

    @cached_property
    def last_story(self) -> int:
        return last_story(self.blocks)

    @cached_property
    def heading_above(self) -> list[int]:
        """For each block the number of the last heading up to it; -1 without one."""
        numbers = (n if b.kind is BlockKind.HEADING else -1 for n, b in enumerate(self.blocks))
        return list(accumulate(numbers, max))

    @cached_property
    def previous_cut(self) -> list[int]:
        """For each block how far above it the last cut is, in blocks."""
        return distances(self.cuts, range(len(self.blocks)))

    @cached_property
    def next_cut(self) -> list[int]:
        return distances(self.cuts, range(len(self.blocks) - 1, -1, -1))

    @cached_property
    def boxes(self) -> Mapping[int, tuple[int, int]]:
        """The number of blocks in each box, and of cuts among them, by the box's identity."""
        sizes = Counter(id(block.box) for block in self.blocks)
        cuts = Counter(id(self.blocks[number].box) for number in self.cuts)
        return {box: (size, cuts[box]) for box, size in sizes.items()}

    @cached_property
    def long_words(self) -> list[frozenset[str]]:
        return [frozenset(_LONG_WORD.findall(block.text.casefold())) for block in self.blocks]

    @cached_property
    def blocks_with_word(self) -> Counter[str]:
        """In how many of the blocks that are not cut each word occurs."""
        return Counter(
            word for n, words in enumerate(self.long_words) if n not in self.cuts for word in words
        )

    @cached_property
    def signs(self) -> list[Counter[str]]:
        return [signs_in_words(block.text, self.mail) for block in self.blocks]

    def _place(self, number: int) -> Iterator[tuple[str, float]]:
        total = self.words_before[-1] or 1
        told_after = self.told_before[-1] - self.told_before[number + 1]
        yield "position", self.words_before[number] / total
        yield "blocks before", math.log1p(number)
        yield "blocks after", math.log1p(len(self.blocks) - 1 - number)
        yield "told words before", math.log1p(self.told_before[number])
        yield "told words after", math.log1p(told_after)
        yield "share told after", told_after / total
        yield "stories before", math.log1p(self.stories_before[number])
        yield (
            "stories after",
            math.log1p(self.stories_before[-1] - self.stories_before[number + 1]),
        )
        yield "after the last story", number > self.last_story

    def _neighbours(self, number: int) -> Iterator[tuple[str, float]]:
        yield "previous cut", self.previous_cut[number]
        yield "next cut", self.next_cut[number]
        for step in (-2, -1, 1, 2):
            other = number + step
            inside = 0 <= other < len(self.blocks)
            yield f"{step:+} is outside", not inside
            for cut in (Cut.SPONSOR, Cut.NAVIGATION, Cut.FOOTER, Cut.LEGAL):
                yield f"{step:+} is {cut}", inside and self.cuts.get(other) is cut
        for step in (-1, 1):
            other = number + step
            inside = 0 <= other < len(self.blocks)
            block = self.blocks[other] if inside else None
            yield f"{step:+} signs", self.signs[other].total() if inside else -1
            yield f"{step:+} words", math.log1p(self.word_counts[other]) if inside else -1
            yield f"{step:+} link share", block.link_share if block else -1
            yield f"{step:+} is a button", block is not None and block.button
            yield f"{step:+} is a heading", block is not None and block.kind is BlockKind.HEADING
            yield (
                f"{step:+} has a price",
                block is not None and PRICE.search(block.text) is not None,
            )
        heading = self.heading_above[number]
        has_heading = heading >= 0
        yield "blocks to heading", number - heading if has_heading else NO_HEADING
        yield "heading signs", self.signs[heading].total() if has_heading else -1
        yield "heading is cut", has_heading and heading in self.cuts
        yield "heading words", math.log1p(self.word_counts[heading]) if has_heading else -1

    def _look(self, number: int) -> Iterator[tuple[str, float]]:
        block = self.blocks[number]
        for kind in BlockKind:
            yield f"is {kind}", block.kind is kind
        yield "after a rule", block.after_rule
        yield "small", block.small
        yield "bold", block.bold
        yield "italic", block.italic
        yield "button", block.button
        yield "links", len(block.links)
        yield "link share", block.link_share
        yield "writes a mail", block.mails
        yield "after a picture", block.after_picture
        around = list(block.box.with_ancestors())
        yield "box name", has_telling_name(around)
        yield "tinted", block.box.tinted
        yield "inside tint", any(box.tinted for box in around)
        size, cut_count = self.boxes[id(block.box)]
        others = size - 1
        yield "blocks in box", math.log1p(size)
        yield "cuts in box", (cut_count - (number in self.cuts)) / max(1, others)

    def _words(self, number: int) -> Iterator[tuple[str, float]]:
        text, own = self.blocks[number].text, self.long_words[number]
        yield "words", math.log1p(self.word_counts[number])
        yield (
            "words of other blocks",
            sum(self.blocks_with_word[w] > 1 for w in own) / max(1, len(own)),
        )
        yield "different words", math.log1p(len(own))
        yield "names the sender", not self.mail.sender_words.isdisjoint(own)
        for purpose in PURPOSES:
            yield f"has {purpose}", has_phrase(self.mail, purpose, text)
        for purpose in COUNTS:
            yield f"count of {purpose}", self.signs[number][purpose]
        yield "signs", self.signs[number].total()


def distances(cuts: Mapping[int, Cut], order: Sequence[int]) -> list[int]:
    """For each block how many blocks before it, in this order, the last cut is; at most MAX_DISTANCE."""
    result = [MAX_DISTANCE] * len(order)
    distance = MAX_DISTANCE
    for number in order:
        result[number] = distance
        distance = 1 if number in cuts else min(MAX_DISTANCE, distance + 1)
    return result


def has_telling_name(boxes: Sequence[Box]) -> bool:
    """Whether the page calls one of the boxes a footer, an advertisement or the like."""
    return any(_BOX_NAME.search(box.names) is not None for box in boxes)


def text_features(text: str) -> Iterator[tuple[str, float]]:
    """What a text has of figures, marks and capitals."""
    stripped = text.rstrip()
    words = [word for word in text.split() if word[0].isalpha()]
    all_words = [word.casefold() for word in _WORD.findall(text)]
    yield "characters", math.log1p(len(text))
    yield "sentences", len(split_sentences(text))
    yield "share of digits", sum(map(str.isdigit, text)) / max(1, len(text))
    yield "percent", "%" in text
    yield "currency", _CURRENCY.search(text) is not None
    yield "price", PRICE.search(text) is not None
    yield "phone", _PHONE.search(text) is not None
    yield "address", _ADDRESS.search(text) is not None
    yield "site", _SITE.search(text) is not None
    yield "code", _CODE.search(text) is not None
    yield "ends with a question", stripped.endswith(QUESTION_MARKS)
    yield "has a question", any(mark in text for mark in QUESTION_MARKS)
    yield "exclaims", any(mark in text for mark in "!！")
    yield "ends a sentence", stripped.endswith(SENTENCE_ENDS)
    yield "ends with a comma", stripped.endswith((",", ":", "،", "，"))
    yield "begins with a quotation", text.startswith(QUOTATION_MARKS)
    yield "has a quotation", any(mark in text for mark in "“”„«»「")
    yield "has separators", any(mark in text for mark in "·•|→»")
    yield "emoji", _EMOJI.search(text) is not None
    yield "share of capitals", sum(word[0].isupper() for word in words) / max(1, len(words))
    yield "in capitals", text.isupper()
    yield (
        "share of function words",
        sum(word in FUNCTION_WORDS for word in all_words) / max(1, len(all_words)),
    )
