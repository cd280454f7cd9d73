"""What every host is told, read from its own file into one shape."""

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
class Told:
    """`None`: this host's file does not say.

    `worker`: the port at which a worker tells how it is, and the path that the host asks there.
    `client`: by how many proxies, or by which header, a server knows a client's address; by the default
    of one proxy where a file says nothing.
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


def railway_toml() -> Told:
    file = tomllib.loads((ROOT / "railway.toml").read_text(encoding="utf-8"))
    build, deploy = file["build"], file["deploy"]
    return Told(
        serve=deploy["startCommand"],
        work=None,
        migrate=deploy["preDeployCommand"][0],
        health=deploy["healthcheckPath"],
        port=None,
        variables=None,
        image=build["dockerfilePath"],
        worker=(None, None),
    )


def railway_ts(services: dict[str, Any]) -> Told:
    api, worker = services["api"], services["worker"]
    port = worker["variables"].pop(WORKER_PORT)["value"]
    header = api["variables"].pop(ADDRESS_HEADER)["value"]
    assert api["variables"] == worker["variables"]
    assert (api["build"], api["source"]) == (worker["build"], worker["source"])
    return Told(
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


def render() -> Told:
    api, worker = yaml.safe_load((DEPLOY / "render.yaml").read_text(encoding="utf-8"))["services"]
    assert (api["type"], worker["type"]) == ("web", "worker")
    assert api["envVars"] == worker["envVars"]
    secrets = {one["key"] for one in api["envVars"] if one.get("sync") is False}
    plain = {one["key"]: one["value"] for one in api["envVars"] if "value" in one}
    assert plain.keys() == {"PORT", PROXIES}
    return Told(
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


def fly() -> Told:
    text = (DEPLOY / "fly.toml").read_text(encoding="utf-8")
    file = tomllib.loads(text)
    [check] = file["http_service"]["checks"]
    watch = file["checks"]["worker"]
    assert file["http_service"]["internal_port"] == int(file["env"]["PORT"])
    assert watch["port"] == int(file["env"][WORKER_PORT])
    assert watch["processes"] == ["worker"]
    secrets = " ".join(re.findall(r"^# secrets: (.+)$", text, re.MULTILINE)).split()
    return Told(
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


def cloud_run() -> Told:
    text = (DEPLOY / "cloudrun.yaml").read_text(encoding="utf-8")
    migrate, api, worker = yaml.safe_load_all(text)
    assert [one["kind"] for one in (migrate, api, worker)] == ["Job", "Service", "WorkerPool"]
    [once] = migrate["spec"]["template"]["spec"]["template"]["spec"]["containers"]
    [served] = api["spec"]["template"]["spec"]["containers"]
    [worked] = worker["spec"]["template"]["spec"]["containers"]
    only_there, *shared = worked["env"]
    assert once["env"] == served["env"] == shared
    assert once["image"] == served["image"] == worked["image"]
    assert served["startupProbe"]["httpGet"] == served["livenessProbe"]["httpGet"]
    watch = worked["livenessProbe"]["httpGet"]
    assert worked["startupProbe"]["httpGet"] == watch
    assert only_there == {"name": WORKER_PORT, "value": str(watch["port"])}
    return Told(
        serve=" ".join(served["command"]),
        work=" ".join(worked["command"]),
        migrate=" ".join(once["command"]),
        health=served["livenessProbe"]["httpGet"]["path"],
        port=served["ports"][0]["containerPort"],
        variables=frozenset(one["name"] for one in served["env"]),
        image="deploy/Dockerfile",
        worker=(watch["port"], watch["path"]),
    )


def fargate_tasks() -> dict[str, Any]:
    """Each task definition by what it does, as `aws ecs register-task-definition` takes it."""
    file = json.loads((DEPLOY / "fargate.json").read_text(encoding="utf-8"))
    return {name: task for name, task in file.items() if name != "comment"}


def fargate() -> Told:
    found = {name: task["containerDefinitions"][0] for name, task in fargate_tasks().items()}
    served = found["api"]
    assert len({json.dumps(one["secrets"]) for one in found.values()}) == 1
    port, health = _asked(served, "PORT")
    return Told(
        serve=" ".join(served["command"]),
        work=" ".join(found["worker"]["command"]),
        migrate=" ".join(found["migrate"]["command"]),
        health=health,
        port=port,
        variables=frozenset(one["name"] for one in served["secrets"]),
        image="deploy/Dockerfile",
        worker=_asked(found["worker"], WORKER_PORT),
    )


def _asked(container: Any, variable: str) -> tuple[int, str]:
    """Where Amazon asks a container how it is: its one port, which the variable names, and a path."""
    asked = container["healthCheck"]["command"][-1]
    [(port, health)] = re.findall(r"127\.0\.0\.1:(\d+)(/\w+)", asked)
    assert container["environment"] == [{"name": variable, "value": port}]
    assert [one["containerPort"] for one in container["portMappings"]] == [int(port)]
    return int(port), health
