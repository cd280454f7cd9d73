"""FastAPI dependencies of accounts on a server of one's own."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from audiobrew.account.current_listener import Listener
from audiobrew.account.dependencies import IdentityDep
from audiobrew.account.home.identity import HomeIdentity, require_home
from audiobrew.http.client_address import client_network
from audiobrew.http.dependencies import SettingsDep


async def get_home(identity: IdentityDep) -> HomeIdentity:
    """Raises NotAHomeServer."""
    return require_home(identity)


async def require_owner(listener: Listener, identity: IdentityDep) -> UUID:
    """The listener, who owns this server. Raises NotAHomeServer, OwnerOnly."""
    await require_home(identity).accounts.require_owner(listener)
    return listener


async def get_address(request: Request, settings: SettingsDep) -> str:
    """The client's address, for limits."""
    return client_network(request.scope, settings.proxies, settings.client_address_header)


HomeDep = Annotated[HomeIdentity, Depends(get_home)]
Owner = Annotated[UUID, Depends(require_owner)]
AddressDep = Annotated[str, Depends(get_address)]
