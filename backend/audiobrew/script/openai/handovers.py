"""The hand-overs of a model's show: they are worded for the whole episode, so that none is heard twice."""

from collections.abc import Sequence
from dataclasses import replace

from audiobrew.mail.newsletter import Newsletter
from audiobrew.script.framing import Form, FramingWords, handover
from audiobrew.script.newsletter_name import spoken_name
from audiobrew.script.script import Speaker
from audiobrew.script.writer import Brief, Story


def add_handovers(
    stories: Sequence[Story], newsletters: Sequence[Newsletter], brief: Brief
) -> tuple[Story, ...]:
    """The stories in the order of the show, with the hand-over to each newsletter of a story.

    Where the newsletter of the story before goes on, nothing is said.
    """
    names = {newsletter.digest: spoken_name(newsletter) for newsletter in newsletters}
    words = FramingWords(brief.day)
    so_far: set[str] = set()
    last: list[str] = []
    result = []
    for story in stories:
        digests = list(dict.fromkeys(point.newsletter for point in story.points))
        texts = []
        for place, digest in enumerate(digests):
            if story.update and not place:
                forms = [Form.UPDATE_UNTITLED, Form.MORE if digest in so_far else Form.NEXT]
            elif last == digests == [digest]:
                forms = []
            elif digest in so_far:
                forms = [Form.MORE, Form.NEXT]
            elif place:
                forms = [Form.TOO, Form.NEXT]
            else:
                forms = [Form.NEXT if so_far else Form.FIRST, Form.NEXT]
            texts.append(word_handover(words, forms, story.language, names[digest]))
            so_far.add(digest)
        last = digests
        result.append(replace(story, handovers=tuple(texts)))
    return tuple(result)


def word_handover(words: FramingWords, forms: Sequence[Form], language: str, name: str) -> str:
    """A wording of the first form that has one left; nothing without forms.

    A newsletter is named even if each of its wordings was heard, so that the listener knows who says what
    follows.
    """
    texts = (words.word(form, language, name) for form in forms)
    if text := next(filter(None, texts), ""):
        return text
    return handover(name, language, Speaker.FIRST, 0).text if forms else ""
