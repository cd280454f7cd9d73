from typing import Literal

BlockKind = Literal["heading", "list_item", "paragraph", "quotation", "table_row"]

BLOCK_KIND_VALUES: set[BlockKind] = {
    "heading",
    "list_item",
    "paragraph",
    "quotation",
    "table_row",
}


def check_block_kind(value: str) -> BlockKind:
    if value in BLOCK_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {BLOCK_KIND_VALUES!r}")
