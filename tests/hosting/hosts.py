"""The deployment files of all hosting platforms, parsed into one form."""

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
WORKER_PORT = "AUDIOBREW_WORKER_PORT"
PROXIES, ADDRESS_HEADER = "AUDIOBREW_TRUSTED_PROXIES", "AUDIOBREW_CLIENT_ADDRESS_HEADER"


@dataclass(frozen=True)
class Deployment:
    """How one platform runs AudioBrew. `None`: its file does not say.

    `worker`: the port of a worker's status routes, and the path that the platform requests there.
    `client`: the number of proxies, or the header, by which a server knows a client's address; one proxy by
    default.
    """

    serve: str
    work: str | None
    migrate: str
    health: str
    port: int | None
    variables: frozenset[str] | None
    image: str
    worker: tuple[int | None, str | None]
    client: int | str = 1


def dockerfile() -> str:
    return (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


def railway_toml() -> Deployment:
    file = tomllib.loads((ROOT / "railway.toml").read_text(encoding="utf-8"))
    build, deploy = file["build"], file["deploy"]
    return Deployment(
        serve=deploy["startCommand"],
        work=None,
        migrate=deploy["preDeployCommand"][0],
        health=deploy["healthcheckPath"],
        port=None,
        variables=None,
        image=build["dockerfilePath"],
        worker=(None, None),
    )


def railway_ts(services: dict[str, Any]) -> Deployment:
    api, worker = services["api"], services["worker"]
    port = worker["variables"].pop(WORKER_PORT)["value"]
    header = api["variables"].pop(ADDRESS_HEADER)["value"]
    assert api["variables"] == worker["variables"]
    assert (api["build"], api["source"]) == (worker["build"], worker["source"])
    return Deployment(
        serve=api["deploy"]["startCommand"],
        work=worker["deploy"]["startCommand"],
        migrate=api["deploy"]["preDeployCommand"][0],
        health=api["deploy"]["healthcheckPath"],
        port=None,
        variables=frozenset(api["variables"]),
        image=api["build"]["dockerfilePath"],
        worker=(int(port), worker["deploy"].get("healthcheckPath")),
        client=header,
    )


def render() -> Deployment:
    api, worker = yaml.safe_load((DEPLOY / "render.yaml").read_text(encoding="utf-8"))["services"]
    assert (api["type"], worker["type"]) == ("web", "worker")
    assert api["envVars"] == worker["envVars"]
    secrets = {one["key"] for one in api["envVars"] if one.get("sync") is False}
    plain = {one["key"]: one["value"] for one in api["envVars"] if "value" in one}
    assert plain.keys() == {"PORT", PROXIES}
    return Deployment(
        serve=api["dockerCommand"],
        work=worker["dockerCommand"],
        migrate=api["preDeployCommand"],
        health=api["healthCheckPath"],
        port=int(plain["PORT"]),
        variables=frozenset(secrets),
        image=api["dockerfilePath"].removeprefix("./"),
        worker=(None, None),
        client=int(plain[PROXIES]),
    )


def fly() -> Deployment:
    text = (DEPLOY / "fly.toml").read_text(encoding="utf-8")
    file = tomllib.loads(text)
    [check] = file["http_service"]["checks"]
    watch = file["checks"]["worker"]
    assert file["http_service"]["internal_port"] == int(file["env"]["PORT"])
    assert watch["port"] == int(file["env"][WORKER_PORT])
    assert watch["processes"] == ["worker"]
    secrets = " ".join(re.findall(r"^# secrets: (.+)$", text, re.MULTILINE)).split()
    return Deployment(
        serve=file["processes"]["api"],
        work=file["processes"]["worker"],
        migrate=file["deploy"]["release_command"],
        health=check["path"],
        port=file["http_service"]["internal_port"],
        variables=frozenset(secrets),
        image=f"deploy/{file['build']['dockerfile']}",
        worker=(watch["port"], watch["path"]),
        client=file["env"][ADDRESS_HEADER],
    )


def cloud_run() -> Deployment:
    text = (DEPLOY / "cloudrun.yaml").read_text(encoding="utf-8")
    migrate, api, worker = yaml.safe_load_all(text)
    assert [one["kind"] for one in (migrate, api, worker)] == ["Job", "Service", "WorkerPool"]
    [migration] = migrate["spec"]["template"]["spec"]["template"]["spec"]["containers"]
    [server] = api["spec"]["template"]["spec"]["containers"]
    [worker_container] = worker["spec"]["template"]["spec"]["containers"]
    only_there, *shared = worker_container["env"]
    assert migration["env"] == server["env"] == shared
    assert migration["image"] == server["image"] == worker_container["image"]
    assert server["startupProbe"]["httpGet"] == server["livenessProbe"]["httpGet"]
    watch = worker_container["livenessProbe"]["httpGet"]
    assert worker_container["startupProbe"]["httpGet"] == watch
    assert only_there == {"name": WORKER_PORT, "value": str(watch["port"])}
    return Deployment(
        serve=" ".join(server["command"]),
        work=" ".join(worker_container["command"]),
        migrate=" ".join(migration["command"]),
        health=server["livenessProbe"]["httpGet"]["path"],
        port=server["ports"][0]["containerPort"],
        variables=frozenset(one["name"] for one in server["env"]),
        image="deploy/Dockerfile",
        worker=(watch["port"], watch["path"]),
    )


def fargate_tasks() -> dict[str, Any]:
    """The task definitions by name, as `aws ecs register-task-definition` takes them."""
    file = json.loads((DEPLOY / "fargate.json").read_text(encoding="utf-8"))
    return {name: task for name, task in file.items() if name != "comment"}


def fargate() -> Deployment:
    containers = {name: task["containerDefinitions"][0] for name, task in fargate_tasks().items()}
    server = containers["api"]
    assert len({json.dumps(one["secrets"]) for one in containers.values()}) == 1
    port, health = health_check_of(server, "PORT")
    return Deployment(
        serve=" ".join(server["command"]),
        work=" ".join(containers["worker"]["command"]),
        migrate=" ".join(containers["migrate"]["command"]),
        health=health,
        port=port,
        variables=frozenset(one["name"] for one in server["secrets"]),
        image="deploy/Dockerfile",
        worker=health_check_of(containers["worker"], WORKER_PORT),
    )


def health_check_of(container: Any, variable: str) -> tuple[int, str]:
    """The port and path of a container's health check. The port is the one in the variable."""
    command = container["healthCheck"]["command"][-1]
    [(port, health)] = re.findall(r"127\.0\.0\.1:(\d+)(/\w+)", command)
    assert container["environment"] == [{"name": variable, "value": port}]
    assert [one["containerPort"] for one in container["portMappings"]] == [int(port)]
    return int(port), health
