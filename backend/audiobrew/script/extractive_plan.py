"""The show plan without a model: which stories are told, in which order, for how long, and how they are
framed.

The strongest story leads. Every newsletter is heard if there is time for a sentence of each: those with the
weakest news share a round-up. The stories of one newsletter follow each other as in the newsletter.
"""

import hashlib
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.differences import find_differences
from audiobrew.script.first_person import is_authors_letter, is_told_by_author
from audiobrew.script.framing import (
    Form,
    FramingWords,
    framing_of,
    greeting,
    introduction,
    is_framed,
    name_with_author,
    signoff,
)
from audiobrew.script.gate.gate import Sources
from audiobrew.script.interests import interest_score, matched_interests
from audiobrew.script.items import Item, announces, items_of
from audiobrew.script.memory import recall
from audiobrew.script.newsletter_name import author_of, spoken_name
from audiobrew.script.planned_story import ROUND_UP_SECONDS, STORY_SECONDS, PlannedStory
from audiobrew.script.references import has_references_between
from audiobrew.script.running_order import is_speakable, pace
from audiobrew.script.salience import news_value, rank_bundles
from audiobrew.script.same_story import group_by_story
from audiobrew.script.script import Speaker
from audiobrew.script.story_lines import MIN_CHARACTERS
from audiobrew.script.titles import is_title
from audiobrew.script.updates import as_sentence, word_update
from audiobrew.script.writer import Brief, Point, Rundown, Story

# A round-up of fewer newsletters is told as stories.
MIN_ROUND_UP = 2
# Stories that the opening announces, and the minutes of the shortest episode in which it does.
MAX_TEASER, MIN_TEASER, MIN_TEASER_MINUTES = 3, 2, 5
MAX_TEASER_LENGTH = 70
# Characters of an episode's title, and stories in it.
MAX_TITLE_LENGTH, MAX_TITLES = 100, 3
# How much an item's value falls with each place in its newsletter, and for being a list of links, and how
# much it grows with each further newsletter that tells the same story.
POSITION_PENALTY, HEADLINES_PENALTY, NEWSLETTER_BONUS = 0.3, 1.0, 1.0
# How much an item's value grows if it fits the listener's interests, and falls if it is unwanted.
INTEREST_BONUS = 3.0
# How much of the time that is missing one story gives up at most, round by round: several share the loss.
MAX_GIVEN_UP = (0.3, 0.6, 1.0)
# How often unused time is divided again among the stories, and the share of the time that may stay unused.
MAX_PASSES, CLOSE_ENOUGH = 8, 0.01
# If the openings of all stories take longer than this share of the time, the weakest stories are left out.
MAX_OVERRUN = 0.03


def plan_show(newsletters: Sequence[Newsletter], brief: Brief) -> Rundown:
    """Choose and order the stories, and give each its budget of characters.

    The rundown has no stories if nothing can be told.
    """
    items = {
        newsletter.digest: [item for item in items_of(newsletter) if is_speakable(item, brief)]
        for newsletter in newsletters
    }
    empty = tuple(digest for digest, own in items.items() if not own)
    memory = recall(items, brief)
    ranked = rank_stories(newsletters, brief, memory.items)
    if not ranked:
        language = newsletters[0].language if newsletters else ""
        return Rundown(
            brief.show, language, (), empty, repeats=memory.repeats, repeated=memory.repeated
        )
    sources = Sources.of(newsletters, brief)
    stories = sort_stories(choose_stories(ranked, brief))
    strongest_of_first(stories).lead = True
    language = stories[0].language
    teaser = choose_teaser(stories, brief)
    add_handovers(stories, brief, sources)
    fill_time(stories, brief, opening_seconds(language, teaser, brief))
    stories = [story for story in stories if story.parts]
    add_handovers(stories, brief, sources)
    return Rundown(
        episode_title(stories, brief),
        language,
        tuple(make_story(story, brief) for story in stories),
        empty,
        teaser=teaser,
        repeats=memory.repeats,
        repeated=memory.repeated,
    )


def rank_stories(
    newsletters: Sequence[Newsletter], brief: Brief, items: Mapping[str, Sequence[Item]]
) -> list[PlannedStory]:
    """All stories: the best of each newsletter, then the second best of each, and so on; the best come first.

    The newsletters in `brief.always_first` and `brief.first` come before the others. `items` are those of
    each newsletter, by digest.
    """
    columns = [rank_items(items[newsletter.digest], brief) for newsletter in newsletters]
    depth = max(map(len, columns), default=0)
    rows: list[Item] = []
    for row in range(depth):
        items_of_row = [column[row] for column in columns if row < len(column)]
        items_of_row.sort(
            key=lambda item: (
                brief.rank(item.newsletter.digest),
                -item_value(item, brief),
                -item.newsletter.received_at.timestamp(),
                item.newsletter.digest,
            )
        )
        rows += items_of_row
    return [
        PlannedStory(
            tuple(group),
            max(item_value(item, brief) for item in group) + NEWSLETTER_BONUS * (len(group) - 1),
            differences=find_differences(group),
            opens_show=any(item.newsletter.digest in brief.always_first for item in group),
        )
        for group in group_by_story(rows)
    ]


def rank_items(items: Sequence[Item], brief: Brief) -> list[Item]:
    """A newsletter's items, best first. An author's letter begins with its first one."""
    begins = items[0].place if any(map(is_authors_letter, items[:1])) else None
    return sorted(
        items, key=lambda item: (item.place != begins, -item_value(item, brief), item.place)
    )


def item_value(item: Item, brief: Brief) -> float:
    """An item's value: what it says, how prominent it is in its newsletter, and how it fits the interests."""
    place = POSITION_PENALTY * min(item.place, 8)
    interest = INTEREST_BONUS * interest_score([item], brief) if brief.interests else 0.0
    return news_value(item) + interest - place - HEADLINES_PENALTY * item.headlines


def choose_stories(ranked: Sequence[PlannedStory], brief: Brief) -> list[PlannedStory]:
    """The stories for which there is time, those of the weakest newsletters as round-ups.

    As many newsletters as possible have a story of their own, as long as a sentence of each other one fits.
    More stories are added while there is time.
    """
    first, more = split_by_newsletter(ranked)
    languages = sorted({story.language for story in first})
    time = brief.minutes * 60 - brief.breaks.seconds(languages)
    possible = max(1, int(time / ROUND_UP_SECONDS))
    first, waiting = first[:possible], first[possible:]
    count = len(first)
    more_seconds = STORY_SECONDS - ROUND_UP_SECONDS + brief.breaks.story
    strong = max(1, int((time - count * ROUND_UP_SECONDS) / more_seconds))
    if strong >= count:
        selection = list(first)
        for story in [*more, *waiting]:
            if sum(usual_seconds(one, brief) for one in selection) >= time:
                break
            selection.append(story)
        return selection
    by_value = sorted(first, key=lambda story: (not story.opens_show, -story.value))
    weak = by_value[strong:]
    return by_value[:strong] + list(round_ups(weak))


def split_by_newsletter(
    ranked: Sequence[PlannedStory],
) -> tuple[list[PlannedStory], list[PlannedStory]]:
    """The stories with which each newsletter is heard, and those that are left over."""
    so_far: set[str] = set()
    first: list[PlannedStory] = []
    more: list[PlannedStory] = []
    for story in ranked:
        digests = {item.newsletter.digest for item in story.items}
        (more if digests <= so_far else first).append(story)
        so_far |= digests
    return first, more


def usual_seconds(story: PlannedStory, brief: Brief) -> float:
    """What a story needs, or the usual time if that is less."""
    seconds = sum(item.characters for item in story.items) / pace(story.language, brief)
    return min(seconds, STORY_SECONDS) + brief.breaks.story


def round_ups(weak: Sequence[PlannedStory]) -> Iterator[PlannedStory]:
    """One round-up for each language that has phrases for it; other stories and updates stay alone."""
    by_language: dict[str, list[PlannedStory]] = defaultdict(list)
    for story in weak:
        if story.update or story.differences or story.opens_show:
            yield story
        else:
            by_language[story.language].append(story)
    for language, stories in by_language.items():
        if len(stories) < MIN_ROUND_UP or not is_framed(language):
            yield from stories
            continue
        items = {item.newsletter.digest: item for story in stories for item in story.items[::-1]}
        yield PlannedStory(tuple(items.values()), value=-1.0, round_up=True)


def sort_stories(stories: Sequence[PlannedStory]) -> list[PlannedStory]:
    """What the listener wants first, then the language with most stories, then the strongest newsletter.

    The last newsletter of the first language closes the show, which ends in the language of its beginning.
    """
    languages = Counter[str]()
    for story in stories:
        languages[story.language] += len(story.items)
    opening_languages = {story.language for story in stories if story.opens_show}
    best: dict[str, float] = {}
    for story in stories:
        key = story.main.newsletter.digest
        best[key] = max(best.get(key, story.value), story.value)
    in_order = sorted(
        stories,
        key=lambda story: (
            story.language not in opening_languages,
            -languages[story.language],
            story.language,
            not story.opens_show,
            story.round_up,
            -best[story.main.newsletter.digest],
            story.main.newsletter.digest,
            story.main.place,
        ),
    )
    show_language = in_order[0].language
    own = [story for story in in_order if story.language == show_language]
    others = [story for story in in_order if story.language != show_language]
    own = lead_first(own)
    closing = own[-1].main.newsletter.digest
    if others and closing != own[0].main.newsletter.digest:
        last = [story for story in own if story.main.newsletter.digest == closing]
        return [*(story for story in own if story not in last), *others, *last]
    return [*own[:-1], *others, own[-1]] if others and len(own) > 1 else own + others


def lead_first(stories: list[PlannedStory]) -> list[PlannedStory]:
    """The strongest story before the others of its newsletter, unless the newsletter's text is continuous.

    What one author tells from the beginning on is continuous.
    """
    digest = stories[0].main.newsletter.digest
    same = [story for story in stories if story.main.newsletter.digest == digest]
    if any(item.numbered or not item.has_title for story in same for item in story.items[:1]):
        return stories
    if is_authors_letter(stories[0].main) or has_references_between([one.main for one in same]):
        return stories
    lead = max(same, key=lambda story: story.value)
    return [lead, *(story for story in stories if story is not lead)]


def strongest_of_first(stories: Sequence[PlannedStory]) -> PlannedStory:
    """The story with the largest share: the first one, or the strongest of a letter that keeps its order."""
    first = stories[0].main
    if not is_authors_letter(first):
        return stories[0]
    same = [one for one in stories if one.main.newsletter.digest == first.newsletter.digest]
    return max(same, key=lambda story: story.value)


def choose_teaser(stories: Sequence[PlannedStory], brief: Brief) -> tuple[Point, ...]:
    """Headlines of the strongest stories of different newsletters, in the language of the opening."""
    language = stories[0].language
    if brief.minutes < MIN_TEASER_MINUTES or not is_framed(language):
        return ()
    points = []
    newsletters: set[str] = set()
    for story in sorted(stories, key=lambda story: -story.value):
        item = story.main
        heading = item.heading
        suitable = (
            heading is not None
            and item.has_title
            and story.language == language
            and not story.round_up
            and len(heading.text) <= MAX_TEASER_LENGTH
            and heading.text.endswith((".", "。"))
            and item.lines[0].text != heading.text
            and announces(heading.text, item)
            and item.newsletter.digest not in newsletters
        )
        if heading and suitable:
            points.append(
                (stories.index(story), Point(heading.text, item.newsletter.digest, heading.blocks))
            )
            newsletters.add(item.newsletter.digest)
    headlines = sorted(points[:MAX_TEASER], key=lambda pair: pair[0])
    return tuple(point for _, point in headlines) if len(headlines) >= MIN_TEASER else ()


def add_handovers(stories: Sequence[PlannedStory], brief: Brief, sources: Sources) -> None:
    """Word the hand-overs of the whole episode, so that none is heard twice.

    What is new in an earlier story follows its title, if `sources` support it.
    """
    words = FramingWords(brief.day)
    so_far: set[str] = set()
    last: list[str] = []
    language = ""
    for story in stories:
        texts = []
        parts = story.parts or [(item, list(item.lines)) for item in story.items]
        for position, (item, _) in enumerate(parts):
            name, digest = spoken_name(item.newsletter), item.newsletter.digest
            if story.round_up:
                form = Form.BRIEF
            elif digest in so_far:
                form = Form.MORE
            elif position:
                form = Form.TOO
            else:
                form = Form.NEXT if so_far else Form.FIRST
            # Stories of one newsletter in one language follow each other after their headings, or a pause.
            goes_on = last == [digest] and len(parts) == 1 and language == story.language
            silent = form is Form.MORE and (item.numbered or goes_on)
            if story.update and not position and not story.round_up:
                sentences = [as_sentence(line) for line in story.lines]
                text = word_update(
                    words, story.main.title, sentences, story.language, name, sources
                )
            else:
                if form in (Form.FIRST, Form.NEXT) and is_told_by_author(item):
                    name = name_with_author(name, author_of(item.newsletter), story.language)
                text = "" if silent else words.word(form, story.language, name)
            texts.append(text)
            so_far.add(digest)
        last, language = [item.newsletter.digest for item, _ in parts], story.language
        if story.round_up:
            texts.insert(0, words.word(Form.ROUND_UP, story.language))
        story.handovers = tuple(texts)


def opening_seconds(language: str, teaser: Sequence[Point], brief: Brief) -> float:
    """Seconds of the greeting, the teaser and the sign-off."""
    sentences = [
        greeting(brief.show, brief.day, language, Speaker.FIRST),
        *introduction(brief.spoken_names, brief.day, language, Speaker.FIRST),
        signoff(brief.show, brief.day, language, Speaker.FIRST),
    ]
    length = sum(len(sentence.text) + 1 for sentence in sentences)
    length += sum(len(point.text) + 1 for point in teaser) + (20 if teaser else 0)
    return length / pace(language, brief)


def fill_time(stories: Sequence[PlannedStory], brief: Brief, opening: float) -> None:
    """Divide the time among the stories, and what some of them leave among the others."""
    time = free_seconds(stories, brief, opening)
    for story, seconds in zip(stories, divide_time(stories, brief, time), strict=True):
        story.choose(round(seconds * pace(story.language, brief)))

    def unused() -> float:
        told_stories = [story for story in stories if story.parts]
        speech = sum(
            (story.length + story.headings) / pace(story.language, brief) for story in told_stories
        )
        return free_seconds(told_stories, brief, opening) - speech

    longest_first = sorted(stories, key=lambda story: -story.length)
    for share, story in product(MAX_GIVEN_UP, longest_first):
        if unused() < -CLOSE_ENOUGH * time:
            use(story, unused() * share, brief)
    for story in sorted(stories, key=lambda story: story.value):
        while story.parts and not story.stays and unused() < -MAX_OVERRUN * time:
            leave_out_weakest(story)
    for _ in range(MAX_PASSES):
        for story in sorted(stories, key=lambda story: story.length / story.factor):
            if story.parts and unused() > CLOSE_ENOUGH * time:
                use(story, unused(), brief)


def free_seconds(stories: Sequence[PlannedStory], brief: Brief, opening: float) -> float:
    """The time that is left for what these stories tell."""
    breaks = brief.breaks.seconds([story.language for story in stories])
    framing = sum(story.framing / pace(story.language, brief) for story in stories)
    return brief.minutes * 60 - opening - breaks - framing


def leave_out_weakest(story: PlannedStory) -> None:
    """Leave out the last newsletter of a round-up, which is the weakest, or else the whole story."""
    if story.round_up and len(story.items) > MIN_ROUND_UP:
        count = len(story.items)
        story.items, story.handovers = story.items[:-1], story.handovers[:-1]
        story.choose(story.characters * (count - 1) // count)
    else:
        story.parts = []


def divide_time(stories: Sequence[PlannedStory], brief: Brief, time: float) -> list[float]:
    """The seconds of each story: one bundle of lines after the other gets its time, the most worthy first.

    What a story already has counts against its further bundles.
    """
    queues = [deque(story_bundles(story)) for story in stories]
    lines_so_far: list[set[tuple[int, int]]] = [set() for _ in stories]
    seconds = [0.0] * len(stories)
    while any(queues) and time > 0:
        number = max(
            (number for number, queue in enumerate(queues) if queue),
            key=lambda number: priority(stories[number], seconds[number], queues[number][0][0]),
        )
        _, lines = queues[number].popleft()
        story = stories[number]
        new = {key: length for key, length in lines.items() if key not in lines_so_far[number]}
        cost = sum(new.values()) / pace(story.language, brief)
        if cost <= time or not seconds[number]:
            lines_so_far[number].update(new)
            seconds[number] += cost
            time -= cost
    return seconds


def priority(story: PlannedStory, seconds: float, worth: float) -> float:
    """How urgently a story needs its next bundle. Every story needs a first one."""
    if not seconds:
        return float("inf")
    return worth / (1 + seconds / (STORY_SECONDS * story.factor))


def story_bundles(story: PlannedStory) -> list[tuple[float, dict[tuple[int, int], int]]]:
    """The worth of each bundle of a story, and the lengths of its lines; the opening first.

    Lines are named by their item and their place.
    """
    bundles = []
    for number, item in enumerate(story.items):
        ranked = rank_bundles(item)
        opening = min(ranked, key=lambda bundle: bundle.places[-1], default=None)
        for bundle in ranked:
            worth = float("inf") if bundle is opening else bundle.worth
            lines = {(number, place): len(item.lines[place].text) + 1 for place in bundle.places}
            bundles.append((worth, lines))
    return sorted(bundles, key=lambda pair: -pair[0])


def use(story: PlannedStory, seconds: float, brief: Brief) -> float:
    """Give a story more time, or less, if that changes its lines. Returns the seconds that it uses of it."""
    speed = pace(story.language, brief)
    characters, length, parts = story.characters, story.length, story.parts
    story.choose(max(length + round(seconds * speed), MIN_CHARACTERS))
    change = (story.length - length) / speed
    if not story.parts or (seconds > 0 and not 0 < change <= seconds) or change > max(seconds, 0):
        story.characters, story.parts = characters, parts
        return 0.0
    return change


def make_story(story: PlannedStory, brief: Brief) -> Story:
    blocks = (block for item in story.items for line in item.lines for block in line.blocks)
    identity = "".join(block for line in story.lines for block in line.blocks)
    title = framing_of(story.language).round_up_title if story.round_up else story.main.title
    return Story(
        id=hashlib.sha256(identity.encode()).hexdigest()[:16],
        title=title,
        language=story.language,
        newsletters=tuple(item.newsletter.digest for item in story.items),
        places=tuple(item.place for item in story.items),
        blocks=tuple(dict.fromkeys(blocks)),
        characters=story.characters,
        round_up=story.round_up,
        handovers=story.handovers,
        chosen_because=matched_interests(story.items, brief),
        update=None if story.round_up else story.update,
        background=tuple(line.text for item in story.items for line in item.background),
        differences=story.differences,
    )


def episode_title(stories: Sequence[PlannedStory], brief: Brief) -> str:
    """The titles of the first story and of the strongest ones, as many as a podcast app shows.

    Each is of another newsletter, if possible.
    """
    lead, *others = stories
    others.sort(key=lambda story: -story.value)
    by_newsletter = {story.main.newsletter.digest: story for story in reversed([lead, *others])}
    ranked = [lead, *(story for story in others if story in by_newsletter.values()), *others]
    titled = [story for story in ranked if not story.round_up and is_title(story.main.title)]
    titles = dict.fromkeys(story.main.title.rstrip(" .") for story in titled or ranked[:1])
    result = ""
    for title in list(titles)[:MAX_TITLES]:
        longer = f"{result} · {title}" if result else title
        if result and len(longer) > MAX_TITLE_LENGTH:
            break
        result = longer
    return result or brief.show
