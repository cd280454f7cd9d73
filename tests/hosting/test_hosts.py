"""Railway, Render, Fly.io, Cloud Run and Fargate run the same image in the same way: one table."""

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
from tests.hosting.hosts import ROOT, Told
from tests.hosting.vercel import PACKAGES

PORT = 8000
SERVE, WORK, MIGRATE = "audiobrew serve", "audiobrew worker", "audiobrew migrate"
IMAGE = "deploy/Dockerfile"
VARIABLES = {*REQUIRED_IN_PRODUCTION, "METRICS_TOKEN"}
ENOUGH_TO_STOP = 30
"""Seconds. Streams are cut after three, and a call that is on its way may be finished."""
ALIVE, COMPLETE = "/health", "/ready"
"""Asked again and again, a host must not restart us because a vendor is away; asked once before a new
deployment takes traffic, as Railway does, it should know that nothing is missing."""
WATCHED, SCRAPED, UNREACHED = (9091, ALIVE), (9091, None), (None, None)
"""A worker: asked how it is; for figures alone; in a place where nobody can ask."""
# The last column: how a client's address is known there, see docs/limits.md.
HOSTS: dict[str, tuple[Callable[[], Told], str, tuple[int | None, str | None], int | str]] = {
    "render.yaml": (hosts.render, ALIVE, UNREACHED, 2),
    "fly.toml": (hosts.fly, ALIVE, WATCHED, "Fly-Client-IP"),
    "cloudrun.yaml": (hosts.cloud_run, ALIVE, WATCHED, 1),
    "fargate.json": (hosts.fargate, ALIVE, WATCHED, 1),
    "railway.toml": (hosts.railway_toml, COMPLETE, UNREACHED, 1),
}
EVALUATE = """
import { createRailwayContext, project } from 'railway/iac';
import program from './railway.ts';
const made = await program(createRailwayContext(), project);
console.log(JSON.stringify(made));
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
    """What Railway's package makes of it, service by service."""
    made = node(folder, "evaluate.js")
    assert made.returncode == 0, made.stderr
    return {one["name"]: one for one in json.loads(made.stdout)["resources"]}


def type_checked(folder: Path, file: str) -> str:
    tsc = "node_modules/typescript/bin/tsc"
    strictly = ("--noEmit", "--strict", "--skipLibCheck", "--target", "es2023")
    return node(folder, tsc, *strictly, "--module", "nodenext", "--types", "node", file).stdout


@pytest.mark.parametrize("name", HOSTS)
def test_a_host_is_told_what_the_table_says(name: str) -> None:
    read, health, worker, client = HOSTS[name]
    told = read()

    assert (told.serve, told.migrate, told.image) == (SERVE, MIGRATE, IMAGE)
    assert told.work in (None, WORK)
    assert told.port in (None, PORT)
    assert told.health == health
    assert told.worker == worker
    assert told.client == client
    assert told.variables in (None, VARIABLES)


def test_so_is_railway_by_its_own_package(railway: Path) -> None:
    told = hosts.railway_ts(services(railway))

    shape = (SERVE, WORK, MIGRATE, COMPLETE, None, frozenset(VARIABLES), IMAGE, SCRAPED)
    assert told == Told(*shape, client="X-Real-IP")


def test_railway_s_older_file_repeats_the_newer_one(railway: Path) -> None:
    older = tomllib.loads((ROOT / "railway.toml").read_text(encoding="utf-8"))
    api = services(railway)["api"]

    assert older == {"build": api["build"], "deploy": api["deploy"]}


def test_railway_s_types_accept_it_and_would_refuse_a_slip_of_the_pen(railway: Path) -> None:
    source = (railway / "railway.ts").read_text(encoding="utf-8")
    (railway / "slip.ts").write_text(source.replace("drainingSeconds: 60", "drainingSeconds: '60'"))

    assert type_checked(railway, "railway.ts") == ""
    assert "TS2322" in type_checked(railway, "slip.ts")


def test_a_process_that_stops_is_given_the_time_that_it_needs(railway: Path) -> None:
    for service in services(railway).values():
        assert service["deploy"]["drainingSeconds"] >= ENOUGH_TO_STOP
        assert service["deploy"]["numReplicas"] >= 2


@pytest.mark.parametrize("task", ["migrate", "api", "worker"])
def test_amazon_accepts_a_task_and_would_refuse_a_slip_of_the_pen(task: str) -> None:
    ecs = ServiceModel(Loader().load_service_model("ecs", "service-2"))
    shape = ecs.operation_model("RegisterTaskDefinition").input_shape
    told = hosts.fargate_tasks()[task]
    accepts = ParamValidator()

    assert accepts.validate(told, shape).generate_report() == ""
    assert "Unknown parameter" in accepts.validate({**told, "famly": "a"}, shape).generate_report()


def test_what_hosts_are_told_is_there() -> None:
    assert {command.split()[1] for command in (SERVE, WORK, MIGRATE)} <= set(COMMANDS)
    assert Settings().port == PORT
    prefix = Settings.model_config["env_prefix"]
    assert f"{prefix}WORKER_PORT" == hosts.WORKER_PORT
    named = {hosts.PROXIES, hosts.ADDRESS_HEADER}
    assert named <= {f"{prefix}{name.upper()}" for name in Settings.model_fields}
    assert all(f'"{path}"' in contract_json() for path in (ALIVE, COMPLETE))


def test_the_image_agrees_with_the_table() -> None:
    image = hosts.dockerfile()

    assert f"EXPOSE {PORT}" in image
    assert f"'PORT', '{PORT}'" in image
    assert re.findall(r"'(/\w+)', timeout", image) == [ALIVE]
    assert f"CMD {json.dumps(SERVE.split())}" in image


def test_the_image_is_lean_and_does_not_run_as_root() -> None:
    build, final = re.split(r"^FROM ", hosts.dockerfile(), flags=re.MULTILINE)[1:]

    assert build.split()[0] == final.split()[0]
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", final.split()[0])
    assert "uv sync --frozen" in build
    assert not re.search(
        r"\b(pip|uv|apt-get|curl)\b", re.sub("^#.*", "", final, flags=re.MULTILINE)
    )
    assert final.index("USER audiobrew") < final.index("HEALTHCHECK") < final.index("\nCMD")


def test_only_what_the_image_copies_is_sent_to_its_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sent = {line[1:] for line in lines if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", hosts.dockerfile(), re.MULTILINE)

    assert sent == {name for line in copied for name in line.split()}


@pytest.mark.parametrize("name", ["render.yaml", "fly.toml", "cloudrun.yaml", "fargate.json"])
def test_a_file_says_what_of_it_was_not_checked(name: str) -> None:
    assert "Not checked" in (hosts.DEPLOY / name).read_text(encoding="utf-8")[:1200]


def test_several_processes_behind_one_port_are_given_time_to_start() -> None:
    """uvicorn ends those that do not answer it within 5 s, and one that starts on a busy machine may not."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    lines = [line for page in pages for line in page.read_text(encoding="utf-8").splitlines()]
    told = [line for line in lines if "uvicorn" in line and "--workers" in line]

    assert told
    assert all("--timeout-worker-healthcheck 60" in line for line in told)
    assert all("--no-proxy-headers" in line for line in told)
    assert all("--http audiobrew.http.server_protocol:LimitedProtocol" in line for line in told)
