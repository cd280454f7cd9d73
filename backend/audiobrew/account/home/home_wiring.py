"""Creates the sign-in of a server of one's own."""

from contextlib import AsyncExitStack

from sqlalchemy.ext.asyncio import AsyncEngine

from audiobrew.account.home.accounts import HomeAccounts
from audiobrew.account.home.identity import HomeIdentity
from audiobrew.account.home.oidc import Oidc
from audiobrew.account.home.passkeys import Passkeys
from audiobrew.account.listener_store import ListenerStore
from audiobrew.settings import Settings


def create_home_identity(
    settings: Settings, database: AsyncEngine, listeners: ListenerStore, stack: AsyncExitStack
) -> HomeIdentity:
    assert settings.public_url
    return HomeIdentity(
        listeners,
        HomeAccounts(database, settings.oidc_issuer),
        Passkeys(database, settings.public_url, settings.oidc_issuer),
        create_oidc(settings, database, stack),
        settings.session_days,
        settings.session_idle_days,
    )


def create_oidc(settings: Settings, database: AsyncEngine, stack: AsyncExitStack) -> Oidc | None:
    """The sign-in at another provider, which a server of one's own may have."""
    if settings.oidc_issuer is None:
        return None
    from audiobrew.account.home.oidc_provider import OidcClient, OidcProvider

    assert settings.oidc_client_id
    secret = settings.oidc_client_secret
    client = OidcClient(
        settings.oidc_issuer,
        settings.oidc_client_id,
        secret.get_secret_value() if secret else None,
        settings.oidc_label,
        f"{settings.public_url}/dashboard",
    )
    provider = OidcProvider(client)
    stack.push_async_callback(provider.aclose)
    return Oidc(database, provider)
