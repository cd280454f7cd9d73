from http import HTTPStatus
from io import BytesIO
from typing import Any, cast
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem_body import ProblemBody
from ...types import File, Response


def _get_kwargs(
    token: str,
    episode: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/feed/{token}/{episode}.png".format(
            token=quote(str(token), safe=""),
            episode=quote(str(episode), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | File | ProblemBody | None:
    if response.status_code == 200:
        response_200 = File(payload=BytesIO(response.content))

        return response_200

    if response.status_code == 304:
        response_304 = cast(Any, None)
        return response_304

    if response.status_code == 403:
        response_403 = ProblemBody.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = ProblemBody.from_dict(response.json())

        return response_404

    if response.status_code == 410:
        response_410 = ProblemBody.from_dict(response.json())

        return response_410

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
) -> Response[Any | File | ProblemBody]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    token: str,
    episode: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Any | File | ProblemBody]:
    """Get an episode's cover, which is drawn from its id

     Get an episode's cover, which is drawn from its id.

    Args:
        token (str):
        episode (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | File | ProblemBody]
    """

    kwargs = _get_kwargs(
        token=token,
        episode=episode,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    token: str,
    episode: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Any | File | ProblemBody | None:
    """Get an episode's cover, which is drawn from its id

     Get an episode's cover, which is drawn from its id.

    Args:
        token (str):
        episode (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | File | ProblemBody
    """

    return sync_detailed(
        token=token,
        episode=episode,
        client=client,
    ).parsed


async def asyncio_detailed(
    token: str,
    episode: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Any | File | ProblemBody]:
    """Get an episode's cover, which is drawn from its id

     Get an episode's cover, which is drawn from its id.

    Args:
        token (str):
        episode (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | File | ProblemBody]
    """

    kwargs = _get_kwargs(
        token=token,
        episode=episode,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    token: str,
    episode: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Any | File | ProblemBody | None:
    """Get an episode's cover, which is drawn from its id

     Get an episode's cover, which is drawn from its id.

    Args:
        token (str):
        episode (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | File | ProblemBody
    """

    return (
        await asyncio_detailed(
            token=token,
            episode=episode,
            client=client,
        )
    ).parsed
