"""Everything that can go wrong is problem+json, in words, with nothing of the request in it."""

from typing import Any

import httpx2
import pytest
from audiobrew.http.static_app import NOT_BUILT

SECRET = "swordfish"


def is_a_problem(answer: httpx2.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert set(body) == {"type", "title", "status", "detail", "errors"}
    return body


@pytest.mark.parametrize(
    "path", ["/api/nothing", "/api/", "/_app/gone.js", "/feed/", "/a.txt", "/a%00b.c"]
)
def test_what_is_not_there_is_404(nobody: httpx2.Client, path: str) -> None:
    assert is_a_problem(nobody.get(path), 404)["title"] == "Not Found"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_what_is_not_there_is_404_for_every_method(nobody: httpx2.Client, method: str) -> None:
    is_a_problem(nobody.request(method, "/api/nothing"), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/mail", "GET, POST"),
        ("PUT", "/api/session", "DELETE, GET, POST"),
        ("POST", "/api/mail/00000000-0000-0000-0000-000000000000", "DELETE, GET, PATCH"),
        ("DELETE", "/health", "GET"),
        ("PUT", "/api/podcast/list", "GET"),
        ("PUT", "/api/podcast/generate", "POST"),
    ],
)
def test_a_wrong_method_is_told_all_right_ones(
    nobody: httpx2.Client, method: str, path: str, allowed: str
) -> None:
    answer = nobody.request(method, path)

    is_a_problem(answer, 405)
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize("path", ["/api/podcast/list", "/api/podcast/generate"])
def test_a_word_of_ours_is_no_id_of_an_episode(owner: httpx2.Client, path: str) -> None:
    answer = owner.patch(path, json={"title": "Mine"})

    is_a_problem(answer, 405)
    assert "PATCH" not in answer.headers["allow"]


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"code": ' + SECRET.encode(), b"[" * 10_000])
def test_a_body_that_is_not_json_is_400(nobody: httpx2.Client, body: bytes) -> None:
    answer = nobody.post("/api/session", content=body, headers={"Content-Type": "application/json"})

    is_a_problem(answer, 400)
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/body/code"),
        ({"code": 5}, "/body/code"),
        ({"code": ""}, "/body/code"),
        ({"code": {"deep": SECRET}}, "/body/code"),
        ({"code": SECRET * 50}, "/body/code"),
        ({"code": "x", "a/b~c": SECRET}, "/body/a~1b~0c"),
        ([SECRET], "/body"),
        (None, "/body"),
    ],
)
def test_what_does_not_match_the_contract_is_pointed_at(
    nobody: httpx2.Client, body: Any, pointer: str
) -> None:
    answer = nobody.post("/api/session", json=body)

    problem = is_a_problem(answer, 422)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert SECRET not in answer.text


def test_a_lone_surrogate_is_refused(nobody: httpx2.Client) -> None:
    json = {"Content-Type": "application/json"}

    answer = nobody.post("/api/session", content=b'{"code": "\\ud800"}', headers=json)

    is_a_problem(answer, 422)


@pytest.mark.parametrize("query", ["limit=0", "limit=1e9", "limit=", "before=x", "limit=%00"])
def test_a_wrong_query_is_422(owner: httpx2.Client, query: str) -> None:
    problem = is_a_problem(owner.get(f"/api/mail?{query}"), 422)

    assert problem["errors"][0]["pointer"].startswith("/query/")


def test_without_a_build_a_page_says_how_to_make_one(nobody: httpx2.Client) -> None:
    answer = nobody.get("/dashboard", headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert answer.json()["detail"] == NOT_BUILT
