"""Words for numbers, magnitudes, percentages and currencies in the languages of newsletters.

Number words depend on the language: "once" is eleven in Spanish, and "due" is two in Italian. So does
the long scale, in which a billion is a million millions.
"""

from collections.abc import Iterator

# The words from zero on. `_` stands for one, whose word also means "a".
_SMALL = {
    "en": """zero _ two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
        sixteen seventeen eighteen nineteen""",
    "de": """null _ zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn
        sechzehn siebzehn achtzehn neunzehn""",
    "fr": "zéro _ deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "es": """cero _ dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince
        dieciséis diecisiete dieciocho diecinueve""",
    "it": """zero _ due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici
        quindici sedici diciassette diciotto diciannove""",
    "pt": """zero _ dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze
        dezasseis dezassete dezoito dezanove""",
    "nl": """nul _ twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien
        zestien zeventien achttien negentien""",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt trente quarante cinquante soixante _ _ _",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
}
_ONE = {"de": "ein", "nl": "een"}
_VARIANTS = {"pt": {"dezesseis": "16", "dezessete": "17", "dezenove": "19"}}
_VEINTI = "uno dós trés cuatro cinco séis siete ocho nueve"


def _number_words(words: str, numbers: range) -> dict[str, str]:
    pairs = zip(words.split(), numbers, strict=False)
    return {word: str(number) for word, number in pairs if word != "_"}


def _compounds(
    language: str, small: dict[str, str], tens: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Compounds that are one word: fünfundzwanzig, vijfentwintig, ventidue."""
    ones = {word: number for word, number in small.items() if 1 < int(number) < 10}
    if language in _ONE:
        for one, unit in {**ones, _ONE[language]: "1"}.items():
            and_ = "und" if language == "de" else "ën" if one.endswith("e") else "en"
            yield from ((f"{one}{and_}{ten}", str(int(n) + int(unit))) for ten, n in tens.items())
    if language == "it":
        for ten, number in tens.items():
            for one, unit in {**ones, "uno": "1"}.items():
                stem = ten[:-1] if one in ("uno", "otto") else ten
                yield stem + one.replace("tre", "tré"), str(int(number) + int(unit))
    if language == "es":
        yield from ((f"veinti{one}", str(20 + n)) for n, one in enumerate(_VEINTI.split(), 1))


def _all_number_words(language: str) -> dict[str, str]:
    small = _number_words(_SMALL[language], range(20))
    tens = _number_words(_TENS[language], range(20, 100, 10))
    compounds = dict(_compounds(language, small, tens))
    return {**small, **tens, **compounds, **_VARIANTS.get(language, {})}


NUMBERS = {language: _all_number_words(language) for language in _SMALL}

_POWERS = {
    2: "hundred hundert cent cien cento honderd hundra hundrede",
    3: """k thousand tausend mille mil mila duizend tusen tusind tuhat tuhatta tysiąc tysiące tysięcy tisíc
        тысяч тысячи тысяча тисяч""",
    6: """m mn million millions millionen mio millones millón milioni milione milhões milhão miljoen mln
        miljon miljoner millioner miljoona miljoonaa milion miliony milionów milionu milionů milyon миллион
        миллиона миллионов мільйонів""",
    9: """bn b billion billions milliarden milliarde mrd milliards milliard miliardi miliardo bilhões bilhão
        miljard miljarder milliarder miljardi miljardia miliard miliardy miliardów miliarda miliardů milyar
        миллиард миллиарда миллиардов мільярдів""",
    12: "tn trillion trillions billionen billones billón biljoen bilioni",
}
# The power of ten of each word.
MAGNITUDES = {word: power for power, words in _POWERS.items() for word in words.split()}
# Languages in which a billion is 10¹².
LONG_SCALE_LANGUAGES = {"de", "fr", "es", "it", "nl", "sv", "da", "no", "nb", "fi", "pl", "cs"}

_PERCENT = """% percent prozent procent prosent prosenttia percento procenta процент процента процентов
    відсотків"""
PERCENT = frozenset(_PERCENT.split())
# Two words that mean percent. The second is required: "5 per day" is no percentage.
PERCENT_PHRASES = {"per": ("cent", "cento"), "pour": ("cent",), "por": ("ciento", "cento")}

_CURRENCIES = {
    "EUR": "€ eur euro euros евро",
    "USD": "$ usd dollar dollars dólares dólar dollari dollaro dolar dolarów долларов",
    "GBP": "£ gbp pound pounds pfund livres libras sterline",
    "JPY": "¥ yen jpy",
    "CHF": "franken chf francs franchi",
}
CURRENCIES = {word: code for code, words in _CURRENCIES.items() for word in words.split()}


def power_of_ten(word: str, language: str) -> int:
    """The power of ten by which this word multiplies a number; 0 for other words."""
    if language in LONG_SCALE_LANGUAGES and word in ("billion", "billions"):
        return 12
    return MAGNITUDES.get(word, 0)
