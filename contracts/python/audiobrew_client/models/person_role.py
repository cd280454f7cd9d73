from typing import Literal

PersonRole = Literal["listener", "owner"]

PERSON_ROLE_VALUES: set[PersonRole] = {
    "listener",
    "owner",
}


def check_person_role(value: str) -> PersonRole:
    if value in PERSON_ROLE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {PERSON_ROLE_VALUES!r}")
