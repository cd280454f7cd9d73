from typing import Literal

Outcome = Literal["contradicted", "not_in_source", "replaced", "supported"]

OUTCOME_VALUES: set[Outcome] = {
    "contradicted",
    "not_in_source",
    "replaced",
    "supported",
}


def check_outcome(value: str) -> Outcome:
    if value in OUTCOME_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {OUTCOME_VALUES!r}")
