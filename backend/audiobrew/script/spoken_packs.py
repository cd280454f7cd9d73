"""Several packs of one size, as recipes list them: `2 x 400 g tins`."""

import re

from audiobrew.lang.number_spelling import spell_count
from audiobrew.script.unit_forms import bare_form

_PACKS = re.compile(
    r"(?<![\w.,/])(?P<count>[1-9]|1\d)\s?[x×]\s?(?P<size>\d{1,4}(?:\.\d{1,2})?)\s?(?P<unit>g|kg|ml|cl|l|oz|lb|cm)\s"
    r"(?=(?:[a-z]{2,12}\s)?(?:tin|can|jar|pack|packet|bag|bottle|carton|block|ball|fillet|sachet|pouche|boxe|steak|tub|piece"
    r"|loave|slice|sheet|square|tray|chunk)s?\b)"
)


def speak_packs(text: str) -> str:
    """`2 x 400 g tins` as `two 400-gram tins`."""
    return _PACKS.sub(
        lambda match: (
            f"{spell_count(int(match['count']), 'en')} {match['size']}-{bare_form(match['unit'], 'en')} "
        ),
        text,
    )
