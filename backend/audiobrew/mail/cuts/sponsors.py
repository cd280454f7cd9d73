"""Find sponsored blocks: the label that discloses them, and how far the labelled section goes."""

import re
from collections.abc import Sequence

from audiobrew.mail.cuts.phrases import ADVERTISE_WITH_US
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import Box, RawBlock

_OUR = r"(?:today['’]s |our |this week['’]s |the |this )?"
_LABEL_WORDS = (
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
_SPONSORED_BY = (
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
_DECORATION = r"[\s\-–—_*•·|:.\[\]()★☆📣💼🤝✨👉]*"
_LABEL = re.compile(
    rf"{_DECORATION}+(?:(?:{_LABEL_WORDS})|(?:{_SPONSORED_BY})\b(?P<name>.{{0,60}}?)){_DECORATION}+",
    re.IGNORECASE,
)
_INLINE_LABEL = re.compile(
    rf"[\[(]\s*(?:{_LABEL_WORDS})\s*[\])]|^(?:{_LABEL_WORDS})\s*[:|]\s|[·|–—]\s*(?:{_LABEL_WORDS})$|"
    rf"\*\s?(?:sponsored|ad|anzeige|werbung)$",
    re.IGNORECASE,
)
_DISCLOSURE = re.compile(
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
# A paragraph that begins "Presented by Acme Tools. "
_PRESENTED_BY = re.compile(rf"(?i:{_SPONSORED_BY}) (?:[A-Z0-9][\w&'’-]*+\.?[ ]?){{1,4}}[.:!] ")
# A section that takes up more than this is not taken for a sponsor's.
_MAX_BLOCKS = 12
_MAX_WORDS = 250
_MAX_SHARE = 0.4
_MAX_LABEL_WORDS = 10
# Each label is compared with the blocks after it, so their number is limited to bound the time.
_MAX_LABELS = 50
# Capitalized words after a label that are not the name of a sponsor.
_NOT_NAMES = frozenset(
    (
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
    )
)


def find_sponsors(blocks: Sequence[RawBlock]) -> set[int]:
    """The numbers of the sponsored blocks, with their labels."""
    sponsored: set[int] = set()
    labels = 0
    for number, block in enumerate(blocks):
        if number in sponsored:
            continue
        if (name := labelled_name(block)) and labels < _MAX_LABELS:
            labels += 1
            sponsored.update(find_section(blocks, number, name))
        elif _INLINE_LABEL.search(block.text) or is_disclosure(block):
            sponsored.add(number)
            if block.kind is BlockKind.HEADING:
                sponsored.update(following_blocks(blocks, number))
        elif block.word_count <= 45 and ADVERTISE_WITH_US.search(block.text):
            sponsored.add(number)
    return sponsored


def labelled_name(block: RawBlock) -> str:
    """The sponsor that a label names; `*` if it names none, empty if it is no label."""
    if (
        block.word_count > _MAX_LABEL_WORDS
        or len(block.text) > 150
        or block.kind is BlockKind.QUOTATION
    ):
        return ""
    match = _LABEL.fullmatch(block.text)
    if not match or (match["name"] and re.search(r"[.!?]\s|[,;]\s+\w+ \w+ ", match["name"])):
        return ""
    words = re.findall(r"\w{3,}", match["name"] or "")
    names = [word for word in words if word[0].isupper() and word.casefold() not in _NOT_NAMES]
    return names[0].casefold() if names else "*"


def is_disclosure(block: RawBlock) -> bool:
    beginning = block.text[:160]
    return block.word_count <= 120 and (
        _DISCLOSURE.search(beginning) is not None or _PRESENTED_BY.match(beginning) is not None
    )


def find_section(blocks: Sequence[RawBlock], label: int, name: str) -> set[int]:
    """The label and its section: its box on the page, else up to the next heading or rule."""
    if section := find_box_section(blocks, label):
        return section
    following = following_blocks(blocks, label)
    is_heading = blocks[label].kind is BlockKind.HEADING
    is_named = any(name in blocks[number].text.casefold() for number in following)
    if name == "*" or is_named or (is_heading and label > 2):
        return {label, *following}
    return {label}


def find_box_section(blocks: Sequence[RawBlock], label: int) -> set[int]:
    """The blocks of the smallest box that begins with the label and holds more than the label."""
    total_words = sum(block.word_count for block in blocks)
    for box in blocks[label].box.with_ancestors():
        section = run_within(blocks, label, box)
        if label and is_within(blocks[label - 1], box):
            return set()
        words = sum(blocks[number].word_count for number in section)
        if words > max(_MAX_SHARE * total_words, 30) or words > _MAX_WORDS:
            return set()
        if words - blocks[label].word_count >= 8:
            return set(section)
    return set()


def is_within(block: RawBlock, box: Box) -> bool:
    return any(outer is box for outer in block.box.with_ancestors())


def run_within(blocks: Sequence[RawBlock], start: int, box: Box) -> list[int]:
    """The run of blocks from `start` on that lie in the box, at most a limited number of them."""
    run = [start]
    while run[-1] + 1 < len(blocks) and is_within(blocks[run[-1] + 1], box):
        run.append(run[-1] + 1)
        if len(run) > 4 * _MAX_BLOCKS:
            break
    return run


def following_blocks(blocks: Sequence[RawBlock], label: int) -> list[int]:
    """The blocks up to the next heading or rule; one paragraph if neither follows soon."""
    following: list[int] = []
    words = 0
    for number in range(label + 1, len(blocks)):
        block = blocks[number]
        if number > label + 1 and (block.kind is BlockKind.HEADING or block.after_rule):
            break
        following.append(number)
        words += block.word_count
        if len(following) > _MAX_BLOCKS or words > _MAX_WORDS:
            starts_with_heading = blocks[following[0]].kind is BlockKind.HEADING
            return following[: 2 if starts_with_heading else 1]
    return following
