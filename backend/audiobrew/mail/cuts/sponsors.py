"""Find sponsored blocks: the label that discloses them, and how far the labelled section goes."""

import re
from collections.abc import Sequence

from audiobrew.mail.cuts.mail_context import MailContext
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
_DECORATION = r"[\s\-–—_*•·|:.\[\]()【】↑⬆️▲☝👆^★☆📣💼🤝✨👉]*"
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
# The beginning of a text up to its first full stop, colon or dash.
_HEAD = re.compile(r"([^.:：!?。\n]{2,80}?)(\s?[:：!.。]|\s[–—-])(?=\s|[^\x00-\x7f])")
_LABEL_ENDS = (":", "：", "–", "—", "-")
# A label in brackets, or behind a dash at the end.
_MARKED = re.compile(r"[\[(（【]([^\[\]()（）【】]{2,40})[\])）】]\s*+$|\s[–—|·]\s([^–—|·]{2,40})$")
_BROUGHT_BY = re.compile(
    r"(?P<subject>.{0,60}?)\s(?:is|are|was|comes?) (?:\w+ ){0,2}?(?P<verb>brought to you|made possible"
    r"|sponsored|presented|supported|powered|underwritten) (?:in part )?by (?P<name>.{2,80})",
    re.IGNORECASE,
)
_ISSUE = re.compile(
    r"\b(?:issue|edition|newsletter|e-?mail|letter|episode|digest|briefing|roundup|dispatch|today.s"
    r"|this (?:week|month))\b"
)
_OWN_ISSUE = re.compile(
    r"(?:today|this (?:morning|week|month)|tonight)['’]s (?:issue|edition|newsletter|e-?mail|letter|episode"
    r"|digest|brief|briefing|round-?up|dispatch)\b",
    re.IGNORECASE,
)
_ISSUE_NOUN = re.compile(
    r"\b(?:issue|edition|newsletter|e-?mail|letter|episode|digest|briefing|roundup|dispatch)\b"
)
_PAID_VERBS = frozenset({"brought to you", "made possible", "sponsored", "underwritten"})
_SIGNS = " \ufe0f🛡🎟📚💼🤝✨👉📣⭐"
# Marks of a label that stands below its paragraph.
_UPWARDS = ("↑", "⬆", "▲", "☝", "👆", "^")
# Words of a paragraph that can be a story; and the blocks in which a label without one before it is a logo's.
_STORY_WORDS = 18
_FIRST_BLOCKS = 8
_MAX_PARAGRAPH_WORDS = 150
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
        "unseren",
        "unser",
        "nuestro",
        "nuestros",
        "nostro",
        "nosso",
        "onze",
        "vores",
        "vår",
        "våra",
        "advertisers",
        "supporters",
        "patrocinador",
        "patrocinadores",
        "partenaire",
        "partenaires",
        "anunciante",
        "sponsorem",
    )
)


def find_sponsors(blocks: Sequence[RawBlock], mail: MailContext) -> set[int]:
    """The numbers of the sponsored blocks, with their labels."""
    sponsored: set[int] = set()
    labels = 0
    for number, block in enumerate(blocks):
        if number in sponsored or block.word_count > _MAX_PARAGRAPH_WORDS:
            continue
        if labels < _MAX_LABELS and (name := labelled_name(block, mail)):
            labels += 1
            sponsored.update(find_section(blocks, number, name))
        elif has_inline_label(block, mail) or is_disclosure(block, mail):
            sponsored.add(number)
            if block.kind is BlockKind.HEADING:
                sponsored.update(following_blocks(blocks, number))
            else:
                sponsored.update(buttons_after(blocks, number))
        elif block.word_count <= 45 and mail.phrases["advertise"].search(block.text):
            sponsored.add(number)
    return sponsored


def labelled_name(block: RawBlock, mail: MailContext) -> str:
    """The sponsor that a label names; `*` if it names none, empty if it is no label."""
    if (
        block.word_count > _MAX_LABEL_WORDS
        or len(block.text) > 150
        or block.kind in (BlockKind.QUOTATION, BlockKind.TABLE_ROW)
    ):
        return ""
    return name_in_label(block.text, mail) or name_in_own_disclosure(block.text, mail)


def name_in_label(text: str, mail: MailContext) -> str:
    """As `labelled_name`, for a text."""
    match = _LABEL.fullmatch(text) or mail.phrases["labels"].fullmatch(text)
    if not match:
        return ""
    name = (match["name"] or "").strip(" :：|–—-")
    if not name:
        return "*"
    if re.search(r"[.!?]\s|[,;]\s+\w+ \w+ ", name):
        return ""
    words: list[str] = re.findall(r"\w{2,}", name)
    if not any(word[0].isupper() or word[0].islower() for word in words):
        return words[0] if words else "*"  # a script without capitals
    names = [word for word in words if word[0].isupper() and word.casefold() not in _NOT_NAMES]
    if names:
        return names[0].casefold()
    return "*" if all(word.casefold() in _NOT_NAMES for word in words) else ""


def name_in_own_disclosure(text: str, mail: MailContext) -> str:
    """The sponsor in "Today's Morning Post is brought to you by Acme", if it is about the newsletter."""
    match = _BROUGHT_BY.fullmatch(text.strip(" .:!*_—–-"))
    if not match:
        return ""
    subject = match["subject"].casefold()
    is_own = _ISSUE.search(subject) or any(word in subject for word in mail.sender_words)
    # A motion or a play of today may be supported or presented, too.
    if match["verb"].casefold() not in _PAID_VERBS and not _OWN_ISSUE.match(subject.lstrip(_SIGNS)):
        is_own = _ISSUE_NOUN.search(subject) or any(word in subject for word in mail.sender_words)
    names = [word for word in re.findall(r"\w{2,}", match["name"]) if word[0].isupper()]
    return names[0].casefold() if is_own and names else ""


def has_inline_label(block: RawBlock, mail: MailContext) -> bool:
    """Whether a block begins or ends with a label: "Anzeige: …", "… (Sponsored)", "Thanks to Acme. …"."""
    if block.kind in (BlockKind.QUOTATION, BlockKind.TABLE_ROW):
        return False
    if _INLINE_LABEL.search(block.text):
        return True
    head = _HEAD.match(block.text)
    if head and block.kind is not BlockKind.HEADING and block.word_count > head[1].count(" ") + 1:
        name = name_in_label(head[1], mail) or name_in_own_disclosure(head[1], mail)
        if name and (name != "*" or head[2].strip() in _LABEL_ENDS):
            return True
    marked = _MARKED.search(block.text)
    return marked is not None and name_in_label(marked[1] or marked[2], mail) == "*"


def is_disclosure(block: RawBlock, mail: MailContext) -> bool:
    beginning = block.text[:160]
    if block.word_count > 120:
        return False
    if _DISCLOSURE.search(beginning) or _PRESENTED_BY.match(beginning):
        return True
    first = re.split(r"(?<=[.!?])\s", beginning, maxsplit=1)[0]
    # "Today's brief is supported by Acme, the bank of …"
    clause = first.partition(",")[0]
    return bool(
        name_in_own_disclosure(first, mail)
        or (_OWN_ISSUE.match(clause.lstrip(_SIGNS)) and name_in_own_disclosure(clause, mail))
    )


def find_section(blocks: Sequence[RawBlock], label: int, name: str) -> set[int]:
    """The label and its section: its box on the page, else up to the next heading, rule or button.

    Before the first paragraph of the mail, a label cuts itself alone, unless a box or the sponsor's
    name says how far its section goes: it is often the caption of a logo.
    """
    if blocks[label].text.startswith(_UPWARDS) and label:
        return {label - 1, label}
    if section := find_box_section(blocks, label) or find_box_before(blocks, label):
        return section
    following = following_blocks(blocks, label)
    is_named = name != "*" and any(name in blocks[one].text.casefold() for one in following)
    if is_named:
        return {label, *following}
    has_story_before = any(block.word_count >= _STORY_WORDS for block in blocks[:label])
    if not has_story_before and label < _FIRST_BLOCKS:
        return {label}
    is_heading = blocks[label].kind is BlockKind.HEADING
    if name == "*" or is_heading or any(blocks[one].button for one in following):
        return {label, *following}
    return {label}


def find_box_before(blocks: Sequence[RawBlock], label: int) -> set[int]:
    """The blocks of the smallest box that ends with the label and holds more than the label."""
    total_words = sum(block.word_count for block in blocks)
    for box in blocks[label].box.with_ancestors():
        if box.parent is None or (label + 1 < len(blocks) and is_within(blocks[label + 1], box)):
            return set()
        start = label
        while start and label - start <= _MAX_BLOCKS and is_within(blocks[start - 1], box):
            start -= 1
        words = sum(block.word_count for block in blocks[start:label])
        if words > max(_MAX_SHARE * total_words, 30) or words > _MAX_WORDS:
            return set()
        if words >= 8:
            return set(range(start, label + 1))
    return set()


def buttons_after(blocks: Sequence[RawBlock], number: int) -> list[int]:
    following = range(number + 1, min(number + 2, len(blocks)))
    return [
        one
        for one in following
        if blocks[one].button or (blocks[one].link_share >= 0.9 and blocks[one].word_count <= 6)
    ]


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
    """The blocks up to the next heading, rule or button; one paragraph if none follows soon."""
    following: list[int] = []
    words = 0
    for number in range(label + 1, len(blocks)):
        block = blocks[number]
        only_headings = all(blocks[one].kind is BlockKind.HEADING for one in following)
        if (block.kind is BlockKind.HEADING and not only_headings) or (
            number > label + 1 and block.after_rule
        ):
            return following
        following.append(number)
        words += block.word_count
        if block.button and block.link_share >= 0.9:
            return following
        if len(following) > _MAX_BLOCKS or words > _MAX_WORDS:
            break
    return one_paragraph(blocks, following)


def one_paragraph(blocks: Sequence[RawBlock], following: list[int]) -> list[int]:
    """Of the blocks after a label, those up to the first that is no heading."""
    for count, number in enumerate(following, 1):
        if blocks[number].kind is not BlockKind.HEADING:
            return following[:count]
    return following[:1]
