"""Remove comments from HTML and CSS in linear time."""


def strip_delimited(text: str, opening: str, closing: str, overlap: int = 0) -> str:
    """Remove everything from each `opening` to the next `closing`; an unclosed rest stays.

    `overlap` is how many characters the two delimiters may share, as in HTML's `<!-->`.
    """
    pieces, position = [], 0
    while (start := text.find(opening, position)) >= 0:
        end = text.find(closing, start + len(opening) - overlap)
        if end < 0:
            break
        pieces.append(text[position:start])
        position = end + len(closing)
    return "".join(pieces) + text[position:]
