"""What can be wrong with a sign-in at an OpenID Connect provider."""

from http import HTTPStatus
from types import MappingProxyType

from audiobrew.problems import Problem


class NoProvider(Problem):
    """This server signs nobody in at another provider. AUDIOBREW_OIDC_ISSUER names one."""

    type = "no-provider"
    status = HTTPStatus.CONFLICT


class ProviderRefused(Problem):
    """The provider did not sign you in, or its answer came too late. Try again."""

    type = "provider-refused"
    status = HTTPStatus.FORBIDDEN


class ProviderUnavailable(Problem):
    """The provider that signs you in does not answer as it should. Try again later, or sign in another
    way."""

    type = "provider-unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = MappingProxyType({"Retry-After": "10"})


class NobodyHere(Problem):
    """The provider knows you, but no account on this server belongs to you there. If you have one here, sign
    in another way and connect the two under Profile. Otherwise ask the owner for an invitation."""

    type = "nobody-here"
    status = HTTPStatus.FORBIDDEN


class IdentityNotFound(Problem):
    """Your account is not connected to the provider."""

    type = "identity-not-found"
    status = HTTPStatus.NOT_FOUND


class AlreadyConnected(Problem):
    """Your account is connected to the provider already. Disconnect it first."""

    type = "already-connected"
    status = HTTPStatus.CONFLICT
