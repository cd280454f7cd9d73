"""BCP 47 tags of languages."""


def base_code(tag: str) -> str:
    """The language of a BCP 47 tag, without its region: `pt` of `pt-BR`."""
    return tag.lower().replace("_", "-").split("-")[0]
