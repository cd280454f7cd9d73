from typing import Literal

InvitationDetailsRole = Literal["listener", "owner"]

INVITATION_DETAILS_ROLE_VALUES: set[InvitationDetailsRole] = {
    "listener",
    "owner",
}


def check_invitation_details_role(value: str) -> InvitationDetailsRole:
    if value in INVITATION_DETAILS_ROLE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {INVITATION_DETAILS_ROLE_VALUES!r}")
