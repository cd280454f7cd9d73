"""Which content codings a client accepts."""

MAX_CODINGS = 20


def accepts(coding: str, accept_encoding: str) -> bool:
    """Whether an `Accept-Encoding` header allows a coding, such as `gzip` (RFC 9110, section 12.5.3)."""
    qualities: dict[str, float] = {}
    for item in accept_encoding.lower().split(",")[:MAX_CODINGS]:
        name, _, parameters = item.partition(";")
        _, _, quality = parameters.replace(" ", "").partition("q=")
        try:
            qualities[name.strip()] = float(quality) if quality else 1.0
        except ValueError:
            qualities[name.strip()] = 0.0
    return qualities.get(coding, qualities.get("*", 0.0)) > 0
