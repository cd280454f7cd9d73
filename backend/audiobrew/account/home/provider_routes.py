"""Sign-in at an OpenID Connect provider: begin it, and use the answer that the browser brings back."""

from uuid import UUID

from fastapi import APIRouter, Request, Response, status

from audiobrew.account.browser_session import refuse_other_origins
from audiobrew.account.current_listener import Listener
from audiobrew.account.home.accounts import (
    IdentityTaken,
    InvitationRefused,
    NameTaken,
    PersonNotFound,
)
from audiobrew.account.home.dependencies import HomeDep
from audiobrew.account.home.identity import HomeIdentity, LastWayToSignIn
from audiobrew.account.home.names import NameRefused, clean_name
from audiobrew.account.home.oidc import SIGN_IN_PURPOSE
from audiobrew.account.home.oidc_problems import (
    AlreadyConnected,
    IdentityNotFound,
    NobodyHere,
    NoProvider,
    ProviderRefused,
    ProviderUnavailable,
)
from audiobrew.account.home.provider_cookie import provider_answer, set_provider_cookie
from audiobrew.account.home.routes import (
    account_of,
    account_purpose,
    begin_session,
    own_problems,
    public_problems,
)
from audiobrew.account.home.schemas import (
    HomeAccount,
    NewAccountName,
    ProviderAddress,
    ProviderSignIn,
)
from audiobrew.account.schemas import CurrentSession
from audiobrew.http.body_limit import LimitedRoute
from audiobrew.problems import problems

router = APIRouter(route_class=LimitedRoute, prefix="/api/home", tags=["accounts"])
provider_problems = (NoProvider, ProviderUnavailable)


@router.post("/session/provider-address", responses=problems(*public_problems, *provider_problems))
async def begin_provider_sign_in(
    request: Request, response: Response, home: HomeDep
) -> ProviderAddress:
    """Get where the browser signs in at the OpenID Connect provider of this server."""
    refuse_other_origins(request)
    return await _provider_address(SIGN_IN_PURPOSE, request, response, home)


@router.post(
    "/session/provider",
    status_code=status.HTTP_201_CREATED,
    responses=problems(*public_problems, *provider_problems, ProviderRefused, NobodyHere),
)
async def sign_in_at_provider(
    body: ProviderSignIn, request: Request, response: Response, home: HomeDep
) -> CurrentSession:
    """Sign in with the answer of the OpenID Connect provider."""
    refuse_other_origins(request)
    listener = await home.require_oidc().sign_in(provider_answer(body, request))
    return await begin_session(listener, request, response, home)


@router.post(
    "/accounts/provider-address",
    responses=problems(
        *public_problems, *provider_problems, InvitationRefused, NameRefused, NameTaken
    ),
)
async def begin_account_at_provider(
    body: NewAccountName, request: Request, response: Response, home: HomeDep
) -> ProviderAddress:
    """Get where the browser signs in at the provider, to create an account with it."""
    refuse_other_origins(request)
    invitation = await home.accounts.invitation(body.code)
    clean_name(body.name)
    if await home.accounts.find_by_name(body.name):
        raise NameTaken  # before the browser leaves the page
    return await _provider_address(account_purpose(invitation.id), request, response, home)


@router.post(
    "/account/provider-address",
    responses=problems(*own_problems, *provider_problems, PersonNotFound),
)
async def begin_provider_connection(
    listener: Listener, request: Request, response: Response, home: HomeDep
) -> ProviderAddress:
    """Get where the browser signs in at the provider, to connect your account with it."""
    await home.require_account(listener)
    return await _provider_address(connection_purpose(listener), request, response, home)


@router.put(
    "/account/provider",
    responses=problems(
        *own_problems,
        *provider_problems,
        *(PersonNotFound, ProviderRefused, AlreadyConnected, IdentityTaken),
    ),
)
async def connect_provider(
    body: ProviderSignIn, listener: Listener, request: Request, home: HomeDep
) -> HomeAccount:
    """Connect your account with your account at the OpenID Connect provider, to sign in with it."""
    answer = provider_answer(body, request)
    identity = await home.require_oidc().finish(connection_purpose(listener), answer)
    await home.connect_provider(listener, identity)
    return await account_of(listener, request, home)


@router.delete(
    "/account/provider",
    responses=problems(
        *own_problems, NoProvider, PersonNotFound, IdentityNotFound, LastWayToSignIn
    ),
)
async def disconnect_provider(listener: Listener, request: Request, home: HomeDep) -> HomeAccount:
    """No longer sign in at the OpenID Connect provider. The only way to sign in cannot be removed."""
    await home.disconnect_provider(listener)
    return await account_of(listener, request, home)


def connection_purpose(listener: UUID) -> str:
    return f"provider of {listener}"


async def _provider_address(
    purpose: str, request: Request, response: Response, home: HomeIdentity
) -> ProviderAddress:
    """Also sets the cookie with which this browser proves that the sign-in is its own."""
    url, secret = await home.require_oidc().begin(purpose)
    set_provider_cookie(request, response, secret)
    return ProviderAddress(url=url)
