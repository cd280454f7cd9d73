"""Words for symbols and abbreviations, by language (ISO 639-1). Other languages use those of `en`."""

DOT = {
    "en": "dot",
    "de": "Punkt",
    "fr": "point",
    "es": "punto",
    "it": "punto",
    "pt": "ponto",
    "nl": "punt",
}
AT = {
    "en": "at",
    "de": "at",
    "fr": "arobase",
    "es": "arroba",
    "it": "chiocciola",
    "pt": "arroba",
    "nl": "apenstaartje",
}
AND = {"en": "and", "de": "und", "fr": "et", "es": "y", "it": "e", "pt": "e", "nl": "en"}
TO = {"en": "to", "de": "bis", "fr": "à", "es": "a", "it": "a", "pt": "a", "nl": "tot"}
PERCENT = {"en": "percent", "de": "Prozent", "fr": "pour cent", "es": "por ciento", "it": "per cento", "pt": "por cento", "nl": "procent"}  # fmt: skip
NUMBER_SIGN = {"en": "number", "de": "Nummer", "fr": "numéro", "es": "número", "it": "numero", "pt": "número", "nl": "nummer"}  # fmt: skip

MAGNITUDES = {
    "en": {
        "k": "thousand",
        "m": "million",
        "M": "million",
        "bn": "billion",
        "B": "billion",
        "tn": "trillion",
    },
    "de": {"Mio": "Millionen", "Mrd": "Milliarden", "M": "Millionen", "bn": "Milliarden"},
    "fr": {"k": "mille", "M": "millions d'", "Md": "milliards d'"},
    "es": {"M": "millones de", "k": "mil"},
    "it": {"Mio": "milioni di", "M": "milioni di", "k": "mila"},
    "pt": {"M": "milhões de", "k": "mil"},
    "nl": {"mln": "miljoen", "M": "miljoen", "k": "duizend"},
}

# Unit symbols that follow a number, and their CLDR names.
UNITS = {
    "km/h": "speed-kilometer-per-hour",
    "mph": "speed-mile-per-hour",
    "km²": "area-square-kilometer",
    "m²": "area-square-meter",
    "km": "length-kilometer",
    "cm": "length-centimeter",
    "mm": "length-millimeter",
    "kg": "mass-kilogram",
    "°C": "temperature-celsius",
    "°F": "temperature-fahrenheit",
    "GB": "digital-gigabyte",
    "MB": "digital-megabyte",
    "TB": "digital-terabyte",
    "kWh": "energy-kilowatt-hour",
    "MW": "power-megawatt",
    "GW": "power-gigawatt",
    "kW": "power-kilowatt",
    "GHz": "frequency-gigahertz",
}

# How abbreviations are read aloud. Those of `*` apply to every language.
ABBREVIATIONS: dict[str, dict[str, str]] = {
    "*": {"24/7": "24 7"},
    "en": {"e.g.": "for example", "i.e.": "that is", "vs.": "versus", "vs": "versus", "etc.": "et cetera", "approx.": "about", "Dr.": "Doctor", "w/": "with"},
    "de": {"z. B.": "zum Beispiel", "z.B.": "zum Beispiel", "d. h.": "das heißt", "d.h.": "das heißt", "u. a.": "unter anderem", "u.a.": "unter anderem", "usw.": "und so weiter", "bzw.": "beziehungsweise", "ca.": "circa", "Dr.": "Doktor", "Mio.": "Millionen", "Mrd.": "Milliarden", "Nr.": "Nummer"},
    "fr": {"p. ex.": "par exemple", "etc.": "et cetera", "env.": "environ", "M.": "Monsieur", "Mme": "Madame", "n°": "numéro"},
    "es": {"p. ej.": "por ejemplo", "etc.": "etcétera", "Sr.": "señor", "Sra.": "señora", "EE. UU.": "Estados Unidos", "aprox.": "aproximadamente"},
    "it": {"ecc.": "eccetera", "ad es.": "ad esempio"},
    "nl": {"bijv.": "bijvoorbeeld", "enz.": "enzovoort"},
}  # fmt: skip
