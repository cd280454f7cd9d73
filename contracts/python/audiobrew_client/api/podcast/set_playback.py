from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.playback import Playback
from ...models.playback_request import PlaybackRequest
from ...models.problem_body import ProblemBody
from ...types import UNSET, Response, Unset


def _get_kwargs(
    id: UUID,
    *,
    body: PlaybackRequest,
    user_id: UUID | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    json_user_id: str | Unset = UNSET
    if not isinstance(user_id, Unset):
        json_user_id = str(user_id)
    params["user_id"] = json_user_id

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/podcast/{id}/playback".format(
            id=quote(str(id), safe=""),
        ),
        "params": params,
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Playback | ProblemBody | None:
    if response.status_code == 200:
        response_200 = Playback.from_dict(response.json())

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

    if response.status_code == 404:
        response_404 = ProblemBody.from_dict(response.json())

        return response_404

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
) -> Response[Playback | ProblemBody]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    id: UUID,
    *,
    client: AuthenticatedClient,
    body: PlaybackRequest,
    user_id: UUID | Unset = UNSET,
) -> Response[Playback | ProblemBody]:
    """Store how far you have heard an episode

     Store how far you have heard an episode.

    The latest position counts: if you were elsewhere after this, on another device, nothing is stored.
    The
    answer is what counts now.

    Args:
        id (UUID):
        user_id (UUID | Unset):
        body (PlaybackRequest): Where the listener is, or was.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Playback | ProblemBody]
    """

    kwargs = _get_kwargs(
        id=id,
        body=body,
        user_id=user_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    id: UUID,
    *,
    client: AuthenticatedClient,
    body: PlaybackRequest,
    user_id: UUID | Unset = UNSET,
) -> Playback | ProblemBody | None:
    """Store how far you have heard an episode

     Store how far you have heard an episode.

    The latest position counts: if you were elsewhere after this, on another device, nothing is stored.
    The
    answer is what counts now.

    Args:
        id (UUID):
        user_id (UUID | Unset):
        body (PlaybackRequest): Where the listener is, or was.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Playback | ProblemBody
    """

    return sync_detailed(
        id=id,
        client=client,
        body=body,
        user_id=user_id,
    ).parsed


async def asyncio_detailed(
    id: UUID,
    *,
    client: AuthenticatedClient,
    body: PlaybackRequest,
    user_id: UUID | Unset = UNSET,
) -> Response[Playback | ProblemBody]:
    """Store how far you have heard an episode

     Store how far you have heard an episode.

    The latest position counts: if you were elsewhere after this, on another device, nothing is stored.
    The
    answer is what counts now.

    Args:
        id (UUID):
        user_id (UUID | Unset):
        body (PlaybackRequest): Where the listener is, or was.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Playback | ProblemBody]
    """

    kwargs = _get_kwargs(
        id=id,
        body=body,
        user_id=user_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: UUID,
    *,
    client: AuthenticatedClient,
    body: PlaybackRequest,
    user_id: UUID | Unset = UNSET,
) -> Playback | ProblemBody | None:
    """Store how far you have heard an episode

     Store how far you have heard an episode.

    The latest position counts: if you were elsewhere after this, on another device, nothing is stored.
    The
    answer is what counts now.

    Args:
        id (UUID):
        user_id (UUID | Unset):
        body (PlaybackRequest): Where the listener is, or was.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Playback | ProblemBody
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            body=body,
            user_id=user_id,
        )
    ).parsed
