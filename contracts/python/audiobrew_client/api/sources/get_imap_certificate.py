from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.mail_server import MailServer
from ...models.mail_server_certificate import MailServerCertificate
from ...models.problem_body import ProblemBody
from ...types import Response


def _get_kwargs(
    *,
    body: MailServer,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/sources/imap-certificate",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> MailServerCertificate | ProblemBody | None:
    if response.status_code == 200:
        response_200 = MailServerCertificate.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = ProblemBody.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = ProblemBody.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ProblemBody.from_dict(response.json())

        return response_403

    if response.status_code == 408:
        response_408 = ProblemBody.from_dict(response.json())

        return response_408

    if response.status_code == 413:
        response_413 = ProblemBody.from_dict(response.json())

        return response_413

    if response.status_code == 422:
        response_422 = ProblemBody.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = ProblemBody.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = ProblemBody.from_dict(response.json())

        return response_500

    if response.status_code == 503:
        response_503 = ProblemBody.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[MailServerCertificate | ProblemBody]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: MailServer,
) -> Response[MailServerCertificate | ProblemBody]:
    """Get the certificate that a mail server shows, to decide whether you trust it

     Get the certificate that a mail server shows, to decide whether you trust it.

    A server in your own network, such as Proton Mail Bridge, may have a certificate that is not valid
    for its
    name. Compare the fingerprint with the one that the server itself says it has. No password is sent.

    Args:
        body (MailServer): A mail server, and how its connections are encrypted.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MailServerCertificate | ProblemBody]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: MailServer,
) -> MailServerCertificate | ProblemBody | None:
    """Get the certificate that a mail server shows, to decide whether you trust it

     Get the certificate that a mail server shows, to decide whether you trust it.

    A server in your own network, such as Proton Mail Bridge, may have a certificate that is not valid
    for its
    name. Compare the fingerprint with the one that the server itself says it has. No password is sent.

    Args:
        body (MailServer): A mail server, and how its connections are encrypted.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MailServerCertificate | ProblemBody
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: MailServer,
) -> Response[MailServerCertificate | ProblemBody]:
    """Get the certificate that a mail server shows, to decide whether you trust it

     Get the certificate that a mail server shows, to decide whether you trust it.

    A server in your own network, such as Proton Mail Bridge, may have a certificate that is not valid
    for its
    name. Compare the fingerprint with the one that the server itself says it has. No password is sent.

    Args:
        body (MailServer): A mail server, and how its connections are encrypted.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MailServerCertificate | ProblemBody]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: MailServer,
) -> MailServerCertificate | ProblemBody | None:
    """Get the certificate that a mail server shows, to decide whether you trust it

     Get the certificate that a mail server shows, to decide whether you trust it.

    A server in your own network, such as Proton Mail Bridge, may have a certificate that is not valid
    for its
    name. Compare the fingerprint with the one that the server itself says it has. No password is sent.

    Args:
        body (MailServer): A mail server, and how its connections are encrypted.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MailServerCertificate | ProblemBody
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
