"""Every operation of the contract, asked by nobody."""

import json
import re
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from audiobrew.app import contract_json

PUBLIC = {
    "getRoot",
    "getHealth",
    "getReady",
    "getConfig",
    "createSession",
    "createBrowserSession",
    "getCover",
    "getFeed",
    "getFeedAudio",
    "getFeedTranscript",
    "getFeedChapters",
    "handOnConsent",
    "handOnConsentToApp",
}
"""No bearer token: the feed's own token is in its path, and Google sends listeners back without one."""

OPERATIONS = [
    pytest.param(method, path, operation, id=operation["operationId"])
    for path, item in json.loads(contract_json())["paths"].items()
    for method, operation in item.items()
]
SECURED = [case for case in OPERATIONS if case.id not in PUBLIC]


def at(path: str) -> str:
    """The path with something in its holes."""
    return re.sub(r"\{\w+\}", str(uuid4()), path)


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_nobody_gets_in_but_where_everybody_may(
    nobody: httpx2.Client, method: str, path: str, operation: dict[str, Any]
) -> None:
    public = operation["operationId"] in PUBLIC

    answer = nobody.request(method, at(path))

    assert (answer.status_code == 401) is not public
    assert bool(operation.get("security")) is not public


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
def test_a_wrong_token_is_nobody(
    nobody: httpx2.Client, method: str, path: str, operation: dict[str, Any], header: bytes
) -> None:
    answer = nobody.request(method, at(path), headers=[(b"Authorization", header)])

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"
