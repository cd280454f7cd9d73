"""The last way to sign in cannot be removed; a provider that signs nobody in any more is none."""

from uuid import UUID

import pytest
from audiobrew.account.home.accounts import HomeAccounts, NewPasskey, ProvidedIdentity, Role
from audiobrew.account.home.oidc import Oidc
from audiobrew.account.home.oidc_provider import OidcClient, OidcProvider
from audiobrew.account.home.passkeys import Passkeys
from sqlalchemy.ext.asyncio import AsyncEngine

ISSUER, EARLIER = "https://id.example", "https://earlier.example"
PASSKEY = NewPasskey(b"credential", b"key", 0, "Phone")


async def open_account(
    engine: AsyncEngine, issuer: str, *, password: str | None, passkey: NewPasskey | None
) -> UUID:
    accounts, identity = HomeAccounts(engine), ProvidedIdentity(issuer, "ada-17", "ada")
    code = await accounts.invite(Role.OWNER)
    account = await accounts.open_account(code, "Ada", password, passkey, identity)
    return account.listener


@pytest.mark.parametrize(("issuer", "is_removed"), [(ISSUER, True), (EARLIER, False)])
async def test_a_password_beside_a_provider(
    engine: AsyncEngine, issuer: str, is_removed: bool
) -> None:
    ada = await open_account(engine, issuer, password="hash", passkey=None)

    assert await HomeAccounts(engine, ISSUER).remove_password(ada) is is_removed


@pytest.mark.parametrize(("issuer", "is_removed"), [(ISSUER, True), (EARLIER, False)])
async def test_a_passkey_beside_a_provider(
    engine: AsyncEngine, issuer: str, is_removed: bool
) -> None:
    ada = await open_account(engine, issuer, password=None, passkey=PASSKEY)
    passkeys = Passkeys(engine, "https://brew.example.org", ISSUER)
    [stored] = await passkeys.list(ada)

    assert await passkeys.remove(ada, stored.id) is is_removed


@pytest.mark.parametrize(
    ("issuer", "password", "is_removed"),
    [(ISSUER, "hash", True), (ISSUER, None, False), (EARLIER, "hash", True)],
)
async def test_a_provider(
    engine: AsyncEngine, issuer: str, password: str | None, is_removed: bool
) -> None:
    ada = await open_account(engine, issuer, password=password, passkey=None)
    client = OidcClient(ISSUER, "brew", None, "Ledger House", "https://brew.example.org/dashboard")

    assert await Oidc(engine, OidcProvider(client)).disconnect(ada) is is_removed
