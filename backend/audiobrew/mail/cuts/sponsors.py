"""Paid words: the label that admits them, and how far what it labels goes."""

import re
from collections.abc import Iterator, Sequence

from audiobrew.mail.cuts.phrases import ADVERTISE_WITH_US
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import Box, RawBlock

_OUR = r"(?:today['’]s |our |this week['’]s |the |this )?"
_ALONE = (
    rf"{_OUR}(?:featured )?(?:sponsor(?:s|ed)?|advertisements?|ad|ads|advertorial|promotion|"
    rf"promoted|paid post|partner)"
    r"(?: (?:content|post|message|spotlight|section|slot|of the (?:day|week)))?"
    r"|paid (?:content|partnership|promotion)|partner content|branded content|affiliate|"
    r"classifieds?|job (?:board|ads|listings|openings)|open (?:roles|positions)|we['’]re hiring|"
    r"stellen(?:anzeigen|markt|angebote)|offres d['’]emploi|ofertas de empleo|offerte di lavoro|vacatures"
    r"|anzeigen?|werbung|advertorial|gesponsert(?:er (?:beitrag|inhalt))?|partnerinhalt|"
    r"bezahlte partnerschaft"
    r"|publicité|annonce|sponsorisé|contenu (?:sponsorisé|partenaire)|(?:article|"
    r"message) sponsorisé|partenariat"
    r"|publicidad|patrocinado|contenido patrocinado|anuncio|mensaje patrocinado|"
    r"espacio patrocinado"
    r"|pubblicità|sponsorizzato|contenuto sponsorizzato|messaggio promozionale|publicidade|"
    r"conteúdo patrocinado|anúncio"
    r"|advertentie|gesponsord(?:e inhoud)?|reclame|partnerbijdrage|ingezonden mededeling"
)
_BY = (
    r"(?:(?:this|today['’]s) (?:issue|edition|newsletter|e-?mail|episode|section|week) (?:is |"
    r"comes )?(?:also )?)?"
    r"(?:proudly )?(?:sponsored|brought to you|made possible|presented|supported|"
    r"powered) (?:in part )?by"
    r"|(?:together|in partnership|in collaboration) with|paid for by"
    r"|an? (?:quick |short |brief )?(?:message|word|note) from|from our (?:sponsors?|partners?|"
    r"friends at)|thanks to our (?:sponsors?|partners?)"
    r"|(?:gesponsert|präsentiert|ermöglicht|unterstützt) von|in (?:kooperation|zusammenarbeit|"
    r"partnerschaft) mit|eine (?:nachricht|botschaft) (?:von|unseres)"
    r"|(?:sponsorisé|présenté|offert|proposé|soutenu) par|en partenariat avec|un (?:mot|"
    r"message) de (?:notre|nos)"
    r"|(?:patrocinado|presentado|ofrecido) por|con el (?:patrocinio|apoyo) de|"
    r"en colaboración con|un mensaje de"
    r"|(?:sponsorizzato|offerto|presentato) da|in collaborazione con|un messaggio da"
    r"|oferecid[oa] por|apresentad[oa] por|em parceria com|uma mensagem d[aeo]"
    r"|(?:gesponsord|mogelijk gemaakt|aangeboden) door|in samenwerking met|een bericht van"
)
_FRAME = r"[\s\-–—_*•·|:.\[\]()★☆📣💼🤝✨👉]*"
_LABEL = re.compile(
    rf"{_FRAME}+(?:(?:{_ALONE})|(?:{_BY})\b(?P<name>.{{0,60}}?)){_FRAME}+", re.IGNORECASE
)
_LABELLED = re.compile(
    rf"[\[(]\s*(?:{_ALONE})\s*[\])]|^(?:{_ALONE})\s*[:|]\s|[·|–—]\s*(?:{_ALONE})$|"
    rf"\*\s?(?:sponsored|ad|anzeige|werbung)$",
    re.IGNORECASE,
)
_ADMITTED = re.compile(
    r"(?:(?:this|today['’]s) (?:issue|edition|newsletter|e-?mail|episode)|(?:diese|"
    r"die heutige) ausgabe|dieser newsletter|ce numéro|cette (?:édition|lettre|newsletter)|"
    r"est[ea] (?:número|boletín|edición|newsletter)|quest[ao] (?:numero|newsletter|edizione)|"
    r"esta (?:edição|newsletter)|deze (?:editie|nieuwsbrief))"
    r" .{0,30}?(?:sponsored|brought|made possible|presented|supported|gesponsert|präsentiert|"
    r"unterstützt|ermöglicht|sponsoris|présent|offert|soutenu|patrocin|presentad|ofrecid|"
    r"posible|sponsorizz|oferecid|apresentad|gesponsord|mogelijk)"
    r"|^(?:(?:many |big |our )?thanks to|thank you to) .{2,60}? for (?:sponsoring|supporting|"
    r"making)",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(rf"(?i:{_BY}) (?:[A-Z0-9][\w&'’-]*+\.?[ ]?){{1,4}}[.:!] ")
"""A paragraph that begins «Presented by Acme Tools. »"""
_MOST_BLOCKS = 12
_MOST_WORDS = 250
_MOST_SHARE = 0.4
_LONGEST_LABEL = 10  # words
_MOST_LABELS = 50  # each is compared with what follows it: a mail of labels must not take long


def find_sponsors(drafts: Sequence[RawBlock]) -> set[int]:
    """The numbers of the drafts that somebody paid for, their labels among them."""
    found: set[int] = set()
    labels = 0
    for number, draft in enumerate(drafts):
        if number in found:
            continue
        if (name := _label(draft)) and labels < _MOST_LABELS:
            labels += 1
            found.update(_section(drafts, number, name))
        elif _LABELLED.search(draft.text) or _admitted(draft):
            found.update(_own(drafts, number))
        elif draft.word_count <= 45 and ADVERTISE_WITH_US.search(draft.text):
            found.add(number)
    return found


def _label(draft: RawBlock) -> str:
    """Whom a label names, «*» when it names nobody; empty when it is no label."""
    if (
        draft.word_count > _LONGEST_LABEL
        or len(draft.text) > 150
        or draft.kind is BlockKind.QUOTATION
    ):
        return ""
    match = _LABEL.fullmatch(draft.text)
    if not match or (match["name"] and re.search(r"[.!?]\s|[,;]\s+\w+ \w+ ", match["name"])):
        return ""
    names = re.findall(r"\w{3,}", match["name"] or "")
    own = [name for name in names if name[0].isupper() and name.casefold() not in _NOT_NAMES]
    return own[0].casefold() if own else "*"


_NOT_NAMES = frozenset(
    [
        "our",
        "sponsor",
        "sponsors",
        "partner",
        "partners",
        "friends",
        "the",
        "notre",
        "nos",
        "unserem",
    ]
)


def _admitted(draft: RawBlock) -> bool:
    begins = draft.text[:160]
    return draft.word_count <= 120 and (
        _ADMITTED.search(begins) is not None or _INTRODUCED.match(begins) is not None
    )


def _own(drafts: Sequence[RawBlock], number: int) -> Iterator[int]:
    """A heading that is marked takes its section with it; any other block stands for itself."""
    yield number
    if drafts[number].kind is BlockKind.HEADING:
        yield from _up_to_next(drafts, number)


def _section(drafts: Sequence[RawBlock], label: int, name: str) -> set[int]:
    """The label and what it labels: its box on the page, else up to the next heading or line."""
    if boxed := _in_box(drafts, label):
        return boxed
    following = list(_up_to_next(drafts, label))
    heads = drafts[label].kind is BlockKind.HEADING
    named = any(name in drafts[number].text.casefold() for number in following)
    if name == "*" or named or (heads and label > 2):
        return {label, *following}
    return {label}


def _in_box(drafts: Sequence[RawBlock], label: int) -> set[int]:
    """The smallest box that begins with the label and holds more than it."""
    whole = sum(draft.word_count for draft in drafts)
    for box in drafts[label].box.with_ancestors():
        inside = _run_in(drafts, label, box)
        if label and _lies_in(drafts[label - 1], box):
            return set()
        words = sum(drafts[number].word_count for number in inside)
        if words > max(_MOST_SHARE * whole, 30) or words > _MOST_WORDS:
            return set()
        if words - drafts[label].word_count >= 8:
            return set(inside)
    return set()


def _lies_in(draft: RawBlock, box: Box) -> bool:
    return any(outer is box for outer in draft.box.with_ancestors())


def _run_in(drafts: Sequence[RawBlock], label: int, box: Box) -> list[int]:
    run = [label]
    while run[-1] + 1 < len(drafts) and _lies_in(drafts[run[-1] + 1], box):
        run.append(run[-1] + 1)
        if len(run) > 4 * _MOST_BLOCKS:
            break
    return run


def _up_to_next(drafts: Sequence[RawBlock], label: int) -> Iterator[int]:
    """What follows up to a heading or a line across; one paragraph where neither comes."""
    taken: list[int] = []
    words = 0
    for number in range(label + 1, len(drafts)):
        draft = drafts[number]
        headed = draft.kind is BlockKind.HEADING and number > label + 1
        if headed or (draft.after_rule and number > label + 1):
            break
        taken.append(number)
        words += draft.word_count
        if len(taken) > _MOST_BLOCKS or words > _MOST_WORDS:
            taken = taken[:2] if drafts[taken[0]].kind is BlockKind.HEADING else taken[:1]
            break
    yield from taken
