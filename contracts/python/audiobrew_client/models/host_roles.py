from typing import Literal

HostRoles = Literal["first_asks", "second_asks", "shared"]

HOST_ROLES_VALUES: set[HostRoles] = {
    "first_asks",
    "second_asks",
    "shared",
}


def check_host_roles(value: str) -> HostRoles:
    if value in HOST_ROLES_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {HOST_ROLES_VALUES!r}")
