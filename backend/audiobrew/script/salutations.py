"""Leave out the salutation of a letter: a host who reads it would greet the listener a second time."""

import re
from collections.abc import Sequence

from audiobrew.mail.newsletter import Block, BlockKind
from audiobrew.mail.text_cleanup import count_words

# Where salutations stand, in blocks, and their words.
MAX_PLACE, MAX_WORDS = 8, 7
# One list: a letter may greet in another language than its own.
_OPENING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|morning|greetings|welcome back|hallo"
    r"|liebe[rs]?|guten (?:tag|morgen|abend)|moin|servus|grüezi|sehr geehrte[rs]?|bonjour|bonsoir|salut"
    r"|coucou|chère?s?|cher|hola|buen[oa]s (?:días|tardes|noches)|querid[oa]s?|estimad[oa]s?|ciao"
    r"|buongiorno|buonasera|car[oiae]|gentil[ei]|olá|oi|bom dia|boa (?:tarde|noite)|car[oa]s|prezad[oa]s?"
    r"|dag|beste|goede(?:morgen|middag|navond)|lieve|hej|hei|god (?:morgon|morgen|kväll|aften)|kära|kjære"
    r"|kære|heippa|moi|hyvä(?:t|ä)?|rakkaat|cześć|dzień dobry|drodzy|witaj(?:cie)?|szanowni|ahoj"
    r"|dobrý den|milí|vážení|szia(?:sztok)?|kedves|jó (?:napot|reggelt)|bună|salutare|dragi|dragă|stimați"
    r"|γεια|καλημέρα|καλησπέρα|αγαπητ\w{1,3}|merhaba|selam|sevgili|günaydın|добрий (?:день|ранок|вечір)"
    r"|привіт|вітаю|вітаємо|дорогі|шановні|здравствуйте|привет|добрый день|дорогие|уважаемые|здравейте"
    r"|zdravo|pozdrav|bok|živjo|sveiki|labas|tere|shalom|שלום|היי|مرحبا\w{0,2}|مرحباً|أهلا\w{0,2}|أهلاً"
    r"|السلام|नमस्ते|नमस्कार|प्रिय|xin chào|chào|halo|selamat (?:pagi|siang))(?![\w-])"
    r"|(?:こんにちは|おはよう|みなさん|皆さん|皆様|大家好|你好|您好|各位|안녕하세요|여러분)",
    re.IGNORECASE,
)
_ENDS = (",", "!", "，", "！", "。", "،", ":", "—")


def without_salutations(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without the salutations among the first ones."""
    return [
        block
        for place, block in enumerate(blocks)
        if place >= MAX_PLACE or not is_salutation(block)
    ]


def is_salutation(block: Block) -> bool:
    """Whether a block is only a salutation: a few words, no figure, no verb that a story has."""
    text = block.text.strip(' ¡¿"“„«‹*–—')
    return (
        block.kind is BlockKind.PARAGRAPH
        and _OPENING.match(text) is not None
        and (text.endswith(_ENDS) or count_words(text) <= 2)
        and count_words(text) <= MAX_WORDS
        and text.count(".") + text.count("!") <= 1
        and not any(map(str.isdigit, text))
    )
