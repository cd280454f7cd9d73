"""Builds the wheel and proves it as a user would: `python -m tests.hosting.wheel FOLDER`.

In an environment of its own, outside of the checkout and without Node: the page and the API answer, and a
brew of a sample newsletter becomes ready.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import TypeVar

import httpx2

from deploy.wheel import UV, build_wheel

LINK = r"(http://127\.0\.0\.1:\d+)/dashboard#code=(\S+)"
ENDED = {"ready", "failed", "cancelled"}
TIMEOUT_SECONDS = 180.0
# Of the log, when something fails.
LAST_LINES = 30
T = TypeVar("T")


def main() -> int:
    with timed("the wheel is built"):
        wheel = build_wheel(Path(sys.argv[1])).resolve()
    print(f"{wheel} has {wheel.stat().st_size / 2**20:.1f} MB", flush=True)
    with TemporaryDirectory(prefix="audiobrew-proof-") as name:
        folder = Path(name)
        with timed("installed with pip's resolution into an empty environment"):
            program = install(wheel, folder)
        check_samples(folder)
        options = ("--port", "0", "--data", str(folder / "data"))
        with serving(program, folder, LINK, *options) as link:
            url, code = link.groups()
            check_pages(url)
            with timed("a sample newsletter is brewed"):
                brew(url, code, next((folder / "venv").rglob("samples/01-*.eml")))
        with timed("`uvx` runs it"):
            run_with_uvx(wheel, folder)
    return 0


@contextmanager
def timed(step: str) -> Iterator[None]:
    start = monotonic()
    yield
    print(f"{monotonic() - start:6.1f} s  {step}", flush=True)


def install(wheel: Path, folder: Path, extra: str = "") -> Path:
    """Install into a new environment, and return the program."""
    package = f"{wheel}[{extra}]" if extra else str(wheel)
    python = folder / "venv" / "bin" / "python"
    for command in (
        ("venv", "--quiet", "--python", sys.executable, str(folder / "venv")),
        ("pip", "install", "--quiet", "--python", str(python), package),
    ):
        subprocess.run([UV, *command], check=True, cwd=folder, env=uv_environment())
    return python.with_name("audiobrew")


def uv_environment() -> dict[str, str]:
    return {"UV_SYSTEM_CERTS": "1", **os.environ}


def clean_environment(folder: Path) -> dict[str, str]:
    """Without our settings, this checkout, and any program but those of the new environment."""
    path = str(folder / "venv" / "bin")
    assert shutil.which("node", path=path) is None
    return {"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8"}


def check_samples(folder: Path) -> None:
    """The package has what is beside its modules."""
    [package] = (folder / "venv").glob("lib/python*/site-packages/audiobrew")
    assert (package / "web" / "200.html").is_file()
    licences = (package / "web" / "licences.md").read_text(encoding="utf-8")
    assert licences.count("\n## ") > 10
    assert (package / "web" / "newsreader-licence.txt").is_file()
    assert list(package.glob("inbox/samples/*.eml"))
    assert list(package.glob("db/migrations/versions/0001*.py"))


@contextmanager
def serving(
    program: Path, folder: Path, pattern: str, *options: str, **env: str
) -> Iterator[re.Match[str]]:
    """Run the server. Yields the match of this pattern in what it prints."""
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [program, "serve", *options],
            cwd=folder,
            env=clean_environment(folder) | env,
            stdout=output,
            stderr=output,
        )
    try:
        yield wait_for(lambda: find_line(process, pattern, log))
    finally:
        process.terminate()
        process.wait(30)
        if sys.exc_info()[0]:
            print("\n".join(log.read_text().splitlines()[-LAST_LINES:]))


def find_line(process: "subprocess.Popen[bytes]", pattern: str, log: Path) -> re.Match[str] | None:
    assert process.poll() is None, log.read_text()
    return re.search(pattern, log.read_text())


def check_pages(url: str) -> None:
    """Each file that the page needs, a page of the app, and the API."""
    page = httpx2.get(f"{url}/dashboard").raise_for_status()
    assert page.headers["content-type"].startswith("text/html")
    names = re.findall(r'(?:href|src)="(/[^"]+\.(?:js|css|svg))"', page.text)
    assert names
    for name in names:
        assert httpx2.get(url + name).raise_for_status().content
    assert httpx2.get(f"{url}/api/config").raise_for_status().json()
    assert httpx2.get(f"{url}/health").is_success
    print(f"   the page, {len(names)} of its files, and the API answer", flush=True)


def brew(url: str, code: str, sample: Path) -> None:
    token = (
        httpx2.post(f"{url}/api/session", json={"code": code}).raise_for_status().json()["token"]
    )
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=url, headers=headers, timeout=60) as http:
        upload = {"file": (sample.name, sample.read_bytes(), "message/rfc822")}
        http.post("/api/mail", files=upload).raise_for_status()
        order = http.post("/api/podcast/generate", json={"minutes": 1}).raise_for_status().json()

        def ended() -> str | None:
            status = str(
                http.get(f"/api/podcast/{order['id']}").raise_for_status().json()["status"]
            )
            return status if status in ENDED else None

        assert wait_for(ended) == "ready"
        audio = http.get(f"/api/podcast/{order['id']}/audio", follow_redirects=True)
        assert len(audio.raise_for_status().content) > 100_000


def run_with_uvx(wheel: Path, folder: Path) -> None:
    command = [
        UV,
        "tool",
        "run",
        "--quiet",
        "--python",
        sys.executable,
        "--from",
        wheel,
        "audiobrew",
        "--version",
    ]
    result = subprocess.run(
        command, check=True, cwd=folder, env=uv_environment(), capture_output=True, text=True
    )
    assert result.stdout.startswith("audiobrew ")


def wait_for(condition: Callable[[], T | None], seconds: float = TIMEOUT_SECONDS) -> T:
    """The condition's first true result."""
    deadline = monotonic() + seconds
    while not (result := condition()):
        assert monotonic() < deadline, "it takes too long"
        sleep(0.2)
    return result


if __name__ == "__main__":
    sys.exit(main())
