"""FastAPI dependencies of this room."""

from typing import Annotated, Protocol

from fastapi import Depends, Request

from audiobrew.account.deletion import AccountDeletion
from audiobrew.account.identity import Identity
from audiobrew.account.store import AccountStore


class Rollout(Protocol):
    """How far the move to another side of the service has come."""

    @property
    def percent(self) -> float: ...
    @property
    def salt(self) -> str: ...
    @property
    def kill(self) -> bool: ...


class Rollouts(Protocol):
    """Implemented by the `rollout` room, which comes after this one."""

    async def read_cached(self) -> Rollout | None:
        """None while there is one side only."""
        ...


async def get_accounts(request: Request) -> AccountStore:
    accounts: AccountStore = request.app.state.ports.accounts
    return accounts


async def get_account_deletion(request: Request) -> AccountDeletion:
    deletion: AccountDeletion = request.app.state.ports.account_deletion
    return deletion


async def get_identity(request: Request) -> Identity:
    identity: Identity = request.app.state.ports.identity
    return identity


async def get_rollouts(request: Request) -> Rollouts | None:
    """None without the `rollout` room."""
    rollouts: Rollouts | None = request.app.state.ports.rollouts
    return rollouts


AccountsDep = Annotated[AccountStore, Depends(get_accounts)]
AccountDeletionDep = Annotated[AccountDeletion, Depends(get_account_deletion)]
IdentityDep = Annotated[Identity, Depends(get_identity)]
RolloutsDep = Annotated[Rollouts | None, Depends(get_rollouts)]
