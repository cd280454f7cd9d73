"""Parses a Dockerfile and runs its steps in plain folders, without a container engine."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

INSTRUCTIONS = {"RUN", "ENV", "WORKDIR", "COPY", "USER", "EXPOSE", "HEALTHCHECK", "CMD"}
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


def parse_stages(text: str) -> list[Stage]:
    """All stages in order. Fails on an instruction that is not supported, so that none is skipped."""
    all_stages: list[Stage] = []
    for line in join_lines(text):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            all_stages.append(Stage(base, name or str(len(all_stages)), []))
            continue
        assert word in INSTRUCTIONS, f"{word} is not supported here"
        all_stages[-1].steps.append(Step(word, rest.strip()))
    return all_stages


def join_lines(text: str) -> list[str]:
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE))
    return [line.strip() for line in joined.splitlines() if line.strip()]


@dataclass
class Root:
    """The root folder of a stage's file system, and the settings that its steps have made."""

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
        """The path on this machine of a path in the stage."""
        whole = path if path.startswith("/") else f"{self.workdir}/{path}"
        return self.folder / os.path.normpath(whole).lstrip("/")

    def words(self, *command: str, user: str | None = None, **more: str) -> list[str]:
        """The command line that runs a command in the stage, with its environment, folder and user."""
        env = [f"{name}={value}" for name, value in {**self.env, **more}.items()]
        change_folder = ("sh", "-c", 'cd "$0" && exec "$@"', self.workdir)
        who = f"--userspec={user or self.user}"
        return [
            "chroot",
            who,
            str(self.folder),
            "/usr/bin/env",
            "-i",
            *env,
            *change_folder,
            *command,
        ]


def run_step(step: Step, root: Root, context: Path, others: dict[str, Root]) -> None:
    match step.word:
        case "ENV":
            for name, value in re.findall(r"(\w+)=(\S+)", step.rest):
                root.env[name] = re.sub(r"\$(\w+)", lambda one: root.env[one[1]], value)
        case "WORKDIR":
            root.workdir = step.rest
            root.inside(".").mkdir(parents=True, exist_ok=True)
        case "COPY":
            copy_files(step.rest, root, context, others)
        case "USER":
            root.user = step.rest
        case "RUN":
            subprocess.run(root.words("sh", "-c", step.rest, **download_environment()), check=True)
        case "CMD":
            root.command = json.loads(step.rest)
        case "HEALTHCHECK":
            root.health = json.loads(step.rest[step.rest.index("CMD ") + 4 :])


def copy_files(rest: str, root: Root, context: Path, others: dict[str, Root]) -> None:
    *sources, target = rest.split()
    if sources[0].startswith("--from="):
        other = others[sources.pop(0).removeprefix("--from=")]
        [source] = sources
        shutil.copytree(other.inside(source), root.inside(target), symlinks=True)
        return
    ignore = shutil.ignore_patterns(*ignored_names(context))
    for name in sources:
        source = context / name
        if source.is_dir():
            shutil.copytree(source, root.inside(target), ignore=ignore, dirs_exist_ok=True)
        else:
            shutil.copy(source, root.inside(target) / source.name)


def ignored_names(context: Path) -> list[str]:
    """The last parts of what `.dockerignore` leaves out of the folders that it lets in."""
    lines = (context / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return [line.rsplit("/", 1)[-1] for line in lines if "/" in line and not line.startswith("#")]


def download_environment() -> dict[str, str]:
    """Lets steps that download trust the certificates of this machine, which may include a proxy's."""
    patience = {"PIP_DEFAULT_TIMEOUT": "180", "UV_HTTP_TIMEOUT": "180"}
    names = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
    return {**patience, "UV_SYSTEM_CERTS": "1", **dict.fromkeys(names, CERTIFICATES)}


def size(folder: Path) -> float:
    """The size of the files in it, in megabytes."""
    files = (one for one in folder.rglob("*") if one.is_file() and not one.is_symlink())
    return sum(one.stat().st_size for one in files) / 2**20
