"""Find what a newsletter sells, announces or asks for in a block of its own: courses, jobs, donations.

News has prices, places and accounts, too. So such a block speaks in the first person, names the newsletter,
or asks for an answer to this mail; and the mail's other sections do not do so.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from audiobrew.mail.block_pattern import long_date_words
from audiobrew.mail.cuts.mail_context import (
    MailContext,
    begins_with_quotation,
    has_phrase,
    is_in_last_part,
    split_sentences,
)
from audiobrew.mail.cuts.phrases import compile_phrases
from audiobrew.mail.cuts.self_reference import names_itself
from audiobrew.mail.cuts.sponsor_page import PRICE, is_pure_button, is_read_more
from audiobrew.mail.newsletter import BlockKind, Cut
from audiobrew.mail.raw_block import RawBlock
from audiobrew.mail.text_cleanup import count_words

# Words of a notice, of a section of them, of its title, and blocks of that section.
_MAX_WORDS, _MAX_SECTION_WORDS, _MAX_TITLE_WORDS, _MAX_BLOCKS = 55, 90, 7, 5
# Words of an offer to those who do not subscribe, and of an appeal with an account or a telephone number.
_MAX_OFFER_WORDS, _MAX_PRICED_WORDS, _MAX_APPEAL_WORDS = 32, 60, 40
# Words of the label with which a notice begins: "Workshop. On 14 June …"
_MAX_LABEL_WORDS = 4
_MIN_SIGNS, _MIN_MARKED_SIGNS = 3, 2
# Items below the title of small ads, and words of one.
_MAX_SMALL_ADS, _MAX_SMALL_AD_WORDS = 12, 35
# Notices begin in this part of a mail.
_EARLIEST = 0.4
# The most other sections that may have the signs of a notice.
_MAX_OTHERS = 1
_MARK = re.compile(
    r"(?:📢|📣|🔔|P\.? ?(?:P\.? ?)?S\.?[:.]?(?!\w)|П\.? ?С\.?(?!\w)|PD[.:]|NB[.:]|追伸|추신|又及)"
)
_DATE = re.compile(r"\d{1,2}[.:h]\d{2}|\d{1,2}\s?[月월日일/]|\d{1,2}\.\s?\d{1,2}\.")
_THIS_MAIL = re.compile(
    r"repl|mail|correo|mensaje|bolet|courriel|message|lettre|letter|brief|diese|lettera|mensagem|carta|list|mejl"
    r"|brev|denne|dette|detta|tähän|vastaa|tento|odepi|odpisz|письм|это|лист|цей|posta|αυτό|メール|메일|邮件|本信"
    r"|رسالة|ईमेल|मेल|चिट्ठी",
    re.IGNORECASE,
)
_TITLE_EDGES = re.compile(r"^[\W_]++|(?<![\s:：!?.…])[\s:：!?.…]++$")
_SMALL_ADS = re.compile(
    r"small ads?|for sale(?: and wanted)?|kleinanzeigen|(?:kleiner )?anzeigenmarkt|petites annonces"
    r"|anuncios (?:por palabras|clasificados)|clasificados|piccoli annunci|annunci economici"
    r"|classificados|kleine advertenties|vraag en aanbod|ogłoszenia drobne|radannonser|köp och sälj"
    r"|småannoncer|rubrikannoncer|småannonser|rubrikkannonser|pikkuilmoitukset"
    r"|drobné inzeráty|inzerce|объявления читателей|доска объявлений|дошка оголошень|küçük ilanlar"
    r"|seri ilanlar|μικρές αγγελίες|売ります買います|個人広告|벼룩시장|分类广告|إعلانات مبوبة|वर्गीकृत विज्ञापन",
    re.IGNORECASE,
)
# Between the words of a list: "for sale, wanted and swap".
_LIST_OF_WORDS = re.compile(
    r"\s?[,/·&、،]\s?|\s(?:and|und|et|y|e|en|och|og|ja|i|a|és|și|και|и|та|ve|o|ou|or|oder)\s",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"(?<![\w.,])\+?\(?\d{2,5}[)\s/.-]{1,2}\d{2,4}[\s.-]?\d{2,4}(?!\w)")
# What a company invites its customers to.
_WEBINAR = re.compile(
    r"\W{0,3}(?:live[- ]?)?(?:webb?in[aá]\w{1,6}|вебинар|вебінар|ウェビナー|웨비나)\s?[:：–—-]",
    re.IGNORECASE,
)
# Words for a subscription.
_SUBSCRIPTION = re.compile(
    r"subscri|abonn|suscri|assinatur|prenumer|předplat|подписк|передплат|tilauk|tilaus|abonelik|συνδρομ|購読"
    r"|구독|订阅|訂閱|اشتراك|सदस्यता",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"[^?？؟;;。]{4,80}[?？؟;;]|.{4,30}(?:方へ|皆さまへ|분께)[。.:：]?")
# An account for donations: bank accounts, payment apps, and numbers for a share of taxes.
_ACCOUNT = re.compile(
    r"(?<!\w)[A-Z]{2}\d{2}(?: ?[\dA-Z]{4}){3,7}(?: ?[\dA-Z]{1,3})?(?!\w)"
    r"|(?<!\d)\d{4}(?: \d{4}){3}(?!\d)|(?<!\d)\d{6,10}/\d{4}(?!\d)"
    r"|(?<!\w)(?:MobilePay|Swish|Vipps|Twint|Bizum|PayPal|Satispay|PIX|MB ?WAY|BLIK)"
    r"(?:[ :-]{1,3}[^\W\d]{1,8}){0,2}[ :-]{1,3}\d[\d ]{3,20}"
    r"|(?<!\w)KRS:? ?\d{8,10}|(?<!\w)5 ?[x×] ?1000(?!\w).{0,80}\d{11}",
    re.IGNORECASE,
)


def find_notices(
    blocks: Sequence[RawBlock], mail: MailContext, cuts: Mapping[int, Cut]
) -> set[int]:
    """The numbers of the blocks of notices. `cuts` are those of other rules."""
    numbers: set[int] = set()
    for number, block in enumerate(blocks):
        if number in cuts or not is_text(block):
            continue
        if (
            offers_subscription(blocks, number, mail)
            or asks_for_donation(blocks, number, mail)
            or gives_telephone(blocks, number, mail)
        ):
            numbers.add(number)
    candidates = [
        number
        for number, block in enumerate(blocks)
        if number not in cuts and is_text(block) and count_signs(blocks, number, mail) >= _MIN_SIGNS
    ]
    for number in candidates:
        others = len(candidates) - 1
        if others <= _MAX_OTHERS and is_own_notice(blocks, number, mail):
            numbers.add(number)
    numbers |= find_small_ads(blocks, mail)
    for number, block in enumerate(blocks):
        if number >= len(blocks) * _EARLIEST and number not in cuts:
            section = section_of(blocks, number)
            if section and announces(blocks, block, section, mail, cuts, numbers):
                numbers.update(section, [number])
    return numbers


def is_text(block: RawBlock) -> bool:
    return (
        block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
        or (block.kind is BlockKind.HEADING and block.level > 3)
    ) and not begins_with_quotation(block.text)


def consists_of(mail: MailContext, purpose: str, text: str) -> bool:
    """Whether a title is one of the phrases of a language of the mail."""
    title = _TITLE_EDGES.sub("", text)
    return any(
        pattern.fullmatch(title) is not None
        for code in mail.phrases.own_codes
        if (pattern := compile_phrases(code, purpose))
    )


def offers_subscription(blocks: Sequence[RawBlock], number: int, mail: MailContext) -> bool:
    """Whether a short block asks those who do not subscribe, or has a subscription's price and a button."""
    block = blocks[number]
    if (
        is_in_last_part(number, blocks)
        and block.word_count <= _MAX_PRICED_WORDS
        and PRICE.search(block.text)
        and _SUBSCRIPTION.search(block.text)
        and (speaks_to_reader(block, mail) or names_itself(block.text, mail))
        and leads_to_order(blocks, number)
    ):
        return True
    if block.word_count > _MAX_OFFER_WORDS or len(block.text) > 240:
        return False
    question = _QUESTION.match(block.text)
    return bool(
        question
        and has_phrase(mail, "non_subscribers", question[0])
        and len(question[0]) < len(block.text)
    )


def speaks_to_reader(block: RawBlock, mail: MailContext) -> bool:
    text = block.text
    return any(
        has_phrase(mail, purpose, text) for purpose in ("readers", "first_person", "sign_ups")
    )


def leads_to_order(blocks: Sequence[RawBlock], number: int) -> bool:
    """Whether a text ends with a short link, or stands above a button, that does not lead to a story."""
    block = blocks[number]
    following = blocks[number + 1] if number + 1 < len(blocks) else None
    if following is not None and following.button and is_pure_button(following):
        return not is_read_more(following)
    last = block.links[-1].text.strip() if block.links else ""
    return bool(
        last
        and block.text.rstrip(" .→›»!").endswith(last.rstrip(" .→›»!"))
        and count_words(last) <= _MAX_LABEL_WORDS
        and not is_read_more(RawBlock(BlockKind.PARAGRAPH, last))
    )


def asks_for_donation(blocks: Sequence[RawBlock], number: int, mail: MailContext) -> bool:
    """Whether a short block has an account, and "we", "you" or a label above it or before it."""
    block = blocks[number]
    if block.word_count > _MAX_APPEAL_WORDS or not _ACCOUNT.search(block.text):
        return False
    label, mark, _ = block.text.partition(":")
    is_labelled = bool(mark) and len(label.split()) <= 2 and block.kind is BlockKind.LIST_ITEM
    return (
        is_labelled
        or has_phrase(mail, "first_person", block.text)
        or has_phrase(mail, "readers", block.text)
        or names_itself(block.text, mail)
    )


def gives_telephone(blocks: Sequence[RawBlock], number: int, mail: MailContext) -> bool:
    """Whether a late and short text has a telephone number, and is an arrangement or a small ad."""
    text = blocks[number].text
    return (
        is_in_last_part(number, blocks)
        and blocks[number].word_count <= _MAX_APPEAL_WORDS
        and _TELEPHONE.search(text) is not None
        and any(has_phrase(mail, purpose, text) for purpose in ("arrangements", "small_ads"))
    )


def signs_of(blocks: Sequence[RawBlock], number: int, mail: MailContext) -> Iterator[bool]:
    """What a notice about an event or a sale has: its kind, its price, places, a date, and how to sign up."""
    block = blocks[number]
    following = blocks[number + 1] if number + 1 < len(blocks) else None
    button = following is not None and is_pure_button(following) and not is_read_more(following)
    yield has_phrase(mail, "events", block.text)
    yield PRICE.search(block.text) is not None
    yield has_phrase(mail, "places", block.text)
    yield has_day(block.text)
    yield has_phrase(mail, "sign_ups", block.text) or block.mails or button


def count_signs(blocks: Sequence[RawBlock], number: int, mail: MailContext) -> int:
    return sum(signs_of(blocks, number, mail))


def has_day(text: str) -> bool:
    words = re.findall(r"[^\W_]+", text.casefold())
    return _DATE.search(text) is not None or any(word in long_date_words() for word in words)


def is_own_notice(blocks: Sequence[RawBlock], number: int, mail: MailContext) -> bool:
    """Whether a block with such signs is the newsletter's own, and stands for itself."""
    block = blocks[number]
    if block.word_count > _MAX_WORDS or number < len(blocks) * _EARLIEST:
        return False
    signs = count_signs(blocks, number, mail)
    marked = _MARK.match(block.text) is not None
    labelled = begins_with_label(block, mail)
    answers = has_phrase(mail, "sign_ups", block.text)
    is_own = speaks_of_itself(block.text, mail)
    if marked and (answers or is_own or block.links) and signs >= _MIN_SIGNS:
        return True
    if labelled and (answers or is_own) and signs >= _MIN_SIGNS:
        return True
    return is_own and is_in_last_part(number, blocks) and signs > _MIN_SIGNS


def begins_with_label(block: RawBlock, mail: MailContext) -> bool:
    """Whether a text begins with a label that says what it invites to: "Workshop. On 14 June …"."""
    first, *rest = split_sentences(block.text)
    return (
        bool(rest) and count_words(first) <= _MAX_LABEL_WORDS and has_phrase(mail, "events", first)
    ) or consists_of(mail, "announcements", first)


def speaks_of_itself(text: str, mail: MailContext) -> bool:
    """Whether a text says "we" or "I", names the newsletter, or asks for an answer to this mail."""
    return (
        has_phrase(mail, "first_person", text)
        or names_itself(text, mail)
        or asks_for_answer(text, mail)
    )


def asks_for_answer(text: str, mail: MailContext) -> bool:
    return any(
        _THIS_MAIL.search(match[0])
        for code in mail.phrases.own_codes
        if (pattern := compile_phrases(code, "sign_ups"))
        for match in pattern.finditer(text)
    )


def section_of(blocks: Sequence[RawBlock], number: int) -> list[int]:
    """The blocks below a title, if they are few and short."""
    title = blocks[number]
    is_title = title.kind is BlockKind.HEADING or title.bold
    if not is_title or title.word_count > _MAX_TITLE_WORDS:
        return []
    section: list[int] = []
    words = 0
    for following in range(number + 1, len(blocks)):
        block = blocks[following]
        if block.kind is BlockKind.HEADING or block.after_rule:
            break
        words += block.word_count
        if len(section) >= _MAX_BLOCKS or words > _MAX_SECTION_WORDS:
            return section if words > _MAX_SECTION_WORDS and len(section) == 1 else []
        section.append(following)
        if is_pure_button(block) and not is_read_more(block):
            break
    return section


def find_small_ads(blocks: Sequence[RawBlock], mail: MailContext) -> set[int]:
    """The items below a title for small ads, if some have a price or a telephone number."""
    numbers: set[int] = set()
    for number, block in enumerate(blocks):
        if block.word_count > _MAX_TITLE_WORDS or not has_title_of_small_ads(block, mail):
            continue
        items: list[int] = []
        for following in range(number + 1, min(len(blocks), number + 1 + _MAX_SMALL_ADS)):
            item = blocks[following]
            if item.kind is BlockKind.HEADING or item.word_count > _MAX_SMALL_AD_WORDS:
                break
            items.append(following)
        priced = [
            one
            for one in items
            if PRICE.search(blocks[one].text) or _TELEPHONE.search(blocks[one].text)
        ]
        if priced:
            numbers.update(range(number, priced[-1] + 1))
            numbers.update(items)
    return numbers


def has_title_of_small_ads(block: RawBlock, mail: MailContext) -> bool:
    """Whether a title is one for small ads, or several of their first words: "For sale, wanted, swap"."""
    if block.kind is not BlockKind.HEADING and not block.bold:
        return False
    title = _TITLE_EDGES.sub("", block.text)
    words = _LIST_OF_WORDS.split(title)
    return _SMALL_ADS.fullmatch(title) is not None or (
        len(words) > 1
        and all(count_words(one) <= 2 and has_phrase(mail, "small_ads", one) for one in words)
    )


def announces(
    blocks: Sequence[RawBlock],
    title: RawBlock,
    section: Sequence[int],
    mail: MailContext,
    cuts: Mapping[int, Cut],
    notices: set[int],
) -> bool:
    """Whether a section with such a title has further signs that it is the newsletter's own."""
    text = "\n".join(blocks[number].text for number in section)
    sure = consists_of(mail, "notices", title.text)
    is_webinar = _WEBINAR.match(title.text) is not None
    if not (sure or is_webinar or consists_of(mail, "announcements", title.text)):
        return False
    is_own = (
        is_webinar
        or speaks_of_itself(text, mail)
        or any(number in notices for number in section)
        or any(has_phrase(mail, "first_person", blocks[one].text) for one in section if one in cuts)
    )
    links = any(blocks[number].links or blocks[number].mails for number in section)
    signs = max(count_signs(blocks, number, mail) for number in section)
    if sure:
        return is_own or links or signs >= _MIN_MARKED_SIGNS
    if sum(has_day(blocks[number].text) for number in section) > 1:
        return False  # a calendar
    return is_own and signs >= _MIN_MARKED_SIGNS
