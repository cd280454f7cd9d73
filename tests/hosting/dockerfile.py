"""A Dockerfile's steps, read from it and taken in plain folders that stand in for an engine's images."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

KNOWN = {"RUN", "ENV", "WORKDIR", "COPY", "USER", "EXPOSE", "HEALTHCHECK", "CMD"}
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"


@dataclass(frozen=True)
class Step:
    word: str
    rest: str


@dataclass(frozen=True)
class Stage:
    base: str
    name: str
    steps: list[Step]


def stages(text: str) -> list[Stage]:
    """Every stage in order. Fails on a word that is not known here, so that no step is passed over."""
    found: list[Stage] = []
    for line in _lines(text):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            found.append(Stage(base, name or str(len(found)), []))
            continue
        assert word in KNOWN, f"{word} is not a step that is known here"
        found[-1].steps.append(Step(word, rest.strip()))
    return found


def _lines(text: str) -> list[str]:
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    return [line.strip() for line in joined.splitlines() if line.strip()]


@dataclass
class Root:
    """A folder that a stage's steps are taken in, as root of the file system, and what they left set."""

    folder: Path
    env: dict[str, str] = field(
        default_factory=lambda: {
            "PATH": "/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin"
        }
    )
    user: str = "root"
    workdir: str = "/"
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def inside(self, path: str) -> Path:
        """Where a path of the stage is on this machine."""
        whole = path if path.startswith("/") else f"{self.workdir}/{path}"
        return self.folder / os.path.normpath(whole).lstrip("/")

    def words(self, *command: str, user: str | None = None, **more: str) -> list[str]:
        """This command with the stage's environment, folder and user, and nothing of this machine's."""
        env = [f"{name}={value}" for name, value in {**self.env, **more}.items()]
        there = ("sh", "-c", 'cd "$0" && exec "$@"', self.workdir)
        who = f"--userspec={user or self.user}"
        return ["chroot", who, str(self.folder), "/usr/bin/env", "-i", *env, *there, *command]


def take(step: Step, root: Root, context: Path, others: dict[str, Root]) -> None:
    match step.word:
        case "ENV":
            for name, value in re.findall(r"(\w+)=(\S+)", step.rest):
                root.env[name] = re.sub(r"\$(\w+)", lambda one: root.env[one[1]], value)
        case "WORKDIR":
            root.workdir = step.rest
            root.inside(".").mkdir(parents=True, exist_ok=True)
        case "COPY":
            _copy(step.rest, root, context, others)
        case "USER":
            root.user = step.rest
        case "RUN":
            subprocess.run(root.words("sh", "-c", step.rest, **_certificates()), check=True)
        case "CMD":
            root.command = json.loads(step.rest)
        case "HEALTHCHECK":
            root.health = json.loads(step.rest[step.rest.index("CMD ") + 4 :])


def _copy(rest: str, root: Root, context: Path, others: dict[str, Root]) -> None:
    *sources, target = rest.split()
    if sources[0].startswith("--from="):
        other = others[sources.pop(0).removeprefix("--from=")]
        [source] = sources
        shutil.copytree(other.inside(source), root.inside(target), symlinks=True)
        return
    for name in sources:
        there = root.inside(target) / ("" if (context / name).is_dir() else name)
        if (context / name).is_dir():
            shutil.copytree(context / name, there, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(context / name, there)


def _certificates() -> dict[str, str]:
    """Steps that download trust whom this machine trusts, a company's proxy among them."""
    patience = {"PIP_DEFAULT_TIMEOUT": "180", "UV_HTTP_TIMEOUT": "180"}
    names = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE")
    return {**patience, "UV_SYSTEM_CERTS": "1", **dict.fromkeys(names, CERTIFICATES)}


def size(folder: Path) -> float:
    """Megabytes of the files in it."""
    files = (one for one in folder.rglob("*") if one.is_file() and not one.is_symlink())
    return sum(one.stat().st_size for one in files) / 2**20
