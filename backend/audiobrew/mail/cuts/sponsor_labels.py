"""Recognize what says that something is paid for: labels, and sentences that name a sponsor."""

import re

from audiobrew.mail.cuts.label_words import (
    has_paid_words,
    has_partner_words,
    name_among_label_words,
    thanks_somebody,
)
from audiobrew.mail.cuts.mail_context import MailContext
from audiobrew.mail.cuts.ornaments import ORNAMENTS, SEPARATORS
from audiobrew.mail.newsletter import BlockKind
from audiobrew.mail.raw_block import RawBlock

_OUR = r"(?:today['’]s |our |this week['’]s |the |this )?"
_LABEL_WORDS = (
    rf"{_OUR}(?:featured )?(?:sponsor(?:s|ed)?|advertisements?|ad|ads|advertorial|promotion|"
    rf"promoted|paid post|partner)"
    r"(?: (?:content|post|message|spotlight|section|slot|of the (?:day|week)))?"
    r"|paid (?:content|partnership|promotion)|partner content|branded content|affiliate"
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
_DECORATION = f"[{ORNAMENTS}]*"
_LABEL = re.compile(
    rf"{_DECORATION}+(?:(?:{_LABEL_WORDS})|(?:{_SPONSORED_BY})\b(?P<name>.{{0,60}}?)){_DECORATION}+",
    re.IGNORECASE,
)
_INLINE_LABEL = re.compile(
    rf"[\[(]\s*(?:{_LABEL_WORDS})\s*[\])]|^(?:{_LABEL_WORDS})\s*[:|·•]\s|[·|–—]\s*(?:{_LABEL_WORDS})$|"
    rf"\*\s?(?:sponsored|ad|anzeige|werbung)$",
    re.IGNORECASE,
)
_DISCLOSURE = re.compile(
    r"(?:(?:this|today['’]s|this (?:week|month)['’]s) (?:issue|edition|newsletter|e-?mail|letter|episode)"
    r"|(?:diese|die heutige) ausgabe|dieser newsletter|ce numéro|cette (?:édition|lettre|newsletter)"
    r"|est[ea] (?:número|boletín|edición|newsletter|carta)|quest[ao] (?:numero|newsletter|edizione|lettera)"
    r"|esta (?:edição|newsletter|carta)|deze (?:editie|nieuwsbrief|brief))"
    r" .{0,30}?(?:sponsored|brought|made possible|presented|supported|gesponsert|präsentiert"
    r"|unterstützt|ermöglicht|sponsorisé\w?|présentée?|offerte?|soutenue?|patrocinad[oa]|presentad[oa]"
    r"|ofrecid[oa]|posible|llega|sponsorizzat[oa]|offert[oa]|presentat[oa]|oferecid[oa]|apresentad[oa]"
    r"|gesponsord|mogelijk)"
    r" .{0,20}?(?:by|von|vom|durch|par|grâce|por|gracias|da|dal\w*|door|dankzij)(?!\w)"
    r"|^(?:(?:many |big |our )?thanks to|thank you to) .{2,60}? for (?:sponsoring|supporting|making)"
    r" (?:this|today|our|the (?:newsletter|issue|letter)|us)(?!\w)",
    re.IGNORECASE,
)
# A letter may be that of a story, too: "This letter was presented by the defence."
_LETTER = re.compile(r"(?<!\w)(?:letter|lettre|carta|lettera|brief)(?!\w)", re.IGNORECASE)
_NAME_OR_OURS = re.compile(
    r"\s*+(?:[^\W\d_a-zà-ÿ]|(?:our|notre|nos|nuestr|nostr|noss|onze|the (?:good|kind))\w{0,3})"
)
# The same in languages that name the sponsor before they say what it did.
_PAID_ISSUE = re.compile(
    r"(?:本期|这期|這期|今日|本信)\S{0,6}?由.{2,24}(?:赞助|贊助|冠名|独家支持|特约播出|提供支持)"
    r"|(?:この|今号|本号|今回|今週)\S{0,8}?は.{2,24}(?:の提供|のスポンサー|が提供|の協賛)"
    r"|이번 (?:호|편지|레터|뉴스레터)[는은] .{2,24}(?:후원|지원|협찬|제공)"
)
# A paragraph that begins "Presented by Acme Tools. "
_PRESENTED_BY = re.compile(
    rf"(?i:{_SPONSORED_BY}) (?P<name>[A-Z0-9][\w&'’-]*+)\.?[ ]?(?:[A-Z0-9][\w&'’-]*+\.?[ ]?){{0,3}}[.:!] "
)
# The beginning of a text up to its first full stop, colon or dash.
_HEAD = re.compile(r"([^.:：!?。\n]{2,80}?)(\s?[:：!.。]|\s[–—|·•-])(?=\s|[^\x00-\x7f])")
# A pictogram before a label: "💡 Anzeige: Acme saws".
_PICTOGRAM = re.compile(r"^[\u2190-\u2bff\U0001f000-\U0001faff\ufe0f]{1,4}\s{1,2}")
_LABEL_ENDS = (":", "：", "–", "—", "-", "|", "·", "•")
BRACKETS = ("[", "(", "（", "［", "【", "〔", "〈", "《", "≪")
_PARENTHESES = re.compile(r"\s?\([^()]{1,60}\)")
# A label in brackets at the beginning.
_MARKED_FIRST = re.compile(
    r"[\s*–—-]{0,4}[\[(（［【〔〈《≪]([^\[\]()（）［］【】〔〕〈〉《》≪≫]{1,40})[\])）］】〕〉》≫](?=\s*\w|\s*[\"“„«])"
)
# A label before or between ornaments at the beginning: "PR◆ …", "✦ Ad ✦ …".
_DRAWN_FIRST = re.compile(
    rf"(?:[{SEPARATORS}]\s?){{0,4}}([^{SEPARATORS}.:：!?。\n]{{2,30}})(?:[{SEPARATORS}]\s?){{1,4}}(?=[\w\"“„«「])"
)
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
_MAX_WORDS_TO_NAME = 3
_SIGNS = " \ufe0f🛡🎟📚💼🤝✨👉📣⭐"
_MAX_LABEL_WORDS, _MAX_LONG_LABEL_WORDS = 10, 16
# Words of a paragraph with a disclosure, and the characters in which it is.
_MAX_DISCLOSURE_WORDS, _DISCLOSURE_CHARACTERS = 120, 160
_EDGES = " \t:：|·.!。–—-_*[]()【】（）"
_WEAK_LABEL = re.compile(
    r"(?:our |the |unsere? |notre |nuestro |il |o )?"
    r"(?:partner\w{0,3}|partenaires?|sponsors?|sponsoren|promo\w{0,6}"
    r"|promoted|ads?|affiliate|annonces?|anuncios?|annunci\w?|ilan"
    r"|in eigener sache)",
    re.IGNORECASE,
)
_AMBIGUOUS = re.compile(
    r"\b(?:together|partner|collabora|coopera|kooper|zusammen|samen|parceria|colabora|support|powered|unterst"
    r"|soutien|soutenu|thanks|thank|dank|grâce|gracias|grazie|graças|apoyo|apoio|sostegno|stöd|støtte|tuella"
    r"|samarb|spolupr|współpr|együttm|támogat|yhteist|işbirliğ|desteğ|сотруднич|поддержк|співпрац|підтримк"
    r"|συνεργασ|υποστήριξ|colaborar|sprijin)",
    re.IGNORECASE,
)
# Titles of advertisements without a word for paying; and titles of which the only word is for partners.
_SURE_TITLE = re.compile(
    r"classifieds|small ads|partner (?:content|message|post)"
    r"|^(?:proudly )?(?:presented|brought to you) by |^präsentiert von |^(?:présenté|offert) par "
    r"|^(?:presentado|ofrecido) por |^(?:presentato|offerto) da |^(?:apresentado|oferecido) por "
    r"|^(?:mede )?(?:mogelijk gemaakt|gepresenteerd|aangeboden) door |^presenteras av |^præsenteret af "
    r"|^presentert av ",
    re.IGNORECASE,
)
_PARTNERS = re.compile(r"(?:\w{1,8} )?(?:partn[её]r|partenair|партн[её]р)\w{0,4}", re.IGNORECASE)
_MIN_SURE_WORDS = 4
_CLAUSE_END = re.compile(r",|;|\s[–—-]\s")
_PAYING = re.compile(
    r"(?<!\w)(?:sponsor|advertis|advertorial|promotional"
    r"|paid (?:content|partnership|message|for|promotion|post|ad)"
    r"|anzeige|werb(?:ung|epartner|lich)|gesponsert|bezahlt"
    r"|publicit|parrain|partenariat|partenaire|patrocin|publicid"
    r"|pubblicit|promozional|reklam|annons|annonc|hirdet|szponzor|támogatott|inzer|sponzor|mainos|kaupallinen"
    r"|advertent|gesponsord|betaalde|materiał|współprac|διαφημ|χορηγ|реклам|спонсор|партн[её]р|партнер"
    r"|publicitat|publicitate|oglas|tài trợ|quảng cáo|iklan|disponsori|betalt|kommersiel)"
    r"|広告|(?<!\w)pr(?!\w)|提供|협찬|광고|后原|广告|赞助|廣告|贊助|إعلان|برعاية|ממומן|פרסומ|בחסות|विज्ञापन|प्रायोज",
    re.IGNORECASE,
)
# A label that closes a section: "End of advertisement".
_CLOSING_BEFORE = re.compile(
    r"(?:end of|end|ende (?:der|des)|ende|fin d(?:e|u|el)(?: la| l[’'])?|final de(?: la)?"
    r"|fine d(?:i|el|ello|ella|ell[’'])|fim d[aeo]|konec|koniec|slut på|slutt på|slutt"
    r"|конец|кінець|край на|крај|kraj|einde(?: van)?|sfârșitul|τέλος"
    r"|vége|loppu|lõpp|pabaiga|beigas|akhir|hết|نهاية|סוף)\s(?:the |de |het |a |la )?",
    re.IGNORECASE,
)
_CLOSING_AFTER = re.compile(
    r"(?<!\s)\s?(?:ends?(?: here)?"
    r"|endet|slutar|slutter|päättyy|lõppeb|termina|beendet|ende|fin|fine|fim|einde|koniec|konec|slut|vége|sfârșit|"
    r"конец|кінець|ここまで|终|完|끝|loppu|sonu)$",
    re.IGNORECASE,
)
# A label, a mark and the sponsor's name: "Anzeige | Acme".
_LABEL_AND_NAME = re.compile(
    r"([^:：|·–—\n]{2,40}?)(?:\s?[:：|·–—]\s?|\s(?:for|för|von|de|da|van|od|от|від)\s)([^:：|·–—.!?\n]{2,50})"
)
_MAX_NAME_WORDS = 5
# Spaces in each of several names after a label.
_MAX_NAME_SPACES = 4
# Capitalized words after a label that are not the name of a sponsor.
NOT_NAMES = frozenset((
    "our", "sponsor", "sponsors", "partner", "partners", "friends", "the", "notre", "nos", "unserem",
    "unseren", "unser", "nuestro", "nuestros", "nostro", "nosso", "onze", "vores", "vår", "våra",
    "advertisers", "supporters", "patrocinador", "patrocinadores", "partenaire", "partenaires",
    "anunciante", "sponsorem",
))  # fmt: skip


def labelled_name(block: RawBlock, mail: MailContext) -> str:
    """The sponsor that a label names; `*` if it names none, empty if it is no label."""
    if (
        block.word_count > _MAX_LONG_LABEL_WORDS
        or len(block.text) > 150
        or block.kind in (BlockKind.QUOTATION, BlockKind.TABLE_ROW)
    ):
        return ""
    return name_in_phrase(block, mail) or name_among_label_words(block.text, mail)


def name_in_phrase(block: RawBlock, mail: MailContext) -> str:
    """As `labelled_name`, for labels that we know as a whole, unlike those that have the words of labels."""
    versions = block.text.split(" / ")  # in two languages: "Petites annonces / Classifieds"
    if len(versions) > 1 and all(name_in_label(one, mail) == "*" for one in versions):
        return "*"
    if block.word_count > _MAX_LABEL_WORDS:
        match = mail.phrases["labels"].fullmatch(block.text)
        return "*" if match and match["name"] is None else ""
    return name_in_label(block.text, mail) or name_in_own_disclosure(block.text, mail)


def name_in_label(text: str, mail: MailContext) -> str:
    """As `labelled_name`, for a text."""
    match = _LABEL.fullmatch(text) or mail.phrases["labels"].fullmatch(text)
    if not match:
        return name_after_label(text, mail)
    name = (match["name"] or "").strip(" :：|–—-")
    if not name:
        return "*"
    if re.search(r"[.!?]\s|[,;]\s+\w+ \w+ ", name):
        return ""
    words: list[str] = re.findall(r"\w{2,}", name)
    if not any(word[0].isupper() or word[0].islower() for word in words):
        return words[0] if words else "*"  # a script without capitals
    names = [word for word in words if word[0].isupper() and word.casefold() not in NOT_NAMES]
    if names:
        return names[0].casefold()
    return "*" if all(word.casefold() in NOT_NAMES for word in words) else ""


def name_after_label(text: str, mail: MailContext) -> str:
    """The first word of the sponsor in "Anzeige | Acme Tools"; empty if the text is not such a line."""
    match = _LABEL_AND_NAME.fullmatch(text.strip(_EDGES))
    if not match or len(match[2].split()) > _MAX_NAME_WORDS:
        return ""
    label = _LABEL.fullmatch(match[1]) or mail.phrases["labels"].fullmatch(match[1])
    is_nameless = label is not None and not (label["name"] or "").strip()
    if not is_nameless and name_among_label_words(match[1], mail) != "*":
        return ""
    words: list[str] = re.findall(r"\w{2,}", match[2])
    if words and not any(word[0].isupper() or word[0].islower() for word in words):
        return words[0]  # a script without capitals
    names = [word for word in words if word[0].isupper() and word.casefold() not in NOT_NAMES]
    capitalized = sum(word[0].isupper() for word in words)
    return names[0].casefold() if names and capitalized * 2 >= len(words) else ""


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
    words = re.findall(r"\w{2,}", match["name"])
    # A letter may be presented by somebody on Tuesday.
    near = words if match["verb"].casefold() in _PAID_VERBS else words[:_MAX_WORDS_TO_NAME]
    names = [word for word in near if word[0].isupper()]
    return names[0].casefold() if is_own and names else ""


def find_inline_label(block: RawBlock, mail: MailContext) -> str:
    """The label with which a block begins or ends: "Anzeige: …", "… (Sponsored)", "Thanks to Acme. …"."""
    if block.kind in (BlockKind.QUOTATION, BlockKind.TABLE_ROW):
        return ""
    if match := _INLINE_LABEL.search(block.text):
        return match[0]
    head = _HEAD.match(_PICTOGRAM.sub("", block.text))
    if head and block.kind is not BlockKind.HEADING and block.word_count > head[1].count(" ") + 1:
        label = _PARENTHESES.sub("", head[1])
        name = (
            name_in_label(label, mail)
            or name_in_own_disclosure(label, mail)
            or name_among_label_words(label, mail)
        )
        is_paid = has_paid_words(label, mail) or has_partner_words(label, mail)
        is_sentence = is_paid and head[1].count(" ") > 1 and bool(block.links)
        ends_label = head[2].strip() in _LABEL_ENDS or (is_paid and label.isupper())
        if name and (name != "*" or is_sentence or ends_label):
            return head[1]
    label, _, names = block.text.partition(":")
    if lists_names(names) and has_partner_words(label, mail):
        return label
    for pattern in (_MARKED_FIRST, _DRAWN_FIRST):
        if (first := pattern.match(block.text)) and is_nameless_label(first[1], mail):
            return first[0]
    marked = _MARKED.search(block.text)
    if marked and is_nameless_label(marked[1] or marked[2], mail):
        return marked[0]
    return ""


def lists_names(text: str) -> bool:
    """Whether a text is a list of several names: "Acme · Ingot Bank"."""
    names = [name.strip() for name in re.split(r"[·•|]", text)]
    return len(names) > 1 and all(
        name[:1].isupper() and name.count(" ") <= _MAX_NAME_SPACES for name in names
    )


def is_nameless_label(text: str, mail: MailContext) -> bool:
    return name_in_label(text, mail) == "*" or name_among_label_words(text, mail) == "*"


def is_weak_label(label: str, mail: MailContext) -> bool:
    """Whether a story may begin with a label's words, too: "Partners: …", "Supported by Norway. …"."""
    if label.lstrip(" *–—-").startswith(BRACKETS):
        return False
    words = label.strip(_EDGES)
    if _WEAK_LABEL.fullmatch(words):
        return True
    return may_be_title(words) and name_in_label(words, mail) not in ("", "*")


def may_be_title(label: str) -> bool:
    """Whether a label's words also begin titles of stories: "Together with Norway", "Partners"."""
    return _AMBIGUOUS.search(label) is not None or _WEAK_LABEL.fullmatch(label) is not None


def is_sure_label(block: RawBlock, mail: MailContext) -> bool:
    """Whether a title of such words needs no offer below it to be the label of an advertisement."""
    text = block.text
    return (
        text.isupper()
        or not text[:1].isalnum()
        or (speaks_of_paying(block) and not _PARTNERS.fullmatch(text))
        or _SURE_TITLE.search(text) is not None
        or (len(text.split()) >= _MIN_SURE_WORDS and name_among_label_words(text, mail) == "*")
    )


def may_thank_others(label: str, mail: MailContext) -> bool:
    """Whether a label thanks somebody, who may be a reader as well as a sponsor."""
    return (
        thanks_somebody(label) and _PAYING.search(label) is None and not has_paid_words(label, mail)
    )


def speaks_of_paying(block: RawBlock) -> bool:
    """Whether a block has a word for advertising or sponsoring."""
    return _PAYING.search(block.text) is not None


def is_closing_label(block: RawBlock, mail: MailContext) -> bool:
    """Whether a block says that an advertisement ends."""
    if block.word_count > _MAX_LABEL_WORDS or len(block.text) > 60:
        return False
    text = block.text.strip(f"{_EDGES}=~+/#<>＜＞")
    label = _CLOSING_AFTER.sub("", text)
    if match := _CLOSING_BEFORE.match(text):
        label = text[match.end() :]
    return label != text and is_nameless_label(label.strip(), mail)


def presented_name(block: RawBlock) -> str:
    """The sponsor of a paragraph that begins "Presented by Acme Tools. "; empty if it does not."""
    match = _PRESENTED_BY.match(block.text[:_DISCLOSURE_CHARACTERS])
    return match["name"] if match and block.word_count <= _MAX_DISCLOSURE_WORDS else ""


def is_disclosure(block: RawBlock, mail: MailContext) -> bool:
    """Whether a paragraph begins with a sentence that says who paid for the issue."""
    beginning = block.text[:_DISCLOSURE_CHARACTERS]
    if block.word_count > _MAX_DISCLOSURE_WORDS:
        return False
    if (disclosure := _DISCLOSURE.search(beginning)) and (
        block.links
        or block.small
        or not _LETTER.search(disclosure[0])
        or _NAME_OR_OURS.match(beginning[disclosure.end() :])
    ):
        return True
    first = re.split(r"(?<=[.!?])\s|(?<=[。！？])", beginning, maxsplit=1)[0]
    if block.links and _PAID_ISSUE.match(first):
        return True
    is_sentence = block.kind is not BlockKind.HEADING and not block.bold
    own_clause = _CLAUSE_END.split(first, maxsplit=1)[0]
    if is_sentence and name_among_label_words(own_clause, mail) not in ("", "*"):
        return True
    # "Today's brief is supported by Acme, the bank of …"
    clause = first.partition(",")[0]
    return bool(
        name_in_own_disclosure(first, mail)
        or (_OWN_ISSUE.match(clause.lstrip(_SIGNS)) and name_in_own_disclosure(clause, mail))
    )
