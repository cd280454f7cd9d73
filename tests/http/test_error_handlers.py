"""All errors are problem+json and repeat nothing of the request."""

from typing import Any

import httpx2
import pytest
from audiobrew.http.static_app import NOT_BUILT

SECRET = "swordfish"


def assert_problem(response: httpx2.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert set(body) == {"type", "title", "status", "detail", "errors"}
    return body


@pytest.mark.parametrize(
    "path", ["/api/nothing", "/api/", "/_app/gone.js", "/feed/", "/a.txt", "/a%00b.c"]
)
def test_an_unknown_path_is_404(anonymous: httpx2.Client, path: str) -> None:
    assert assert_problem(anonymous.get(path), 404)["title"] == "Not Found"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_an_unknown_path_is_404_for_every_method(anonymous: httpx2.Client, method: str) -> None:
    assert_problem(anonymous.request(method, "/api/nothing"), 404)


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
def test_a_405_names_all_methods_of_the_path(
    anonymous: httpx2.Client, method: str, path: str, allowed: str
) -> None:
    response = anonymous.request(method, path)

    assert_problem(response, 405)
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize("path", ["/api/podcast/list", "/api/podcast/generate"])
def test_a_reserved_word_is_not_an_episode_id(owner: httpx2.Client, path: str) -> None:
    response = owner.patch(path, json={"title": "Mine"})

    assert_problem(response, 405)
    assert "PATCH" not in response.headers["allow"]


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"code": ' + SECRET.encode(), b"[" * 10_000])
def test_a_body_that_is_not_json_is_400(anonymous: httpx2.Client, body: bytes) -> None:
    response = anonymous.post(
        "/api/session", content=body, headers={"Content-Type": "application/json"}
    )

    assert_problem(response, 400)
    assert SECRET not in response.text


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
def test_a_validation_error_points_at_the_field(
    anonymous: httpx2.Client, body: Any, pointer: str
) -> None:
    response = anonymous.post("/api/session", json=body)

    problem = assert_problem(response, 422)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert SECRET not in response.text


def test_a_lone_surrogate_is_refused(anonymous: httpx2.Client) -> None:
    json = {"Content-Type": "application/json"}

    response = anonymous.post("/api/session", content=b'{"code": "\\ud800"}', headers=json)

    assert_problem(response, 422)


@pytest.mark.parametrize("query", ["limit=0", "limit=1e9", "limit=", "before=x", "limit=%00"])
def test_a_wrong_query_is_422(owner: httpx2.Client, query: str) -> None:
    problem = assert_problem(owner.get(f"/api/mail?{query}"), 422)

    assert problem["errors"][0]["pointer"].startswith("/query/")


def test_without_a_build_a_page_says_how_to_build_the_app(anonymous: httpx2.Client) -> None:
    response = anonymous.get("/dashboard", headers={"Accept": "text/html"})

    assert response.status_code == 404
    assert response.json()["detail"] == NOT_BUILT
