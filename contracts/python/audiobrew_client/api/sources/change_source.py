from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.newsletter_source import NewsletterSource
from ...models.problem_body import ProblemBody
from ...models.source_patch import SourcePatch
from ...types import Response


def _get_kwargs(
    id: UUID,
    *,
    body: SourcePatch,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/api/sources/{id}".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> NewsletterSource | ProblemBody | None:
    if response.status_code == 200:
        response_200 = NewsletterSource.from_dict(response.json())

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

    if response.status_code == 502:
        response_502 = ProblemBody.from_dict(response.json())

        return response_502

    if response.status_code == 503:
        response_503 = ProblemBody.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[NewsletterSource | ProblemBody]:
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
    body: SourcePatch,
) -> Response[NewsletterSource | ProblemBody]:
    """Rename, pause or resume a source, or replace its password, label or trusted certificate

     Rename, pause or resume a source, or replace its password, label or trusted certificate.

    The password or certificate of a mailbox is tried first. New senders of an own address wait for an
    answer
    if the listener wants that.

    Args:
        id (UUID):
        body (SourcePatch): Changes to a source. Omitted fields stay.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[NewsletterSource | ProblemBody]
    """

    kwargs = _get_kwargs(
        id=id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    id: UUID,
    *,
    client: AuthenticatedClient,
    body: SourcePatch,
) -> NewsletterSource | ProblemBody | None:
    """Rename, pause or resume a source, or replace its password, label or trusted certificate

     Rename, pause or resume a source, or replace its password, label or trusted certificate.

    The password or certificate of a mailbox is tried first. New senders of an own address wait for an
    answer
    if the listener wants that.

    Args:
        id (UUID):
        body (SourcePatch): Changes to a source. Omitted fields stay.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        NewsletterSource | ProblemBody
    """

    return sync_detailed(
        id=id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    id: UUID,
    *,
    client: AuthenticatedClient,
    body: SourcePatch,
) -> Response[NewsletterSource | ProblemBody]:
    """Rename, pause or resume a source, or replace its password, label or trusted certificate

     Rename, pause or resume a source, or replace its password, label or trusted certificate.

    The password or certificate of a mailbox is tried first. New senders of an own address wait for an
    answer
    if the listener wants that.

    Args:
        id (UUID):
        body (SourcePatch): Changes to a source. Omitted fields stay.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[NewsletterSource | ProblemBody]
    """

    kwargs = _get_kwargs(
        id=id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: UUID,
    *,
    client: AuthenticatedClient,
    body: SourcePatch,
) -> NewsletterSource | ProblemBody | None:
    """Rename, pause or resume a source, or replace its password, label or trusted certificate

     Rename, pause or resume a source, or replace its password, label or trusted certificate.

    The password or certificate of a mailbox is tried first. New senders of an own address wait for an
    answer
    if the listener wants that.

    Args:
        id (UUID):
        body (SourcePatch): Changes to a source. Omitted fields stay.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        NewsletterSource | ProblemBody
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            body=body,
        )
    ).parsed
