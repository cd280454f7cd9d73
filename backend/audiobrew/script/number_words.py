"""Numbers, magnitudes, shares and currencies as words, in the languages that newsletters are told in."""

_UP_TO_TWELVE = (
    "zero one two three four five six seven eight nine ten eleven twelve",
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "zéro _ deux trois quatre cinq six sept huit neuf dix onze douze",
    "cero _ dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "zero _ due tre quattro cinque sei sette otto nove dieci undici dodici",
    "zero _ dois três quatro cinco seis sete oito nove dez onze doze",
    "nul _ twee drie vier vijf zes zeven acht negen tien elf twaalf",
)
_TENS = (
    "twenty thirty forty fifty sixty seventy eighty ninety",
    "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "vingt trente quarante cinquante soixante _ _ _",
    "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
)
NUMBERS = {
    word: str(number)
    for words in _UP_TO_TWELVE
    for number, word in enumerate(words.split())
    if word != "_"
} | {
    word: str(number)
    for words in _TENS
    for number, word in zip(range(20, 100, 10), words.split(), strict=True)
    if word != "_"
}
"""Only words that mean a number and nothing else; «one», «un» and «uno» as articles are left out."""
NUMBERS.pop("one")

MAGNITUDES = {
    **dict.fromkeys(("hundred", "hundert", "cent", "cien", "cento", "honderd"), "e2"),
    **dict.fromkeys(("k", "thousand", "tausend", "mille", "mil", "mila", "duizend"), "e3"),
    **dict.fromkeys(
        (
            "m",
            "mn",
            "million",
            "millions",
            "millionen",
            "mio",
            "millones",
            "millón",
            "milioni",
            "milione",
        )
        + ("milhões", "milhão", "miljoen", "mln"),
        "e6",
    ),
    **dict.fromkeys(
        (
            "bn",
            "b",
            "billion",
            "billions",
            "milliarden",
            "milliarde",
            "mrd",
            "milliards",
            "milliard",
        )
        + ("miliardi", "miliardo", "bilhões", "miljard"),
        "e9",
    ),
    **dict.fromkeys(("tn", "trillion", "trillions", "billionen"), "e12"),
}
PERCENT = {"%", "percent", "per", "prozent", "pour", "por", "procent"}
CURRENCIES = {
    **dict.fromkeys(("€", "eur", "euro", "euros"), "EUR"),
    **dict.fromkeys(("$", "usd", "dollar", "dollars", "dólares"), "USD"),
    **dict.fromkeys(("£", "gbp", "pound", "pounds", "pfund", "livres", "libras"), "GBP"),
    **dict.fromkeys(("¥", "yen", "jpy"), "JPY"),
    **dict.fromkeys(("franken", "chf", "francs"), "CHF"),
}
