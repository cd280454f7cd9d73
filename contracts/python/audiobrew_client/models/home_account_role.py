from typing import Literal

HomeAccountRole = Literal["listener", "owner"]

HOME_ACCOUNT_ROLE_VALUES: set[HomeAccountRole] = {
    "listener",
    "owner",
}


def check_home_account_role(value: str) -> HomeAccountRole:
    if value in HOME_ACCOUNT_ROLE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {HOME_ACCOUNT_ROLE_VALUES!r}")
