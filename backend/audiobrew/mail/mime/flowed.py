"""format=flowed (RFC 3676): lines that end in a space go on in the next one."""

_SIGNATURE = "-- "


def join_flowed_lines(text: str, delete_space: bool) -> str:
    """One line a paragraph; quotation marks `>` stay at its start."""
    pieces: list[str] = []
    flowing, depth_before = False, 0
    for line in text.split("\n"):
        depth, said = _quoted(line)
        if not (flowing and depth == depth_before and said != _SIGNATURE):
            pieces.append(f"\n{'>' * depth}{' ' if depth else ''}")
        flowing, depth_before = said.endswith(" ") and said != _SIGNATURE, depth
        pieces.append(said[:-1] if flowing and delete_space else said)
    return "".join(pieces).removeprefix("\n")


def _quoted(line: str) -> tuple[int, str]:
    """How often the line is quoted, and what it says without its space-stuffing."""
    said = line.lstrip(">")
    return len(line) - len(said), said.removeprefix(" ")
