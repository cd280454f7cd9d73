"""Railway, Render, Fly.io, Cloud Run and Fargate run the same image in the same way."""

import json
import re
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from audiobrew.__main__ import COMMANDS
from audiobrew.app import contract_json
from audiobrew.settings import REQUIRED_IN_PRODUCTION, Settings
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from tests.hosting import hosts
from tests.hosting.hosts import ROOT, Deployment
from tests.hosting.vercel import PACKAGES

PORT = 8000
SERVE, WORK, MIGRATE = "audiobrew serve", "audiobrew worker", "audiobrew migrate"
IMAGE = "deploy/Dockerfile"
VARIABLES = {*REQUIRED_IN_PRODUCTION, "METRICS_TOKEN"}
# Seconds. Streams are closed after three, and a call to a model may be finished.
STOP_SECONDS = 30
# A platform that checks repeatedly must not restart us because a vendor is unavailable. One that checks once
# before a new deployment takes traffic, as Railway does, should find that nothing is missing.
ALIVE, COMPLETE = "/health", "/ready"
# A worker whose health is checked, one that only exports metrics, and one that cannot be reached.
WATCHED, SCRAPED, UNREACHED = (9091, ALIVE), (9091, None), (None, None)
# The last column says how a client's address is known there, see docs/limits.md.
HOSTS: dict[str, tuple[Callable[[], Deployment], str, tuple[int | None, str | None], int | str]] = {
    "render.yaml": (hosts.render, ALIVE, UNREACHED, 2),
    "fly.toml": (hosts.fly, ALIVE, WATCHED, "Fly-Client-IP"),
    "cloudrun.yaml": (hosts.cloud_run, ALIVE, WATCHED, 1),
    "fargate.json": (hosts.fargate, ALIVE, WATCHED, 1),
    "railway.toml": (hosts.railway_toml, COMPLETE, UNREACHED, 1),
}
EVALUATE = """
import { createRailwayContext, project } from 'railway/iac';
import program from './railway.ts';
const resources = await program(createRailwayContext(), project);
console.log(JSON.stringify(resources));
"""


@pytest.fixture(scope="module")
def railway(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`.railway/railway.ts` in a folder of its own, beside Railway's package."""
    folder = tmp_path_factory.mktemp("railway")
    (folder / "node_modules").symlink_to(PACKAGES)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "railway.ts").write_bytes((ROOT / ".railway" / "railway.ts").read_bytes())
    (folder / "evaluate.js").write_text(EVALUATE)
    return folder


def node(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["node", *words], cwd=folder, capture_output=True, text=True)


def services(folder: Path) -> dict[str, Any]:
    """The services that Railway's package reads from the file, by name."""
    process = node(folder, "evaluate.js")
    assert process.returncode == 0, process.stderr
    return {one["name"]: one for one in json.loads(process.stdout)["resources"]}


def type_errors(folder: Path, file: str) -> str:
    tsc = "node_modules/typescript/bin/tsc"
    options = ("--noEmit", "--strict", "--skipLibCheck", "--target", "es2023")
    return node(folder, tsc, *options, "--module", "nodenext", "--types", "node", file).stdout


@pytest.mark.parametrize("name", HOSTS)
def test_a_platforms_file_agrees_with_the_table(name: str) -> None:
    parse, health, worker, client = HOSTS[name]
    deployment = parse()

    assert (deployment.serve, deployment.migrate, deployment.image) == (SERVE, MIGRATE, IMAGE)
    assert deployment.work in (None, WORK)
    assert deployment.port in (None, PORT)
    assert deployment.health == health
    assert deployment.worker == worker
    assert deployment.client == client
    assert deployment.variables in (None, VARIABLES)


def test_railways_file_agrees_with_the_table(railway: Path) -> None:
    deployment = hosts.railway_ts(services(railway))

    shape = (SERVE, WORK, MIGRATE, COMPLETE, None, frozenset(VARIABLES), IMAGE, SCRAPED)
    assert deployment == Deployment(*shape, client="X-Real-IP")


def test_railways_older_file_repeats_the_newer_one(railway: Path) -> None:
    older = tomllib.loads((ROOT / "railway.toml").read_text(encoding="utf-8"))
    api = services(railway)["api"]

    assert older == {"build": api["build"], "deploy": api["deploy"]}


def test_railways_types_accept_the_file_and_refuse_a_typo(railway: Path) -> None:
    source = (railway / "railway.ts").read_text(encoding="utf-8")
    (railway / "slip.ts").write_text(source.replace("drainingSeconds: 60", "drainingSeconds: '60'"))

    assert type_errors(railway, "railway.ts") == ""
    assert "TS2322" in type_errors(railway, "slip.ts")


def test_a_process_has_enough_time_to_stop(railway: Path) -> None:
    for service in services(railway).values():
        assert service["deploy"]["drainingSeconds"] >= STOP_SECONDS
        assert service["deploy"]["numReplicas"] >= 2


@pytest.mark.parametrize("task", ["migrate", "api", "worker"])
def test_amazons_schema_accepts_a_task_and_refuses_a_typo(task: str) -> None:
    ecs = ServiceModel(Loader().load_service_model("ecs", "service-2"))
    shape = ecs.operation_model("RegisterTaskDefinition").input_shape
    deployment = hosts.fargate_tasks()[task]
    accepts = ParamValidator()

    assert accepts.validate(deployment, shape).generate_report() == ""
    assert (
        "Unknown parameter"
        in accepts.validate({**deployment, "famly": "a"}, shape).generate_report()
    )


def test_commands_variables_and_paths_of_the_table_exist() -> None:
    assert {command.split()[1] for command in (SERVE, WORK, MIGRATE)} <= set(COMMANDS)
    assert Settings().port == PORT
    prefix = Settings.model_config["env_prefix"]
    assert f"{prefix}WORKER_PORT" == hosts.WORKER_PORT
    variables = {hosts.PROXIES, hosts.ADDRESS_HEADER}
    assert variables <= {f"{prefix}{name.upper()}" for name in Settings.model_fields}
    assert all(f'"{path}"' in contract_json() for path in (ALIVE, COMPLETE))


def test_the_image_agrees_with_the_table() -> None:
    image = hosts.dockerfile()

    assert f"EXPOSE {PORT}" in image
    assert f"'PORT', '{PORT}'" in image
    assert re.findall(r"'(/\w+)', timeout", image) == [ALIVE]
    # Hosts have their own command; in production, the server listens on every address without the option.
    assert f"CMD {json.dumps([*SERVE.split(), '--host', '0.0.0.0'])}" in image


def test_the_image_is_lean_and_does_not_run_as_root() -> None:
    web, build, final = re.split(r"^FROM ", hosts.dockerfile(), flags=re.MULTILINE)[1:]

    assert re.match(r"node:\d+-\w+-slim AS web\n", web)
    assert build.split()[0] == final.split()[0]
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", final.split()[0])
    assert "uv sync --frozen" in build
    assert not re.search(
        r"\b(pip|uv|apt-get|curl)\b", re.sub("^#.*", "", final, flags=re.MULTILINE)
    )
    assert final.index("USER audiobrew") < final.index("HEALTHCHECK") < final.index("\nCMD")


def test_the_build_context_has_only_what_the_image_copies() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    included = {line[1:] for line in lines if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", hosts.dockerfile(), re.MULTILINE)

    # The lock file of the web app is copied before its source, so that its packages stay cached.
    assert included == {name for line in copied for name in line.split()} - {
        f"frontend-client/package{name}.json" for name in ("", "-lock")
    }


@pytest.mark.parametrize("name", ["render.yaml", "fly.toml", "cloudrun.yaml", "fargate.json"])
def test_a_file_says_what_was_not_checked(name: str) -> None:
    assert "Not checked" in (hosts.DEPLOY / name).read_text(encoding="utf-8")[:1200]


def test_documented_commands_give_several_processes_time_to_start() -> None:
    """uvicorn kills processes that do not respond within 5 s, which is too short on a busy machine."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    lines = [line for page in pages for line in page.read_text(encoding="utf-8").splitlines()]
    deployment = [line for line in lines if "uvicorn" in line and "--workers" in line]

    assert deployment
    assert all("--timeout-worker-healthcheck 60" in line for line in deployment)
    assert all("--no-proxy-headers" in line for line in deployment)
    assert all(
        "--http audiobrew.http.server_protocol:LimitedProtocol" in line for line in deployment
    )
