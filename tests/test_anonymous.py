"""Every operation of the contract, requested by a client that is not signed in."""

import re
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.contract.document import contract_document

# Operations without a bearer token. The feed's token is in its path, and Google sends listeners back without
# one.
PUBLIC = {
    "getRoot",
    "getHealth",
    "getReady",
    "getConfig",
    "createSession",
    "createBrowserSession",
    "openInvitation",
    "beginAccountPasskey",
    "createAccount",
    "signInWithPassword",
    "beginPasskeySignIn",
    "signInWithPasskey",
    "beginProviderSignIn",
    "signInAtProvider",
    "beginAccountAtProvider",
    "getCover",
    "getFeed",
    "getFeedAudio",
    "getFeedTranscript",
    "getFeedChapters",
    "getFeedCover",
    "handOnConsent",
    "handOnConsentToApp",
}

OPERATIONS = [
    pytest.param(method, path, operation, id=operation["operationId"])
    for path, item in contract_document()["paths"].items()
    for method, operation in item.items()
]
SECURED = [case for case in OPERATIONS if case.id not in PUBLIC]


def fill_in(path: str) -> str:
    """The path with random ids as its parameters."""
    return re.sub(r"\{\w+\}", str(uuid4()), path)


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_only_public_operations_need_no_sign_in(
    anonymous: httpx2.Client, method: str, path: str, operation: dict[str, Any]
) -> None:
    is_public = operation["operationId"] in PUBLIC

    response = anonymous.request(method, fill_in(path))

    assert (response.status_code == 401) is not is_public
    assert bool(operation.get("security")) is not is_public


@pytest.mark.parametrize(("method", "path", "operation"), SECURED)
@pytest.mark.parametrize(
    "header",
    [
        b"Bearer wrong",
        b"Bearer",
        b"Bearer a b",
        b"Bearer \xe4",
        b"Basic Og==",
        b"Bearer " + b"x" * 5000,
    ],
)
def test_a_wrong_token_is_refused(
    anonymous: httpx2.Client, method: str, path: str, operation: dict[str, Any], header: bytes
) -> None:
    response = anonymous.request(method, fill_in(path), headers=[(b"Authorization", header)])

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.headers["content-type"] == "application/problem+json"
