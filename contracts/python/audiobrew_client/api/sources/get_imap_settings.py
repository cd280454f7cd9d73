from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.imap_settings import ImapSettings
from ...models.problem_body import ProblemBody
from ...types import UNSET, Response


def _get_kwargs(
    *,
    address: str,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["address"] = address

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/sources/imap-settings",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ImapSettings | ProblemBody | None:
    if response.status_code == 200:
        response_200 = ImapSettings.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = ProblemBody.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ProblemBody.from_dict(response.json())

        return response_403

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
) -> Response[ImapSettings | ProblemBody]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    address: str,
) -> Response[ImapSettings | ProblemBody]:
    """Get the mail server of an address's provider, and what to do there first

     Get the mail server of an address's provider, and what to do there first.

    Args:
        address (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ImapSettings | ProblemBody]
    """

    kwargs = _get_kwargs(
        address=address,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    address: str,
) -> ImapSettings | ProblemBody | None:
    """Get the mail server of an address's provider, and what to do there first

     Get the mail server of an address's provider, and what to do there first.

    Args:
        address (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ImapSettings | ProblemBody
    """

    return sync_detailed(
        client=client,
        address=address,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    address: str,
) -> Response[ImapSettings | ProblemBody]:
    """Get the mail server of an address's provider, and what to do there first

     Get the mail server of an address's provider, and what to do there first.

    Args:
        address (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ImapSettings | ProblemBody]
    """

    kwargs = _get_kwargs(
        address=address,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    address: str,
) -> ImapSettings | ProblemBody | None:
    """Get the mail server of an address's provider, and what to do there first

     Get the mail server of an address's provider, and what to do there first.

    Args:
        address (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ImapSettings | ProblemBody
    """

    return (
        await asyncio_detailed(
            client=client,
            address=address,
        )
    ).parsed
