"""Where mail providers deliver mails to own addresses. Not a part of the contract: the providers define what
they send."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request

from audiobrew.http.body_limit import LimitedRoute, body_limit
from audiobrew.http.client_address import client_network
from audiobrew.http.dependencies import SettingsDep
from audiobrew.sources.address.inbound import Inbound, delivery_limit

router = APIRouter(route_class=LimitedRoute, prefix="/api/inbound", include_in_schema=False)


async def get_inbound(request: Request) -> Inbound:
    inbound: Inbound = request.app.state.ports.inbound
    return inbound


# Mailgun delivers whole mails to addresses that end in "mime" only.
@router.post("/{provider}")
@router.post("/{provider}/mime")
@body_limit(delivery_limit)
async def receive_mail(
    provider: str,
    request: Request,
    settings: SettingsDep,
    inbound: Annotated[Inbound, Depends(get_inbound)],
) -> dict[str, str]:
    """Receive a mail from a provider. Any result with status 200 is final."""
    headers = dict(request.headers)
    network = client_network(request.scope, settings.proxies, settings.client_address_header)
    return {"result": await inbound.receive(provider, headers, request.stream(), network)}
