"""A listener's own account: read it, change its preferences, delete it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, status

from audiobrew.account.current_listener import Listener
from audiobrew.account.dependencies import AccountDeletionDep, AccountsDep
from audiobrew.account.identity import NotYours
from audiobrew.account.store import Account
from audiobrew.account.user_schemas import (
    DELETION_MESSAGE,
    Preferences,
    User,
    UserDeleted,
    UserPatch,
)
from audiobrew.http.body_limit import LimitedRoute
from audiobrew.http.dependencies import SettingsDep
from audiobrew.problems import SignInNeeded, problems
from audiobrew.script.dependencies import WriterDep
from audiobrew.script.order_limits import CannotTranslate, MinutesOutOfRange, OrderLimits

router = APIRouter(
    route_class=LimitedRoute,
    prefix="/api/user/{user_id}",
    tags=["account"],
    responses=problems(SignInNeeded, NotYours),
)


async def require_own_account(user_id: UUID, listener: Listener) -> UUID:
    """Raises NotYours."""
    if user_id != listener:
        raise NotYours
    return listener


OwnAccount = Annotated[UUID, Depends(require_own_account)]


@router.get("")
async def get_user(listener: OwnAccount, accounts: AccountsDep) -> User:
    """Get your account and its preferences."""
    return _user(await accounts.get(listener))


@router.patch("", responses=problems(SignInNeeded, NotYours, MinutesOutOfRange, CannotTranslate))
async def change_user(
    listener: OwnAccount,
    body: UserPatch,
    accounts: AccountsDep,
    settings: SettingsDep,
    writer: WriterDep,
) -> User:
    """Change your preferences. Omitted preferences stay unchanged."""
    changes = body.preferences.to_stored()
    stored = (await accounts.get(listener)).preferences
    preferences = Preferences.of(stored | changes)
    OrderLimits.of(settings, writer).check(preferences.minutes, preferences.language)
    await accounts.change_preferences(listener, changes)
    return _user(await accounts.get(listener))


@router.delete("", status_code=status.HTTP_202_ACCEPTED)
async def delete_user(listener: OwnAccount, deletion: AccountDeletionDep) -> UserDeleted:
    """Delete your account and everything in it, permanently. Your token becomes invalid at once."""
    await deletion.begin(listener)
    return UserDeleted(message=DELETION_MESSAGE)


def _user(account: Account) -> User:
    return User(
        id=account.id,
        created_at=account.created_at,
        preferences=Preferences.of(account.preferences),
        mailbox_connected=account.mailbox,
    )
