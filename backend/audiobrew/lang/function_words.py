"""Function words: articles, prepositions, pronouns and the like, which name nothing."""

from audiobrew.lang.language import complete_languages

# Those of all languages.
FUNCTION_WORDS = frozenset(
    word for language in complete_languages() for word in language.sentences.function_words
)
