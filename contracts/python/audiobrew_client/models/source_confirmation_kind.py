from typing import Literal

SourceConfirmationKind = Literal["forwarding", "subscription"]

SOURCE_CONFIRMATION_KIND_VALUES: set[SourceConfirmationKind] = {
    "forwarding",
    "subscription",
}


def check_source_confirmation_kind(value: str) -> SourceConfirmationKind:
    if value in SOURCE_CONFIRMATION_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {SOURCE_CONFIRMATION_KIND_VALUES!r}")
