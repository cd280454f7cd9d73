"""Join the lines of text in format=flowed (RFC 3676): a line that ends in a space continues."""

_SIGNATURE = "-- "


def join_flowed_lines(text: str, delete_space: bool) -> str:
    """One line per paragraph. Quotation marks (`>`) stay at its start.

    `delete_space` is the parameter DelSp: the space at the end of a continued line is removed.
    """
    pieces: list[str] = []
    continues, previous_depth = False, 0
    for line in text.split("\n"):
        unquoted = line.lstrip(">")
        depth = len(line) - len(unquoted)
        content = unquoted.removeprefix(" ")  # space-stuffing
        if not (continues and depth == previous_depth and content != _SIGNATURE):
            pieces.append(f"\n{'>' * depth}{' ' if depth else ''}")
        continues, previous_depth = content.endswith(" ") and content != _SIGNATURE, depth
        pieces.append(content[:-1] if continues and delete_space else content)
    return "".join(pieces).removeprefix("\n")
