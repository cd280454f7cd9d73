"""The image's steps taken for real without an engine, and what comes of them started as a host does.

`python -m tests.hosting.image`, as root: the Dockerfile's own steps in a clean root of the Debian that its
base image is made of, then `migrate` and `serve` as the image's user against Postgres and stand-ins.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

import httpx2

from tests.hosting.dockerfile import CERTIFICATES, Root, Stage, size, stages, take
from tests.hosting.hosts import ROOT, dockerfile
from tests.production import Production, production

NOT_RUN = """\
Not run here: the pull of the base image (Debian's own Python stood in for it), an engine's reading of the
file, its layers and their sizes, and HEALTHCHECK as an engine times it (its command was run)."""
UNSET = {"AUDIOBREW_DATA"}
"""What the image says itself."""
BUILD_TOOLS = ("gcc", "cc", "make", "uv")
PATIENCE_SECONDS = 180.0


def main() -> int:
    if os.geteuid() != 0:
        print("Please run this as root: it makes roots of their own.", file=sys.stderr)
        return 2
    with TemporaryDirectory(prefix="audiobrew-image-") as folder:
        image = built(stages(dockerfile()), Path(folder))
        _tell_sizes(image)
        brewed(image)
        with production(Path(folder)) as live:
            started(image, live)
    print(NOT_RUN)
    return 0


def built(every: list[Stage], folder: Path) -> Root:
    """The last stage's root, all steps of all stages taken in order."""
    base = _base(every, folder / "base.tar")
    roots: dict[str, Root] = {}
    for stage in every:
        roots[stage.name] = root = Root(folder / stage.name)
        _unpack(base, root.folder)
        for step in stage.steps:
            print(f"{stage.name}: {step.word} {step.rest[:100]}", flush=True)
            take(step, root, ROOT, roots)
    return roots[every[-1].name]


def _base(every: list[Stage], tar: Path) -> Path:
    """Debian's release of the base image, with its own Python, which must be of the same version."""
    [(version, release)] = {
        re.findall(r"python:(\d+\.\d+)-slim-(\w+)", one.base)[0] for one in every
    }
    packages = f"--include=python{version},python3-pip,ca-certificates"
    subprocess.run(
        ["mmdebstrap", "--quiet", "--variant=minbase", packages, release, tar], check=True
    )
    return tar


def _unpack(base: Path, folder: Path) -> None:
    """As the base image is: `python` and `pip` on the path, free to install."""
    folder.mkdir()
    subprocess.run(["tar", "-xf", base, "-C", folder], check=True)
    for mark in folder.glob("usr/lib/python3*/EXTERNALLY-MANAGED"):
        mark.unlink()
    (folder / "usr/local/bin/python").symlink_to("/usr/bin/python3")
    shutil.copy(CERTIFICATES, folder / CERTIFICATES.lstrip("/"))


def _tell_sizes(image: Root) -> None:
    ours = image.folder / "opt" / "audiobrew"
    largest = sorted(
        (
            (size(one), one.name)
            for one in ours.glob("lib/python3*/site-packages/*")
            if one.is_dir()
        ),
        reverse=True,
    )
    whole = f"{size(image.folder):.0f} MB with Debian and its Python"
    print(f"\n/opt/audiobrew is {size(ours):.0f} MB ({whole}); the largest packages:")
    print("\n".join(f"  {megabytes:6.1f}  {name}" for megabytes, name in largest[:8]), flush=True)
    documents = list(ours.rglob("discovery_cache/documents/*.json"))
    assert [one.name for one in documents] == ["gmail.v1.json"]


def brewed(image: Root) -> None:
    """An episode of a sample mail: the libraries of sound find all that they need in so small a system."""
    [sample] = image.folder.glob(
        "opt/audiobrew/lib/python3*/site-packages/audiobrew/inbox/samples/01-*"
    )
    mail = f"/{sample.relative_to(image.folder)}"
    command = ("audiobrew", "brew", mail, "-o", "/tmp/episode.mp3", "--minutes", "1")
    told = image.words(*command, AUDIOBREW_DATA="/tmp/brew")
    subprocess.run(told, check=True, stdout=subprocess.DEVNULL)
    made = image.folder / "tmp" / "episode.mp3"
    print(f"A brew in it makes an MP3 of {made.stat().st_size / 1024:.0f} kB", flush=True)


def started(image: Root, live: Production) -> None:
    assert image.user != "root"
    assert not [tool for tool in BUILD_TOOLS if found(image, tool)]
    run(image, live, "audiobrew", "migrate")
    with serving(image, live) as process:
        health = run(image, live, *image.health)
        wait_for(f"{live.url}/ready", process)
        user = Path(f"/proc/{process.pid}/status").read_text().split("Uid:\t")[1].split("\t")[0]
        print(f"health check: exit {health.returncode}; /ready: 200; user id {user}")
        assert user != "0"
        process.send_signal(signal.SIGTERM)
        begun = monotonic()
        print(f"SIGTERM: exit {process.wait(30)} after {monotonic() - begun:.1f} s")


def found(image: Root, program: str) -> bool:
    told = image.words("sh", "-c", f"command -v {program}")
    return subprocess.run(told, capture_output=True).returncode == 0


def run(image: Root, live: Production, *command: str) -> "subprocess.CompletedProcess[str]":
    told = image.words(*command, **variables(live))
    return subprocess.run(told, check=True, text=True)


@contextmanager
def serving(image: Root, live: Production) -> Iterator["subprocess.Popen[bytes]"]:
    """The image's own command, until its health check is content."""
    process = subprocess.Popen(image.words(*image.command, **variables(live)))
    try:
        wait_for(f"{live.url}/health", process)
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    """As a host does before it gives traffic."""
    late = monotonic() + PATIENCE_SECONDS
    while not answers(url):
        assert process.poll() is None
        assert monotonic() < late, url
        sleep(0.5)


def answers(url: str) -> bool:
    try:
        return httpx2.get(url, timeout=30).is_success
    except httpx2.TransportError:
        return False


def variables(live: Production) -> dict[str, str]:
    return {name: value for name, value in live.environment.items() if name not in UNSET}


if __name__ == "__main__":
    sys.exit(main())
