"""format=flowed (RFC 3676): lines that end in a space go on in the next one."""


def unflowed(text: str, delete_space: bool) -> str:
    """One line a paragraph; quotation marks `>` stay at its start."""
    paragraphs: list[str] = []
    flowing, depth_before = False, 0
    for line in text.split("\n"):
        depth, said = _quoted(line)
        if flowing and depth == depth_before and said != "-- ":
            paragraphs[-1] += said
        else:
            paragraphs.append(">" * depth + (" " if depth else "") + said)
        flowing = said.endswith(" ") and said != "-- "
        if flowing and delete_space:
            paragraphs[-1] = paragraphs[-1][:-1]
        depth_before = depth
    return "\n".join(paragraphs)


def _quoted(line: str) -> tuple[int, str]:
    """How often the line is quoted, and what it says without its space-stuffing."""
    said = line.lstrip(">")
    return len(line) - len(said), said.removeprefix(" ")
