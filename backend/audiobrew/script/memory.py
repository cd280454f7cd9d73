"""What of today's newsletters a listener heard before, and what is new.

A line is a repeat if an earlier episode said all of its words, figures and names. One word more may be the
news (“has been dropped”), so a line with any other word is told again: that is the smaller mistake. An item
is an update if it tells the story of an earlier segment, by the measures of `same_story.py`.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from audiobrew.lang.language import complete_language
from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.content_words import content_words
from audiobrew.script.earlier_episodes import EarlierSentence, HeardStory
from audiobrew.script.gate.claims import claims_in
from audiobrew.script.gate.meaning import find_difference
from audiobrew.script.gate.overlap import STEM_LENGTH, word_stems
from audiobrew.script.gate.quotations import modifier_patterns
from audiobrew.script.gate.tokens import tokenize, words_of
from audiobrew.script.items import Item
from audiobrew.script.line import Line, LineKind
from audiobrew.script.same_story import (
    MIN_SHARED_FACTS,
    MIN_SHARED_PART,
    MIN_SIMILARITY,
    cosine,
    facts_of,
    profile_of,
    weigh_words,
)
from audiobrew.script.writer import Brief, Repeat

# A line with fewer words is a repeat only if an earlier sentence is equal to it.
MIN_STEMS = 3
# A sentence that has all words of a line has its rarest ones, so only sentences with these are compared.
COMPARED_STEMS = 2
# If the words of a line are spread over several earlier sentences, one of them has at least this share.
MIN_SHARE_OF_ONE = 0.6
# An item of whose lines so many were heard continues the story that told them.
REPEATED_SHARE = 0.5
# A story may be told again by a newsletter that has so many of its names and figures, or this share of the
# words of one of its sentences.
MIN_RELATED_FACTS = 3
MIN_RELATED_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Statement:
    """What a sentence is compared by.

    `stems` are its words without those that only say who said it; `order` has them in order, without names.
    `modifiers`: whether it has a denial, a doubt and a condition.
    """

    text: str
    language: str
    words: tuple[str, ...]
    stems: frozenset[str]
    figures: frozenset[str]
    names: tuple[str, ...]
    order: tuple[str, ...]
    modifiers: tuple[bool, ...]


@lru_cache(maxsize=8192)
def statement_of(text: str, language: str) -> Statement:
    claims = claims_in(text, language)
    words = tuple(words_of(text))
    names = [word for word in words[1:] if word in claims.names]
    order = [word[:STEM_LENGTH] for word in content_words(text) if word not in names]
    modifiers = tuple(bool(pattern.search(text)) for pattern in modifier_patterns(language))
    return Statement(
        text,
        language,
        words,
        word_stems(text) - attribution_stems(language),
        claims.figures,
        tuple(dict.fromkeys(names)),
        tuple(order),
        modifiers,
    )


@cache
def attribution_stems(language: str) -> frozenset[str]:
    return word_stems(" ".join(complete_language(language).sentences.attributions))


def says_all(earlier: Statement, line: Statement) -> bool:
    """Whether an earlier sentence says what a line says: no more is in the line, and nothing else in it."""
    if len(line.stems) < MIN_STEMS:
        return earlier.words == line.words
    return (
        line.stems <= earlier.stems
        and line.figures <= earlier.figures
        and means_the_same(line, earlier)
    )


def means_the_same(line: Statement, earlier: Statement, texts: Sequence[str] = ()) -> bool:
    """Whether a line denies, weakens or exchanges nothing that a sentence with the same words says.

    Other words of the line are in `texts`.
    """
    return (
        line.modifiers == earlier.modifiers
        and not are_swapped(earlier, line)
        and find_difference(line.text, [earlier.text, *texts], line.language) is None
    )


def are_swapped(one: Statement, other: Statement) -> bool:
    """Whether two sentences are equal but for the places of their names: who did it, and to whom."""
    return one.order == other.order and one.names != other.names


class Memory:
    """The stories of earlier episodes, beside the items that are compared with them."""

    def __init__(self, stories: Sequence[HeardStory], items: Iterable[Item]) -> None:
        self._stories = [KnownStory(story) for story in stories]
        words = [profile_of(item).words for item in items]
        self._weights = weigh_words([*words, *(story.words for story in self._stories)])
        self._by_stem = defaultdict[str, list[tuple[KnownStory, int]]](list)
        self._by_words: dict[tuple[str, ...], EarlierSentence] = {}
        self._by_fact = defaultdict[str, list[int]](list)
        for number, story in enumerate(self._stories):
            for fact in story.facts:
                self._by_fact[fact].append(number)
            for place, statement in enumerate(story.statements):
                self._by_words.setdefault(statement.words, story.reference(place))
                for stem in statement.stems:
                    self._by_stem[stem].append((story, place))

    def split(self, item: Item) -> tuple[Item | None, list[Repeat]]:
        """The item with its new lines only, or None if it has none; and the lines that are not told again."""
        story = self.find_story(item)
        repeated = self._heard_lines(item, story)
        if story is None and len(repeated) >= REPEATED_SHARE * len(item.lines):
            most = Counter(earlier.episode for earlier in repeated.values()).most_common(1)[0][0]
            update = next(earlier for earlier in repeated.values() if earlier.episode == most)
        elif story is not None:
            own = (one for one in repeated.values() if story.told(one))
            update = next(own, story.reference(0))
        elif repeated:
            update = None
        else:
            return item, []
        lines, places = select_new_lines(item.lines, repeated.keys())
        repeats = [
            Repeat(line.text, line.blocks, repeated[line.place])
            for line in item.lines
            if line.place not in places
        ]
        if all(line.kind is LineKind.CODE for line in lines):
            return None, repeats
        background = tuple(line for line in item.lines if line.place not in places)
        hook = item.hook
        if hook and self.find_sentence(hook, item.language, story):
            hook = None
        return replace(item, lines=lines, hook=hook, update=update, background=background), repeats

    def find_story(self, item: Item) -> "KnownStory | None":
        """The earlier story that the item tells, the most similar one."""
        profile = profile_of(item)
        shared = Counter(number for fact in profile.facts for number in self._by_fact.get(fact, ()))
        best: tuple[float, KnownStory] | None = None
        for number, count in sorted(shared.items()):
            story = self._stories[number]
            fewer = min(len(profile.facts), len(story.facts))
            if count < MIN_SHARED_FACTS or count < MIN_SHARED_PART * fewer:
                continue
            similarity = cosine(profile.words, story.words, self._weights)
            if similarity >= MIN_SIMILARITY and (best is None or similarity > best[0]):
                best = similarity, story
        return best[1] if best else None

    def _heard_lines(self, item: Item, story: "KnownStory | None") -> dict[int, EarlierSentence]:
        """The sentences that told the item's lines before, by the place of the line."""
        repeated = {
            line.place: earlier
            for line in item.lines
            if (earlier := self.find_sentence(line, item.language, story))
        }
        for line in reversed(item.lines):
            # A question goes with its answer.
            if line.awaits_next and line.place + 1 < len(item.lines):
                repeated.pop(line.place, None)
                if answer := repeated.get(line.place + 1):
                    repeated[line.place] = answer
        return repeated

    def find_sentence(
        self, line: Line, language: str, story: "KnownStory | None"
    ) -> EarlierSentence | None:
        """The earlier sentence that said what a line says; `story` is the earlier story of its item."""
        statement = statement_of(line.text, language)
        if earlier := self._by_words.get(statement.words):
            return earlier
        if len(statement.stems) < MIN_STEMS:
            return None
        rarest = sorted(statement.stems, key=lambda stem: len(self._by_stem.get(stem, ())))
        if not self._by_stem.get(rarest[0]):
            return story.find_scattered(statement) if story else None
        first, *others = (self._by_stem.get(stem, []) for stem in rarest[:COMPARED_STEMS])
        keys = [{(id(one), place) for one, place in other} for other in others]
        for one, place in first:
            is_candidate = all((id(one), place) in other for other in keys)
            if is_candidate and says_all(one.statements[place], statement):
                return one.reference(place)
        return story.find_scattered(statement) if story else None


class KnownStory:
    """A story of an earlier episode with what it is compared by."""

    def __init__(self, story: HeardStory) -> None:
        self.story = story
        texts = [sentence.text for sentence in story.sentences]
        self.statements = [statement_of(text, story.language) for text in texts]
        self._texts = every_text = (*texts, *story.sources)
        self.words = Counter(
            word for text in (story.title, *every_text) for word in content_words(text)
        )
        self.facts = frozenset[str]().union(
            *(facts_of(text, story.language) for text in every_text)
        )
        self._stems = frozenset[str]().union(*map(word_stems, every_text))
        self._spoken_words = frozenset(word for one in self.statements for word in one.words)
        self._spoken_figures = frozenset[str]().union(*(one.figures for one in self.statements))

    def told(self, earlier: EarlierSentence) -> bool:
        """Whether a sentence belongs to this story."""
        return earlier.episode == self.story.episode and any(
            sentence.number == earlier.number for sentence in self.story.sentences
        )

    def reference(self, place: int) -> EarlierSentence:
        return self.story.reference(self.story.sentences[place].number)

    def find_scattered(self, line: Statement) -> EarlierSentence | None:
        """The sentence that said most of a line, if the story said all of it.

        A writer may have said it in other words, so words of the cited texts count as well. Figures and names
        must have been spoken.
        """
        if not (
            line.stems <= self._stems
            and line.figures <= self._spoken_figures
            and self._spoken_words.issuperset(line.names)
        ):
            return None
        shares = [len(line.stems & one.stems) / len(line.stems) for one in self.statements]
        best = max(range(len(shares)), key=shares.__getitem__)
        statement = self.statements[best]
        is_said = shares[best] >= MIN_SHARE_OF_ONE and means_the_same(line, statement, self._texts)
        return self.reference(best) if is_said else None


@dataclass(frozen=True, slots=True)
class Recall:
    """What is new: `items` by the digest of their newsletter. `repeats` and `repeated`: see `Rundown`."""

    items: Mapping[str, Sequence[Item]]
    repeats: tuple[Repeat, ...] = ()
    repeated: tuple[str, ...] = ()


def recall(items: Mapping[str, Sequence[Item]], brief: Brief) -> Recall:
    """Leave out of the items what the listener heard in an earlier episode.

    A newsletter that the listener chose is told completely if all of it was heard.
    """
    if not brief.memory:
        return Recall(items)
    memory = Memory(brief.memory, [item for own in items.values() for item in own])
    new_items: dict[str, Sequence[Item]] = {}
    repeats: list[Repeat] = []
    for digest, own in items.items():
        if digest in brief.again:
            new_items[digest] = own
            continue
        parts = [memory.split(item) for item in own]
        new = tuple(item for item, _ in parts if item)
        if brief.is_selection and not new:
            new_items[digest] = own
            continue
        new_items[digest] = new
        repeats += [repeat for _, item_repeats in parts for repeat in item_repeats]
    repeated = tuple(digest for digest, own in items.items() if own and not new_items[digest])
    return Recall(new_items, tuple(repeats), repeated)


def without_background(item: Item, texts: Collection[str]) -> Item:
    """The item without the lines with these texts."""
    places = {line.place for line in item.lines if line.text in texts}
    return replace(item, lines=select_new_lines(item.lines, places)[0]) if places else item


def select_new_lines(
    lines: Sequence[Line], old_places: Collection[int]
) -> tuple[tuple[Line, ...], list[int]]:
    """The lines that were not heard, numbered anew, and their old places.

    The first one follows the words that introduce an update, so it may depend on a line that was heard. A
    later one brings that line along.
    """
    places: list[int] = []
    for line in lines:
        if line.place in old_places:
            continue
        chain = [line.place]
        while lines[chain[0]].depends_on_previous and chain[0] > 0 and chain[0] - 1 not in places:
            chain.insert(0, chain[0] - 1)
        places += chain if places else [line.place]
    selection = [lines[place] for place in places]
    return (
        tuple(
            replace(
                line,
                place=number,
                depends_on_previous=line.depends_on_previous and number > 0,
            )
            for number, line in enumerate(selection)
        ),
        places,
    )


def related_stories(
    stories: Iterable[HeardStory], newsletters: Sequence[Newsletter]
) -> tuple[HeardStory, ...]:
    """The stories that one of these newsletters may tell again. The others cannot change a plan."""
    texts = [[block.text for block in one.uncut_blocks] for one in newsletters]
    vocabularies = [
        (
            frozenset(word for text in own for word in words_of(text)),
            frozenset[str]().union(*map(word_stems, own)),
        )
        for own in texts
    ]
    return tuple(
        story
        for story in stories
        if any(is_related(story, words, stems) for words, stems in vocabularies)
    )


def is_related(story: HeardStory, words: frozenset[str], stems: frozenset[str]) -> bool:
    facts = {
        token.text.casefold()
        for text in (*(one.text for one in story.sentences), *story.sources)
        for token in tokenize(text)[1:]
        if token.text[0].isupper() or token.text[0].isdigit()
    }
    if len(facts & words) >= MIN_RELATED_FACTS:
        return True
    sentences = (word_stems(sentence.text) for sentence in story.sentences)
    return any(len(own & stems) >= MIN_RELATED_SHARE * len(own) for own in sentences)
