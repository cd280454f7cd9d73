"""How a story that an earlier episode told is introduced."""

from collections.abc import Sequence

from audiobrew.script.framing import Form, FramingWords, forms_of, handover
from audiobrew.script.gate.gate import Sources, supported_title
from audiobrew.script.gate.overlap import word_stems
from audiobrew.script.line import Line
from audiobrew.script.script import Kind, Sentence, Speaker
from audiobrew.script.writer import Story

UPDATE_FORMS = (Form.UPDATE, Form.UPDATE_UNTITLED)
# Characters. A longer title is no introduction.
MAX_TITLE_LENGTH = 70


def background_title(
    title: str, sentences: Sequence[Sentence], language: str, sources: Sources
) -> str:
    """The title of a story that was told before: all of its background that is said again.

    Empty if the blocks of its sentences do not support it, or if the first sentence says as much.
    """
    sourced = [sentence for sentence in sentences if sentence.kind is Kind.SOURCED]
    is_said = bool(sourced) and word_stems(title) <= word_stems(sourced[0].text)
    if is_said or len(title) > MAX_TITLE_LENGTH:
        return ""
    return supported_title(title, sourced, language, sources)


def find_update_form(language: str, title: str) -> Form | None:
    """The form that introduces an update; None if the language has none."""
    forms = UPDATE_FORMS if title else UPDATE_FORMS[1:]
    return next((form for form in forms if forms_of(language, form)), None)


def word_update(
    words: FramingWords,
    title: str,
    sentences: Sequence[Sentence],
    language: str,
    newsletter: str,
    sources: Sources,
) -> str:
    """The text that introduces an update; it is worded even if each of its wordings was heard."""
    title = background_title(title, sentences, language, sources)
    form = find_update_form(language, title) or Form.NEXT
    text = words.word(form, language, newsletter, title=title)
    return text or handover(newsletter, language, Speaker.FIRST, 0, form, title).text


def as_sentence(line: Line) -> Sentence:
    return Sentence(line.text, Speaker.FIRST, cites=line.blocks)


def introduce_update(
    sentence: Sentence,
    sentences: Sequence[Sentence],
    story: Story,
    newsletter: str,
    turn: int,
    sources: Sources,
) -> Sentence:
    """The hand-over to an update, with the title of its story if `sources` support it.

    `sentence` is the hand-over that the plan worded, `sentences` are those of the story, and `newsletter` is
    a spoken name.
    """
    title = background_title(story.title, sentences, story.language, sources)
    form = find_update_form(story.language, title)
    text = sentence.text
    if form is Form.UPDATE:
        text = handover(newsletter, story.language, sentence.speaker, turn, form, title).text
    return Sentence(text, sentence.speaker, Kind.HANDOVER, earlier=story.update)
