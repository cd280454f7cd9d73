"""Phrases of newsletters that are not news.

Those of seven languages are here and count in every mail. Those of `lang/<code>.toml` count in mails in which
the language occurs, and those of the seven languages always.

A phrase alone does not decide whether a block is cut. Its length, its links and its place count, too:
see `boilerplate.py`, `footer.py`, `navigation.py` and `sponsors.py`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from audiobrew.lang.language import complete_languages, language_or_default
from audiobrew.lang.mail_sections import Boilerplate
from audiobrew.mail.cuts.ornaments import ORNAMENTS
from audiobrew.mail.text_cleanup import strip_accents


def _any(*phrases: str) -> re.Pattern[str]:
    """Matches any of the phrases as whole words, with a straight or a curly apostrophe."""
    alternatives = "|".join(phrases).replace("'", "['’]")
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)


# Ways to leave a list.
UNSUBSCRIBE = _any(
    r"unsubscribe(?! rate)|opt[- ]out(?: of| here)|stop receiving|no longer (?:wish|"
    r"want) to receive",
    r"(?:manage|update|change|edit) (?:your |my |email )*(?:e-?mail )?(?:preferences?|"
    r"subscriptions?|profile)",
    r"(?:e-?mail|subscription|notification) (?:preferences|settings)",
    r"ab(?:zu)?melden|ab(?:zu)?bestellen|newsletter abmeldung|"
    r"einstellungen (?:ändern|verwalten)|aus(?:zu)?tragen",
    r"(?:se |me |vous )?désabonner|désinscri\w+|désabonnement|gérer (?:vos|mes) (?:préférences|"
    r"abonnements)",
    r"darse de baja|darte de baja|dar(?:me)? de baja|cancelar (?:la|tu|su) suscripción|"
    r"gestionar (?:tus|sus) preferencias",
    r"anular (?:la|tu|su) suscripción|disiscri\w+|cancella(?:re)? (?:l'|la )?iscrizione|"
    r"annulla(?:re)? l'iscrizione",
    r"gesti(?:sci|re) (?:le )?preferenze|cancelar (?:a )?(?:sua )?(?:inscrição|assinatura|"
    r"subscrição)",
    r"descadastr\w+|remover (?:o )?(?:seu )?e-?mail|uitschrijven|afmelden|"
    r"voorkeuren (?:wijzigen|beheren|aanpassen)",
)

# Why the reader receives the mail.
WHY_SENT = _any(
    r"(?:you're|you are|you were) receiv\w+ th\w+|you (?:received|get|got) this (?:e-?mail|"
    r"newsletter|message)",
    r"this (?:e-?mail|message|newsletter) (?:was|has been) sent to|sent to [\w.+-]+@[\w.-]+|why (?:did|"
    r"am) i (?:get|getting|receiv\w+) this",
    r"because you (?:signed up|subscribed|opted in|are subscribed)|our mailing address|"
    r"add us to your address book",
    r"sie erhalten diese|du erhältst diese|du bekommst diese|diese (?:e-?mail|"
    r"nachricht) wurde an",
    r"vous recevez ce(?:t|tte)?|tu reçois ce(?:t|tte)?|cet e-?mail (?:vous )?a été envoyé|"
    r"ce message a été envoyé",
    r"recibes? est[ea]|ha(?:s)? recibido est[ea]|este (?:correo|mensaje|boletín) (?:se|fue|"
    r"ha sido) envi\w+",
    r"ricevi quest[ao]|hai ricevuto quest[ao]|quest[ao] (?:e-?mail|messaggio) (?:è stat[ao]|"
    r"ti)",
    r"(?:você )?(?:está )?recebe(?:u|ndo)? est[ea]|este e-?mail foi enviado",
    r"je ontvangt deze|u ontvangt deze|deze (?:e-?mail|nieuwsbrief) is (?:verzonden|verstuurd)",
)

RIGHTS = _any(
    r"all rights reserved|alle rechte vorbehalten|tous droits réservés|"
    r"todos los derechos reservados",
    r"tutti i diritti riservati|todos os direitos reservados|alle rechten voorbehouden",
)
COPYRIGHT = re.compile(
    r"(?:(?:©|℗)\s*+(?:\d{4}|[^\W\d_])|\(c\)\s*+(?:\d{4}|(?-i:[A-Z]))|copyright\s*+(?:©|\(c\)|by\b|\d{4}))",
    re.IGNORECASE,
)

LEGAL = _any(
    r"not (?:intended as |constitute |be construed as |to be taken as |meant as )*(?:a |an |"
    r"any )?(?:\w+,? ){0,6}?(?:financial|investment|legal|medical|tax|"
    r"professional) advice",
    r"(?:for )?(?:informational|information|educational)(?: and \w+)? purposes only|"
    r"does not constitute|nothing (?:in|on) th\w+ \w+ (?:should|is|constitutes)",
    r"past performance (?:is|does|of .{0,30}?is) (?:not|no)|capital (?:is )?at risk"
    r"|may lose (?:money|value|some or all)|"
    r"forward-looking statements",
    r"intended (?:solely|only) for the (?:use of the )?(?:addressee|recipient|individual|"
    r"person)|if you are not the intended recipient",
    r"(?:contain|include|use)s? affiliate links|(?:earn|receive) (?:a |an )?(?:small |"
    r"affiliate )*commission|member fdic|void where prohibited",
    r"terms (?:and conditions )?apply|keine (?:anlage|rechts|finanz|steuer)\w*beratung|"
    r"haftungsausschluss|stellt keine \w*beratung dar|ohne gewähr",
    r"ne constitue(?:nt)? (?:pas|en aucun cas)|les performances passées|"
    r"à titre (?:purement )?informatif|conformément (?:à la loi|au rgpd)",
    r"no constituye[n]? (?:\w+ )?(?:asesor\w+|recomend\w+|consejo)|rentabilidades pasadas|"
    r"fines (?:meramente |únicamente )?informativos",
    r"non costituisc\w+|scopo (?:puramente |esclusivamente )?informativo|não constitu\w+|"
    r"fins (?:meramente )?informativos|rentabilidade passada",
    r"geen (?:financieel |beleggings|juridisch |medisch )\s?advies|resultaten uit het verleden|"
    r"aan deze \w+ kunnen geen rechten",
    r"amtsgericht \w+,? (?:hrb|hra|vr)|registergericht|ust-?id\w*|hrb \d+|"
    r"registered (?:office:|in [\w &]{2,30}(?:no\.?|number|under))|siret:? ?\d|rcs [a-zé]\w+ \d|kvk",
)

LEGAL_LINKS = _any(
    r"privacy (?:policy|notice|statement)|terms (?:of (?:service|use)|& conditions|"
    r"and conditions)|cookie policy|imprint|impressum",
    r"datenschutz(?:erklärung|hinweise)?|agb|mentions légales|politique de confidentialité|"
    r"aviso legal|política de privacidad",
    r"informativa (?:sulla )?privacy|política de privacidade|privacyverklaring|privacybeleid|"
    r"algemene voorwaarden",
)

VIEW_IN_BROWSER = _any(
    r"(?:view|read|open|see|show) (?:this |it |the )?(?:e-?mail|newsletter|message|issue|"
    r"post)?\s?(?:online|(?:in|on) (?:your |a |the )?(?:web ?)?(?:browser|app|site|web))",
    r"(?:trouble|problems?|difficulty) (?:viewing|reading|seeing|displaying)|not displaying|"
    r"web version|online version",
    r"im (?:web)?browser (?:ansehen|öffnen|lesen|anzeigen)|online(?:-| )?(?:version|ansicht|"
    r"lesen|ansehen)|nicht richtig (?:dar|an)gestellt|wird nicht (?:korrekt|richtig)",
    r"(?:dans|sur) (?:le |votre |ton )?navigateur|version (?:en ligne|web)|voir en ligne|"
    r"lire en ligne|ne s'affiche pas",
    r"en (?:el |tu |su )?navegador|versión (?:web|online|en línea)|ver en línea|"
    r"no (?:se )?(?:ve|visualiza) (?:bien|correctamente)",
    r"nel (?:tuo )?browser|versione (?:web|online)|no (?:seu )?navegador|versão (?:web|online)|"
    r"ver online",
    r"in (?:je|uw|de) browser|online ?versie|bekijk (?:deze \w+ )?online|webversie",
)

SHARING = _any(
    r"(?:was this|been|did someone|did a friend)? ?(?:e-?mail |"
    r"newsletter )?forward(?:ed)? (?:you )?(?:this|to you|it to|by a friend)\w*|know someone who",
    r"forward (?:this|it) (?:e-?mail |newsletter |issue )?to|share (?:this|it|"
    r"the \w+) (?:\w+ )?with (?:a |your )?\w+|tell a friend|refer (?:a |your )?friends?|"
    r"spread the word",
    r"(?:your )?(?:unique )?referral (?:link|code|count|hub|program\w*)|"
    r"\d+ (?:more )?referrals?|invite (?:a |your )?friends?",
    r"how (?:did|do) (?:you like|we do|was)|rate (?:this|today)\w*|"
    r"what did you think of (?:this|today)|take (?:our|this) (?:\w+ )?survey|vote (?:below|"
    r"in)",
    r"(?:first time|new) (?:here|reading)\?|not (?:yet )?(?:a )?subscribe[dr]\b ?(?:yet)?\?|"
    r"(?:sign up|subscribe) (?:here|now|for free|today)|become a (?:paid |free )?(?:subscriber|"
    r"member|patron)",
    r"upgrade to (?:a )?paid|support (?:our work|my work|this newsletter)|buy (?:me|"
    r"us) a coffee|hit reply|reply to this e-?mail",
    r"weitergeleitet|weiterempfehlen|empfiehl uns|empfehlen sie uns|freunde? (?:werben|"
    r"einladen)|jetzt (?:kostenlos )?(?:abonnieren|anmelden)|wie (?:hat|fanden|war) (?:ihnen|"
    r"dir|sie|diese)|feedback geben",
    r"transféré|transférez|transmettez(?:-l[ae])? à|parrain\w+|partagez|faites suivre|"
    r"abonnez-vous|inscrivez-vous|"
    r"qu'avez-vous pensé|votre avis",
    r"te (?:lo )?han reenviado|reenvia\w+|comparte (?:est[ea]|con)|recomienda (?:est[ea]|a)|"
    r"suscríb\w+ (?:aquí|gratis|ahora)|qué te ha parecido",
    r"inoltra\w+|condividi|iscriviti (?:qui|ora|gratis)|invita (?:un|i) amic\w|encaminh\w+|"
    r"compartilh\w+|inscreva-se|indique",
    r"doorgestuurd|doorsturen|meld je (?:hier )?aan|abonneer|deel deze|wat vond je",
)

FOLLOW_US = _any(
    r"follow (?:us|me|along)|find us on|connect with us|join (?:us|the conversation) on|"
    r"folg(?:e|t|en sie)? uns|suivez-nous|síguenos|seguici|siga-nos|volg ons",
    r"download (?:the|our) app|get the app|available on (?:ios|android|apple|google|spotify|"
    r"the (?:app|apple|google))|(?:on|in|from) (?:the |apple's )?app store|google play",
)

ADVERTISE_WITH_US = _any(
    r"advertise (?:with|in|here|to)|sponsor (?:us|this newsletter|an issue|a future)|"
    r"become a sponsor|(?:want|like) to (?:sponsor|advertise|reach)|"
    r"sponsorship (?:opportunities|enquir\w+|inquir\w+|slots?)|promote your \w+ (?:here|to)",
    r"(?:hier|bei uns) werben|werbung (?:schalten|buchen)|mediadaten|anzeige schalten|"
    r"devenir (?:partenaire|annonceur|sponsor)|annoncer dans",
    r"anúnci[ae]te|patrocina est[ea]|anunci\w+ (?:con|en) nosotros|fai pubblicità|"
    r"sponsorizza questa|anuncie|adverteren|sponsor worden",
)

SOCIAL = _any(
    r"facebook|twitter|x|x\.com|linkedin|instagram|youtube|tiktok|threads|mastodon|bluesky|"
    r"telegram|whatsapp|reddit|discord|pinterest|rss|spotify|medium|substack|podcast|website|"
    r"webseite|e-?mail|web|share|tweet|save|like|comment|reply|forward|bookmark|pocket|snapchat"
    r"|twitch|vimeo|flickr|xing|vk|ok|dzen|signal|line|wechat|weibo|kakaotalk|naver|soundcloud|deezer"
    r"|strava|nextdoor|patreon|ko-fi|github|feed|tumblr|messenger|viber|app|apple podcasts?|google news"
    r"|фейсбук|[иі]нста(?:грам)?|твиттер|твіттер|ютуб|телеграм(?:-?канал)?|телеграмм|вконтакте|вк|ок|дзен"
    r"|подкаст|сайт|вайбер|ватсап|тикток|тік ?ток|페이스북|인스타(?:그램)?|트위터|유튜브|블로그|네이버"
    r"|카카오톡|홈페이지|스레드|링크드인"
    r"|فيسبوك|[إا]نستغرام|[إا]نستجرام|تويتر|[إا]كس|يوتيوب|لينكد ?[إا]ن|تيك ?توك|واتساب"
    r"|تيليغرام|تلغرام|تلجرام|بودكاست|脸书|臉書|微信|微博|小红书|公众号|抖音|知乎|豆瓣|油管|推特|哔哩哔哩|官网|播客"
    r"|フェイスブック|インスタグラム|ツイッター|ユーチューブ|ライン|ノート|ポッドキャスト|公式サイト|פייסבוק"
    r"|אינסטגרם|טוויטר|יוטיוב|טלגרם|ווטסאפ|וואטסאפ|טיקטוק|לינקדאין|פודקאסט|फेसबुक|इंस्टाग्राम|ट्विटर|यूट्यूब|टेलीग्राम|व्हाट्सएप"
    r"|लिंक्डइन|φέισμπουκ|ίνσταγκραμ|ติ๊กต็อก|เฟซบุ๊ก|อินสตาแกรม|ทวิตเตอร์|ยูทูบ|ไลน์"
    r"|sito(?: web)?|site(?: web)?|sitio(?: web)?|web(?:site|sajt|stránk[ay]|lap|strona|sivu|side)?"
    r"|hjemmeside|hemsida|kotisivu|honlap|stránky|weboldal(?:unk)?",
)

# The beginning of a button or of another pointer to elsewhere.
CALL_TO_ACTION = re.compile(
    r"(?:read|learn|see|find out|discover|show|view|get|watch|listen|start|continue|keep|shop|"
    r"buy|book|register|sign|log|join|open|download|try|explore|apply|donate|give|share|like|"
    r"comment|tweet|restack|subscribe|upgrade|reply|forward|print|save|skip|jump|back|click|tap|"
    r"go|weiterlesen|mehr|zum|zur|jetzt|hier|teilen|gefällt|kommentieren|lire|voir|en savoir|"
    r"découvrir|partager|j'aime|commenter|cliquez|écouter|leer|ver|seguir|compartir|me gusta|"
    r"comentar|saber|escuchar|haz|leggi|scopri|continua|condividi|guarda|ascolta|ler|leia|saiba|"
    r"continue|continuar|compartilhar|ouvir|lees|verder|bekijk|delen|luister|meer)\b.*",
    re.IGNORECASE,
)

# Minutes to read, and numbers of likes and comments.
READING_TIME = re.compile(
    r"(?:[⏱🕐📖☕\s]*)(?:\d{1,4}\s*+(?:-|–)?\s*+(?:min(?:ute)?s?|minuten|minutos|minuti)\b.{0,14}|"
    r"\d[\d,.k]*\s*(?:likes?|comments?|restacks?|shares?|kommentare|commentaires|comentarios))|"
    r"[∙•·]\s*paid|\d{1,5}|\d{1,3}\s?[′'’]\s?[^\W\d_]{0,14}",
    re.IGNORECASE,
)

TABLE_OF_CONTENTS = re.compile(
    r"(?:in (?:this|today['’]s) (?:issue|edition|newsletter|e-?mail)|(?:table of )?contents|"
    r"today['’]s stories|what['’]s inside|inhalt|in dieser ausgabe|themen(?: heute)?|"
    r"au sommaire|sommaire|dans ce numéro|en este número|en esta edición|contenido|sumario|"
    r"in questo numero|sommario|nesta edição|índice|in deze (?:editie|nieuwsbrief)|inhoud)\s*:?",
    re.IGNORECASE,
)


# Languages that a detector takes for one another in a few words; and codes without a file of their own.
_RELATED = {
    "no": ("nb", "da", "sv"),
    "nn": ("nb",),
    "nb": ("da", "sv"),
    "da": ("nb", "sv"),
    "sv": ("nb", "da"),
    "cs": ("sk",),
    "sk": ("cs",),
    "ru": ("uk",),
    "uk": ("ru",),
    "be": ("ru", "uk"),
    "bg": ("ru",),
    "ms": ("id",),
    "ur": ("ar",),
    "fa": ("ar",),
    "mr": ("hi",),
    "ne": ("hi",),
    "gl": ("es", "pt"),
    "hr": ("sr",),
    "bs": ("hr", "sr"),
    "sr": ("hr",),
    "mk": ("bg", "sr"),
}
_MARK = f"[{ORNAMENTS}]"


class Phrases:
    """Patterns of several languages for one purpose, used as one pattern."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        self._patterns = tuple(patterns)

    def search(self, text: str) -> re.Match[str] | None:
        return next((match for one in self._patterns if (match := one.search(text))), None)

    def match(self, text: str) -> re.Match[str] | None:
        return next((match for one in self._patterns if (match := one.match(text))), None)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return next((match for one in self._patterns if (match := one.fullmatch(text))), None)

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """The match of each pattern at the beginning of the text."""
        return (match for one in self._patterns if (match := one.match(text)))

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        for pattern in self._patterns:
            yield from pattern.finditer(text)

    def __iter__(self) -> Iterator[re.Pattern[str]]:
        return iter(self._patterns)


class PhraseBook:
    """The phrases of the languages that occur in a mail."""

    def __init__(self, languages: Sequence[str] = ()) -> None:
        base = [language.code for language in complete_languages()]
        related = [code for one in languages for code in (one, *_RELATED.get(one, ()))]
        self._codes = tuple(dict.fromkeys([*base, *related]))
        # The languages of the mail without those that only count everywhere.
        self.own_codes = tuple(dict.fromkeys(related if languages else base))
        self._phrases: dict[str, Phrases] = {}

    def __getitem__(self, purpose: str) -> Phrases:
        """The phrases of a key of `[boilerplate]`, or of `labels` or `label_words`."""
        phrases = self._phrases.get(purpose)
        if phrases is None:
            patterns = [compile_phrases(code, purpose) for code in self._codes]
            constant = _CONSTANTS.get(purpose)
            phrases = Phrases([*([constant] if constant else []), *filter(None, patterns)])
            self._phrases[purpose] = phrases
        return phrases


@cache
def compile_phrases(code: str, purpose: str) -> re.Pattern[str] | None:
    """The pattern of a language for a purpose; None if it has no phrases for it."""
    boilerplate = language_or_default(code).boilerplate
    if purpose == "labels":
        labels, introductions = boilerplate.sponsor_labels, boilerplate.sponsored_by
        if not labels or not introductions:
            return None
        return compile_labels(labels, introductions, boilerplate.word_boundaries)
    if purpose == "label_words":
        return compile_label_words(boilerplate) if boilerplate.paid_words else None
    phrases = getattr(boilerplate, purpose)
    if purpose == "requests" and boilerplate.request_verbs:
        phrases = [*phrases, appeal(boilerplate.request_verbs, boilerplate.request_objects)]
    if purpose == "bylines":
        phrases = sorted(phrases, key=len, reverse=True)  # one may begin as a longer one does
    return compile_any(phrases, boilerplate.word_boundaries) if phrases else None


def appeal(verbs: Sequence[str], objects: Sequence[str]) -> str:
    """Matches a clause that begins with a verb, up to the last of the objects in it."""
    return (
        rf"(?:^|(?<=[,;:.!?–—] )|(?<=[(¡¿«„“\"]))(?:{'|'.join(verbs)})(?!\w)"
        rf"[^.!?;:]{{0,60}}(?<!\w)(?:{'|'.join(objects)})"
    )


def limit_repetitions(phrases: Sequence[str]) -> str:
    """The phrases as alternatives, in which nothing is repeated without a limit.

    Two repetitions of the same letters in a row would take quadratic time on a hostile mail.
    """
    alternatives = "|".join(phrases).replace("’", "['’]")

    def limit(match: re.Match[str]) -> str:
        item, sign = match[1], match[2]
        if not item:
            return match[0]
        return f"{item}{{{int(sign == '+')},{_MAX_REPETITIONS.get(item, _MAX_OTHERS)}}}"

    return _REPETITION.sub(limit, alternatives)


def compile_any(phrases: Sequence[str], bounded: bool) -> re.Pattern[str]:
    """Matches any of the phrases; if `bounded`, as whole words."""
    alternatives = limit_repetitions(phrases)
    pattern = rf"(?<!\w)(?:{alternatives})(?!\w)" if bounded else f"(?:{alternatives})"
    return re.compile(pattern, re.IGNORECASE)


def compile_labels(
    labels: Sequence[str], introductions: Sequence[str], bounded: bool
) -> re.Pattern[str]:
    """Matches a label, or an introduction with the sponsor's name, and marks around it."""
    # An elided article needs no space: "d'Acme".
    edge = r"(?:(?!\w)|(?<=['\u2019]))" if bounded else ""
    pattern = (
        rf"(?<!{_MARK}){_MARK}*+(?:(?:{limit_repetitions(labels)})|(?:{limit_repetitions(introductions)}){edge}"
        rf"(?P<name>.{{0,60}}?)){_MARK}*+"
    )
    return re.compile(pattern, re.IGNORECASE)


def compile_label_words(boilerplate: Boilerplate) -> re.Pattern[str]:
    """Matches a word of a label, in the group that is called as the key without `_words`.

    Words have no accents. Where there are no spaces between words, longer ones come first.
    """
    kinds = {
        "paid": boilerplate.paid_words,
        "partner": boilerplate.partner_words,
        "issue": boilerplate.issue_words,
        "label": boilerplate.label_words,
    }
    groups = [
        f"(?P<{kind}>{strip_accents(limit_repetitions(sorted(words, key=len, reverse=True)))})"
        for kind, words in kinds.items()
        if words
    ]
    edge = r"(?!\w)" if boilerplate.word_boundaries else ""
    return re.compile(f"(?:{'|'.join(groups)}){edge}", re.IGNORECASE)


# An escape, a set, a group or any character that is repeated without a limit; or one that is not repeated.
_REPETITION = re.compile(
    r"(\\.|\[(?:\\.|[^\]\\]){0,200}+\]|[.)])([*+])(?!\+)|\\.|\[(?:\\.|[^\]\\]){0,200}+\]"
)
_MAX_REPETITIONS = {r"\w": 30, r"\d": 12, ")": 8}
_MAX_OTHERS = 60
# The constants above by the keys of `[boilerplate]`.
_CONSTANTS = {
    "unsubscribe": UNSUBSCRIBE,
    "why_sent": WHY_SENT,
    "rights": RIGHTS,
    "legal": LEGAL,
    "legal_links": LEGAL_LINKS,
    "view_in_browser": VIEW_IN_BROWSER,
    "advertise": ADVERTISE_WITH_US,
}
