"""The cookie with which a browser proves that a sign-in at a provider is its own."""

from fastapi import Request, Response

from audiobrew.account.browser_session import cookie_name, set_cookie
from audiobrew.account.home.oidc import ATTEMPT_LIFETIME, ProviderAnswer
from audiobrew.account.home.schemas import ProviderSignIn

NAME = "audiobrew_provider"


def set_provider_cookie(request: Request, response: Response, secret: str) -> None:
    set_cookie(request, response, secret, ATTEMPT_LIFETIME, NAME)


def provider_answer(body: ProviderSignIn, request: Request) -> ProviderAnswer:
    """What the browser brought back, with the secret of its cookie."""
    secret = request.cookies.get(cookie_name(request, NAME))
    return ProviderAnswer(body.code, body.state, body.iss, secret)
