from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem_body import ProblemBody
from ...models.story_match import StoryMatch
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    q: str,
    limit: int | Unset = 20,
    before: UUID | Unset = UNSET,
    user_id: UUID | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["q"] = q

    params["limit"] = limit

    json_before: str | Unset = UNSET
    if not isinstance(before, Unset):
        json_before = str(before)
    params["before"] = json_before

    json_user_id: str | Unset = UNSET
    if not isinstance(user_id, Unset):
        json_user_id = str(user_id)
    params["user_id"] = json_user_id

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/search/stories",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ProblemBody | list[StoryMatch] | None:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = StoryMatch.from_dict(response_200_item_data)

            response_200.append(response_200_item)

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
) -> Response[ProblemBody | list[StoryMatch]]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    q: str,
    limit: int | Unset = 20,
    before: UUID | Unset = UNSET,
    user_id: UUID | Unset = UNSET,
) -> Response[ProblemBody | list[StoryMatch]]:
    """Search what your episodes say, and their titles, the best matches first

     Search what your episodes say, and their titles, the best matches first.

    Args:
        q (str):
        limit (int | Unset):  Default: 20.
        before (UUID | Unset):
        user_id (UUID | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ProblemBody | list[StoryMatch]]
    """

    kwargs = _get_kwargs(
        q=q,
        limit=limit,
        before=before,
        user_id=user_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    q: str,
    limit: int | Unset = 20,
    before: UUID | Unset = UNSET,
    user_id: UUID | Unset = UNSET,
) -> ProblemBody | list[StoryMatch] | None:
    """Search what your episodes say, and their titles, the best matches first

     Search what your episodes say, and their titles, the best matches first.

    Args:
        q (str):
        limit (int | Unset):  Default: 20.
        before (UUID | Unset):
        user_id (UUID | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ProblemBody | list[StoryMatch]
    """

    return sync_detailed(
        client=client,
        q=q,
        limit=limit,
        before=before,
        user_id=user_id,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    q: str,
    limit: int | Unset = 20,
    before: UUID | Unset = UNSET,
    user_id: UUID | Unset = UNSET,
) -> Response[ProblemBody | list[StoryMatch]]:
    """Search what your episodes say, and their titles, the best matches first

     Search what your episodes say, and their titles, the best matches first.

    Args:
        q (str):
        limit (int | Unset):  Default: 20.
        before (UUID | Unset):
        user_id (UUID | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ProblemBody | list[StoryMatch]]
    """

    kwargs = _get_kwargs(
        q=q,
        limit=limit,
        before=before,
        user_id=user_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    q: str,
    limit: int | Unset = 20,
    before: UUID | Unset = UNSET,
    user_id: UUID | Unset = UNSET,
) -> ProblemBody | list[StoryMatch] | None:
    """Search what your episodes say, and their titles, the best matches first

     Search what your episodes say, and their titles, the best matches first.

    Args:
        q (str):
        limit (int | Unset):  Default: 20.
        before (UUID | Unset):
        user_id (UUID | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ProblemBody | list[StoryMatch]
    """

    return (
        await asyncio_detailed(
            client=client,
            q=q,
            limit=limit,
            before=before,
            user_id=user_id,
        )
    ).parsed
