"""Accounts of a server of one's own: open one, sign in, and manage the ways to sign in."""

from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response, status

from audiobrew.account.browser_session import (
    cookie_of,
    refuse_other_origins,
    set_cookie,
)
from audiobrew.account.current_listener import Listener
from audiobrew.account.dependencies import AccountDeletionDep
from audiobrew.account.home.accounts import (
    INVITATION_LIFETIME,
    IdentityTaken,
    InvitationNotFound,
    InvitationRefused,
    NameTaken,
    OwnerOnly,
    PersonNotFound,
    Role,
    TooManyInvitations,
)
from audiobrew.account.home.client_name import client_name
from audiobrew.account.home.dependencies import AddressDep, HomeDep, Owner
from audiobrew.account.home.guess_limits import TooManyGuesses
from audiobrew.account.home.identity import (
    HomeIdentity,
    LastWayToSignIn,
    NotAHomeServer,
    NoWayToSignIn,
    WrongNameOrPassword,
)
from audiobrew.account.home.names import NameRefused, clean_name
from audiobrew.account.home.oidc_problems import (
    NoProvider,
    ProviderRefused,
    ProviderUnavailable,
)
from audiobrew.account.home.passkey_problems import PasskeyNotFound, PasskeyRefused, TooManyPasskeys
from audiobrew.account.home.passwords import WeakPassword
from audiobrew.account.home.provider_cookie import provider_answer
from audiobrew.account.home.schemas import (
    HomeAccount,
    Invitation,
    InvitationCode,
    InvitationDetails,
    InvitationRequest,
    NewAccount,
    NewAccountName,
    NewInvitation,
    NewPasskey,
    Passkey,
    PasskeyOptions,
    PasskeySignIn,
    PasswordChange,
    PasswordSignIn,
    Person,
    SignedInBrowser,
    SignInLink,
)
from audiobrew.account.local import CODE_LIFETIME
from audiobrew.account.schemas import CurrentSession
from audiobrew.account.user_schemas import UserDeleted
from audiobrew.http.body_limit import LimitedRoute
from audiobrew.http.dependencies import SettingsDep
from audiobrew.problems import ForgedRequest, SignInNeeded, problems

REMOVAL_MESSAGE = (
    "The account is being deleted, with its mails, episodes and feeds. It takes a minute or two."
)
router = APIRouter(route_class=LimitedRoute, prefix="/api/home", tags=["accounts"])
public_problems = (NotAHomeServer, ForgedRequest)
own_problems = (SignInNeeded, NotAHomeServer)
owner_problems = (*own_problems, OwnerOnly)


# -- A new account -----------------------------------------------------------------------------


@router.post("/invitation", responses=problems(*public_problems, InvitationRefused))
async def open_invitation(
    body: InvitationCode, request: Request, home: HomeDep
) -> InvitationDetails:
    """Look at an invitation without using it up."""
    refuse_other_origins(request)
    invitation = await home.accounts.invitation(body.code)
    return InvitationDetails(role=invitation.role.value, expires_at=invitation.expires_at)


@router.post(
    "/accounts/passkey-options",
    responses=problems(*public_problems, InvitationRefused, NameRefused, NameTaken),
)
async def begin_account_passkey(
    body: NewAccountName, request: Request, home: HomeDep
) -> PasskeyOptions:
    """Get what the browser needs to create the passkey of a new account."""
    refuse_other_origins(request)
    invitation = await home.accounts.invitation(body.code)
    if await home.accounts.find_by_name(body.name):
        raise NameTaken  # before the browser makes a passkey that never works
    options = await home.passkeys.registration_options(
        account_purpose(invitation.id), clean_name(body.name)
    )
    return PasskeyOptions(options=options)


@router.post(
    "/accounts",
    status_code=status.HTTP_201_CREATED,
    responses=problems(
        *public_problems,
        *(InvitationRefused, NameRefused, NameTaken, NoWayToSignIn, WeakPassword, PasskeyRefused),
        *(NoProvider, ProviderRefused, ProviderUnavailable, IdentityTaken),
    ),
)
async def create_account(
    body: NewAccount, request: Request, response: Response, home: HomeDep
) -> CurrentSession:
    """Use an invitation: create an account, and sign in to it."""
    refuse_other_origins(request)
    passkey = identity = None
    invitation = await home.accounts.invitation(body.code)
    if body.provider is not None:
        answer = provider_answer(body.provider, request)
        identity = await home.require_oidc().finish(account_purpose(invitation.id), answer)
    if body.passkey is not None:
        passkey = await home.passkeys.verify_new(
            account_purpose(invitation.id), body.passkey, body.passkey_name or _client(request)
        )
    account = await home.open_account(body.code, body.name, body.password, passkey, identity)
    return await begin_session(account.listener, request, response, home)


# -- Sign-in -----------------------------------------------------------------------------------


@router.post(
    "/session/password",
    status_code=status.HTTP_201_CREATED,
    responses=problems(*public_problems, WrongNameOrPassword, TooManyGuesses),
)
async def sign_in_with_password(
    body: PasswordSignIn,
    request: Request,
    response: Response,
    home: HomeDep,
    address: AddressDep,
) -> CurrentSession:
    """Sign in by name and password."""
    refuse_other_origins(request)
    listener = await home.check_password(body.name, body.password, address)
    return await begin_session(listener, request, response, home)


@router.post("/session/passkey-options", responses=problems(*public_problems))
async def begin_passkey_sign_in(request: Request, home: HomeDep) -> PasskeyOptions:
    """Get what the browser needs to sign in with a passkey."""
    refuse_other_origins(request)
    return PasskeyOptions(options=await home.passkeys.sign_in_options())


@router.post(
    "/session/passkey",
    status_code=status.HTTP_201_CREATED,
    responses=problems(*public_problems, PasskeyRefused),
)
async def sign_in_with_passkey(
    body: PasskeySignIn, request: Request, response: Response, home: HomeDep
) -> CurrentSession:
    """Sign in with a passkey."""
    refuse_other_origins(request)
    listener = await home.passkeys.sign_in(body.passkey)
    return await begin_session(listener, request, response, home)


# -- The own account ---------------------------------------------------------------------------


@router.get("/account", responses=problems(*own_problems, PersonNotFound))
async def get_home_account(listener: Listener, request: Request, home: HomeDep) -> HomeAccount:
    """Get your account on this server: its ways to sign in, and where it is signed in."""
    return await account_of(listener, request, home)


@router.put(
    "/account/password",
    responses=problems(
        *own_problems,
        *(PersonNotFound, WrongNameOrPassword, TooManyGuesses, WeakPassword, LastWayToSignIn),
    ),
)
async def change_password(
    body: PasswordChange,
    listener: Listener,
    request: Request,
    home: HomeDep,
    address: AddressDep,
) -> HomeAccount:
    """Set, change or remove your password. All your other sessions end."""
    await home.change_password(listener, body.current, body.new, address)
    await home.end_other_sessions(listener, cookie_of(request))
    return await account_of(listener, request, home)


@router.post(
    "/account/passkey-options",
    responses=problems(*own_problems, PersonNotFound),
)
async def begin_passkey(listener: Listener, home: HomeDep) -> PasskeyOptions:
    """Get what the browser needs to create another passkey."""
    account = await home.require_account(listener)
    options = await home.passkeys.registration_options(
        f"passkey {listener}", account.name, listener
    )
    return PasskeyOptions(options=options)


@router.post(
    "/account/passkeys",
    status_code=status.HTTP_201_CREATED,
    responses=problems(*own_problems, PersonNotFound, PasskeyRefused, TooManyPasskeys),
)
async def add_passkey(
    body: NewPasskey, listener: Listener, request: Request, home: HomeDep
) -> HomeAccount:
    """Add a passkey to your account."""
    name = body.name or _client(request)
    passkey = await home.passkeys.verify_new(f"passkey {listener}", body.passkey, name)
    await home.passkeys.add(listener, passkey)
    return await account_of(listener, request, home)


@router.delete(
    "/account/passkeys/{id}",
    responses=problems(*own_problems, PersonNotFound, PasskeyNotFound, LastWayToSignIn),
)
async def remove_passkey(
    id: UUID, listener: Listener, request: Request, home: HomeDep
) -> HomeAccount:
    """Remove a passkey. The only way to sign in to an account cannot be removed."""
    await home.remove_passkey(listener, id)
    return await account_of(listener, request, home)


@router.delete("/account/sessions/{id}", responses=problems(*own_problems, PersonNotFound))
async def sign_out_browser(
    id: UUID, listener: Listener, request: Request, home: HomeDep
) -> HomeAccount:
    """Sign a browser out. Ending a session that does not exist is not an error."""
    await home.end_session(listener, id)
    return await account_of(listener, request, home)


# -- The people on this server -----------------------------------------------------------------


@router.get("/people", responses=problems(*owner_problems))
async def list_people(owner: Owner, home: HomeDep) -> list[Person]:
    """List who has an account on this server. For its owner."""
    return [
        Person(
            id=account.listener,
            name=account.name,
            role=account.role.value,
            created_at=account.created_at,
        )
        for account in await home.accounts.list()
    ]


@router.delete(
    "/people/{id}",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(*owner_problems, PersonNotFound),
)
async def remove_person(
    id: UUID, owner: Owner, home: HomeDep, deletion: AccountDeletionDep
) -> UserDeleted:
    """Remove somebody, with all their newsletters, episodes and feeds. For the owner of this server, who can
    delete the own account under `/api/user`."""
    if id == owner:
        raise PersonNotFound
    await home.require_account(id)
    await deletion.begin(id)
    return UserDeleted(message=REMOVAL_MESSAGE)


@router.post(
    "/people/{id}/sign-in-link",
    status_code=status.HTTP_201_CREATED,
    responses=problems(*owner_problems, PersonNotFound),
)
async def create_sign_in_link(
    id: UUID, owner: Owner, home: HomeDep, settings: SettingsDep
) -> SignInLink:
    """Create a one-time link for somebody who lost every way to sign in. For the owner of this server."""
    account = await home.require_account(id)
    code = await home.issue_code(account.listener)
    return SignInLink(
        link=f"{settings.public_url}/dashboard#code={code}",
        expires_at=datetime.now(UTC) + CODE_LIFETIME,
    )


@router.get("/invitations", responses=problems(*owner_problems))
async def list_invitations(owner: Owner, home: HomeDep) -> list[Invitation]:
    """List your invitations that nobody used yet. For the owner of this server."""
    return [
        Invitation(
            id=invitation.id,
            note=invitation.note,
            created_at=invitation.created_at,
            expires_at=invitation.expires_at,
        )
        for invitation in await home.accounts.open_invitations(owner)
    ]


@router.post(
    "/invitations",
    status_code=status.HTTP_201_CREATED,
    responses=problems(*owner_problems, TooManyInvitations),
)
async def create_invitation(
    body: InvitationRequest, owner: Owner, home: HomeDep, settings: SettingsDep
) -> NewInvitation:
    """Invite somebody: create a link that opens one account. For the owner of this server."""
    code = await home.accounts.invite(Role.LISTENER, body.note, owner)
    return NewInvitation(
        link=join_link(settings.public_url, code),
        expires_at=datetime.now(UTC) + INVITATION_LIFETIME,
    )


@router.delete(
    "/invitations/{id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(*owner_problems, InvitationNotFound),
)
async def withdraw_invitation(id: UUID, owner: Owner, home: HomeDep) -> None:
    """Withdraw an invitation. For the owner of this server."""
    await home.accounts.withdraw(owner, id)


def join_link(public_url: str | None, code: str) -> str:
    """The code is in the fragment, which browsers do not send and so no server logs."""
    return f"{public_url}/dashboard#invitation={code}"


def account_purpose(invitation: UUID) -> str:
    """What a passkey, or a sign-in at a provider, was begun for: a new account."""
    return f"account {invitation}"


async def begin_session(
    listener: UUID, request: Request, response: Response, home: HomeIdentity
) -> CurrentSession:
    """Begin a session in the browser's cookie. An earlier session of the browser ends."""
    if old_cookie := cookie_of(request):
        await home.end_browser_session(old_cookie)
    session = await home.add_browser_session(listener, _client(request))
    set_cookie(request, response, session.cookie, home.session_lifetime)
    return CurrentSession(
        user_id=session.listener, expires_at=session.expires_at, csrf_token=session.csrf_token
    )


async def account_of(listener: UUID, request: Request, home: HomeIdentity) -> HomeAccount:
    account = await home.require_account(listener)
    current = cookie_of(request)
    identity = await home.oidc.connected(listener) if home.oidc else None
    return HomeAccount(
        name=account.name,
        role=account.role.value,
        has_password=account.password is not None,
        passkeys=[
            Passkey(
                id=passkey.id,
                name=passkey.name,
                created_at=passkey.created_at,
                used_at=passkey.used_at,
            )
            for passkey in await home.passkeys.list(listener)
        ],
        provider_name=identity.name if identity else None,
        sessions=[
            SignedInBrowser(
                id=session.id,
                client=session.client or "",
                created_at=session.created_at,
                current=home.is_session(session, current),
            )
            for session in await home.sessions(listener)
        ],
    )


def _client(request: Request) -> str:
    return client_name(request.headers.get("user-agent", ""))
