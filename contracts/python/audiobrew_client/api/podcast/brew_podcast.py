from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.brew_request import BrewRequest
from ...models.brewing import Brewing
from ...models.problem_body import ProblemBody
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: BrewRequest,
    user_id: UUID | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["idempotency-key"] = idempotency_key

    params: dict[str, Any] = {}

    json_user_id: str | Unset = UNSET
    if not isinstance(user_id, Unset):
        json_user_id = str(user_id)
    params["user_id"] = json_user_id

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/podcast/generate",
        "params": params,
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Brewing | ProblemBody | None:
    if response.status_code == 202:
        response_202 = Brewing.from_dict(response.json())

        return response_202

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

    if response.status_code == 409:
        response_409 = ProblemBody.from_dict(response.json())

        return response_409

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
) -> Response[Brewing | ProblemBody]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: BrewRequest,
    user_id: UUID | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Brewing | ProblemBody]:
    """Order an episode

     Order an episode. The id in the response can be used at once.

    Args:
        user_id (UUID | Unset):
        idempotency_key (str | Unset):
        body (BrewRequest): An order. Without `email_ids`, it is for every newsletter that no
            episode has told yet.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Brewing | ProblemBody]
    """

    kwargs = _get_kwargs(
        body=body,
        user_id=user_id,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: BrewRequest,
    user_id: UUID | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Brewing | ProblemBody | None:
    """Order an episode

     Order an episode. The id in the response can be used at once.

    Args:
        user_id (UUID | Unset):
        idempotency_key (str | Unset):
        body (BrewRequest): An order. Without `email_ids`, it is for every newsletter that no
            episode has told yet.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Brewing | ProblemBody
    """

    return sync_detailed(
        client=client,
        body=body,
        user_id=user_id,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: BrewRequest,
    user_id: UUID | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Brewing | ProblemBody]:
    """Order an episode

     Order an episode. The id in the response can be used at once.

    Args:
        user_id (UUID | Unset):
        idempotency_key (str | Unset):
        body (BrewRequest): An order. Without `email_ids`, it is for every newsletter that no
            episode has told yet.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Brewing | ProblemBody]
    """

    kwargs = _get_kwargs(
        body=body,
        user_id=user_id,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: BrewRequest,
    user_id: UUID | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Brewing | ProblemBody | None:
    """Order an episode

     Order an episode. The id in the response can be used at once.

    Args:
        user_id (UUID | Unset):
        idempotency_key (str | Unset):
        body (BrewRequest): An order. Without `email_ids`, it is for every newsletter that no
            episode has told yet.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Brewing | ProblemBody
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            user_id=user_id,
            idempotency_key=idempotency_key,
        )
    ).parsed
