"""What random requests must not do, done once and held to the contract all the same."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis import Case, Response

from tests.contract.fuzz_report import CONTRACT
from tests.contract.fuzz_target import Host
from tests.product import LINK, clean_environment, run_product

Exercise = Callable[[Host, Path], set[str]]
SCHEMA = schemathesis.openapi.from_path(str(CONTRACT))


def erased(host: Host, folder: Path) -> set[str]:
    """A third listener leaves; the token that was theirs opens nothing from then on."""
    assert host.spare
    own = {"user_id": host.spare.id}
    _ask(host.url, "deleteUser", host.spare.token, 202, path_parameters=own)
    _ask(host.url, "getUser", host.spare.token, 401, path_parameters=own)
    return {"deleteUser"}


def signed_in(host: Host, folder: Path) -> set[str]:
    """At an embedded product, with the code that a terminal prints; and out again."""
    with run_product(folder / "embedded") as product:
        code = _printed_code(product.data)
        answer = _ask(product.url, "createSession", "", 201, body={"code": code})
        _ask(product.url, "createSession", "", 403, body={"code": code})
        token = str(answer.json()["token"])
        _ask(product.url, "createBrowserSession", token, 201, body={})
        _ask(product.url, "deleteSession", token, 204)
        _ask(product.url, "listMail", token, 401)
        _ask(product.url, "createBrowserSession", token, 401, body={})
    return {"createSession", "createBrowserSession", "deleteSession"}


EXERCISES: dict[str, Exercise] = {"deleteUser": erased, "createSession": signed_in}


def _printed_code(data: Path) -> str:
    command = [sys.executable, "-m", "audiobrew", "sign-in", "--data", str(data)]
    done = subprocess.run(command, capture_output=True, text=True, env=clean_environment())
    found = LINK.search(done.stdout)
    assert found, done.stdout + done.stderr
    return found[2]


def _ask(url: str, name: str, token: str, status: int, **more: Any) -> Response:
    """Raises when the answer is not as the contract says, or not this one."""
    operation = SCHEMA.find_operation_by_id(name)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    case: Case = operation.Case(headers=headers, **more)
    answer = case.call(base_url=url)
    case.validate_response(answer)
    assert answer.status_code == status, f"{name} answered {answer.status_code}, not {status}"
    return answer
