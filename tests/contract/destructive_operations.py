"""Operations that random requests must not call: they are called once, and checked against the contract."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis import Case, Response

from tests.contract.fuzz_report import CONTRACT
from tests.contract.fuzz_target import FuzzTarget
from tests.product import LINK, clean_environment, run_product

Exercise = Callable[[FuzzTarget, Path], set[str]]
SCHEMA = schemathesis.openapi.from_path(str(CONTRACT))


def delete_listener(target: FuzzTarget, folder: Path) -> set[str]:
    """A third listener deletes their account; their token is refused from then on."""
    assert target.spare
    parameters = {"user_id": target.spare.id}
    _call(target.url, "deleteUser", target.spare.token, 202, path_parameters=parameters)
    _call(target.url, "getUser", target.spare.token, 401, path_parameters=parameters)
    return {"deleteUser"}


def sign_in_and_out(target: FuzzTarget, folder: Path) -> set[str]:
    """A listener signs in to an embedded service with the code from the terminal, and signs out."""
    with run_product(folder / "embedded") as product:
        code = _sign_in_code(product.data)
        response = _call(product.url, "createSession", "", 201, body={"code": code})
        _call(product.url, "createSession", "", 403, body={"code": code})
        token = str(response.json()["token"])
        _call(product.url, "createBrowserSession", token, 201, body={})
        _call(product.url, "deleteSession", token, 204)
        _call(product.url, "listMail", token, 401)
        _call(product.url, "createBrowserSession", token, 401, body={})
    return {"createSession", "createBrowserSession", "deleteSession"}


EXERCISES: dict[str, Exercise] = {
    "deleteUser": delete_listener,
    "createSession": sign_in_and_out,
}


def _sign_in_code(data: Path) -> str:
    command = [sys.executable, "-m", "audiobrew", "sign-in", "--data", str(data)]
    process = subprocess.run(command, capture_output=True, text=True, env=clean_environment())
    match = LINK.search(process.stdout)
    assert match, process.stdout + process.stderr
    return match[2]


def _call(url: str, name: str, token: str, status: int, **more: Any) -> Response:
    """Call an operation. Raises an error if the response breaks the contract or has another status."""
    operation = SCHEMA.find_operation_by_id(name)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    case: Case = operation.Case(headers=headers, **more)
    response = case.call(base_url=url)
    case.validate_response(response)
    assert response.status_code == status, f"{name} answered {response.status_code}, not {status}"
    return response
