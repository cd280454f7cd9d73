"""What a host may say in between: a link states nothing, so it needs no source.

A model writes links, and its input is made of mails. A link may therefore use no words but those of the
sentences around it, the names of the hosts and the words for links in the language's file: it can wonder, ask
and lead over, but it cannot report. It holds no figure and no quotation.
"""

from collections.abc import Sequence
from functools import cache

from audiobrew.lang.language import language_or_default
from audiobrew.mail.text_cleanup import count_words
from audiobrew.script.gate.claims import claims_in
from audiobrew.script.gate.overlap import word_stems
from audiobrew.script.gate.quotations import modifier_patterns

MAX_WORDS = 12
# A statement with more words of the sentences around it could turn what they say into something else.
MAX_SHARED_STEMS = 2
QUESTION_MARKS = ("?", "？", "؟", ";")


def missing_in_link(
    text: str, neighbours: Sequence[str], language: str, host_names: Sequence[str] = ()
) -> list[str]:
    """What makes a text unfit as a link beside these sentences; empty if it is one.

    Hosts may address each other by their names.
    """
    own_stems = link_stems(language)
    if not own_stems:
        return [text]
    own_stems |= word_stems(" ".join(host_names))
    claims = claims_in(text, language)
    if count_words(text) > MAX_WORDS or claims.figures or claims.quotations:
        return [text]
    around = frozenset[str]().union(*map(word_stems, neighbours))
    stems = word_stems(text)
    missing = stems - own_stems - around
    shared = (stems & around) - own_stems
    # A denial, a doubt or a condition beside a word of the stories turns what they say.
    is_modified = any(pattern.search(text) for pattern in modifier_patterns(language))
    if not text.endswith(QUESTION_MARKS) and (is_modified or len(shared) > MAX_SHARED_STEMS):
        missing |= shared
    return sorted(missing)


@cache
def link_stems(language: str) -> frozenset[str]:
    return word_stems(" ".join(language_or_default(language).links.words))
