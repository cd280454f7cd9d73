"""Words for symbols that count in every language."""

from audiobrew.lang.language import complete_languages

# The words for the dot of an address, in lower case.
DOT_WORDS = sorted({language.symbols.dot.casefold() for language in complete_languages()})
