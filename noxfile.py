"""Every task of the repository. `python3 noxfile.py` runs all checks; `-s demo` runs the product.

A machine needs Python 3.11 with pip, and git. Whatever else a task needs, it installs: Python
packages and Node into `.nox/`, and (for tests, as root on Debian) a browser and audio tools by apt.
How is told in `nox_bootstrap.py`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # an installed nox does not look here
from nox_bootstrap import ROOT, WEB, node, npm, sync, system, unpacked_promtool, web_packages

# isort: split
import nox

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = True
nox.options.sessions = [
    *("style", "types", "contract", "tests", "postgres", "hosting", "web", "browser", "fuzz"),
]

CONTRACTS = ROOT / "contracts"
CONTRACT = CONTRACTS / "openapi.json"
PYTHON_CLIENT = CONTRACTS / "python"
TYPESCRIPT_CLIENT = WEB / "src" / "lib" / "api"
CHROMIUM = os.environ.get("CHROMIUM_PATH", "/usr/bin/chromium-headless-shell")


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


@nox.session(default=False)
def dev(session: nox.Session) -> None:
    """The API with reload and the web app with hot reload on one address, signed in, with sample mails."""
    sync(session, "web")
    web_packages(session)
    words = ("python", "scripts/dev.py", *session.posargs)
    session.run(
        *words,
        env=node(session),
        success_codes=[0, 130],
        interrupt_timeout=30,
        terminate_timeout=10,
    )


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
    needing_node = ("web", "hosting", "contract/test_check_contract.py")
    elsewhere = [f"--ignore=tests/{one}" for one in needing_node]
    chosen = session.posargs or ["tests", *elsewhere, "-n", "2", "--dist", "loadfile"]
    session.run("pytest", "-q", "-rs", "--durations=20", *chosen)


@nox.session
def postgres(session: nox.Session) -> None:
    """The tests that keep anything, on a real Postgres, and some of them through a pooler."""
    system(session, ffmpeg="ffmpeg", pg_ctlcluster="postgresql", pgbouncer="pgbouncer")
    sync(session, "test")
    rooms = ("db", "media", "models", "account", "inbox", "sources", "episode", "feed")
    every = [*(f"tests/{room}" for room in rooms), "tests/test_two_listeners.py"]
    at_once = ("-q", "-rs", "--durations=20", "-n", "2", "--dist", "loadfile")
    session.run("python", "-m", "tests.postgres", *at_once, *(session.posargs or every))
    if not session.posargs:
        pooled = [
            *("tests/db", "tests/media", "tests/models"),
            *(
                f"tests/episode/test_{one}.py"
                for one in ("brewing", "stopping", "worker_heartbeat")
            ),
        ]
        session.run("python", "-m", "tests.pgbouncer", *at_once, *pooled)


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
    """A listener's journey in a real browser, with accessibility checks; `-- tests/web/FILE` takes one."""
    system(session, pg_ctlcluster="postgresql", **{CHROMIUM: "chromium-headless-shell"})
    sync(session, "test", "web")
    web_packages(session)
    npm(session, "run", "build", silent=True)
    named = any(one.startswith("tests/") for one in session.posargs)
    chosen = [*([] if named else ["tests/web"]), *session.posargs]
    told = {**node(session), "CHROMIUM_PATH": CHROMIUM}
    at_once = ("-q", "--durations=20", "-n", "3", "--dist", "loadfile")
    session.run("pytest", *at_once, *chosen, env=told)


# -- the contract and its clients -------------------------------------------------------------


def make_clients(session: nox.Session, contract: Path, python: Path, typescript: Path) -> None:
    """Write the contract, then both clients from it."""
    session.run("python", "-m", "audiobrew", "contract", str(contract))
    session.run("python", "contracts/python_client.py", str(contract), str(python))
    web_packages(session)
    where = ("--input", str(contract), "--output", str(typescript))
    npm(session, "run", "generate", "--", *where, silent=True)


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
    session.run("python", "contracts/check_contract.py", env=node(session))
    session.run(
        "pytest", "-q", "tests/contract/test_check_contract.py", "-n", "2", env=node(session)
    )
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
    session.run(
        "python", "contracts/check_contract.py", "publish", *session.posargs, env=node(session)
    )


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
    session.run("python", "-m", "tests.contract.mutants", *session.posargs, env=node(session))


@nox.session(default=False)
def drill(session: nox.Session) -> None:
    """Kill the product at every step of a brew, 20 times, and count what was made twice."""
    sync(session, "test")
    session.run("python", "-m", "tests.drills.kill", *session.posargs)


@nox.session(default=False)
def deletions(session: nox.Session) -> None:
    """Delete at 100 random moments while storage refuses and processes die, and count what is left."""
    system(session, pg_ctlcluster="postgresql")
    sync(session, "test")
    session.run("python", "-m", "tests.drills.deletions", *session.posargs)


@nox.session(default=False)
def workers(session: nox.Session) -> None:
    """Kill one of two workers at every step, 20 times; pause one; poison them. `-- --postgres`."""
    system(session, pg_ctlcluster="postgresql")
    sync(session, "test")
    session.run("python", "-m", "tests.drills.workers", *session.posargs)


@nox.session(default=False)
def worst_mail(session: nox.Session) -> None:
    """Ten listeners upload the worst mails at once; health and lists of another one take 200 ms at most."""
    system(session, pg_ctlcluster="postgresql")
    sync(session, "test")
    session.run("python", "-m", "tests.drills.worst_mail", *session.posargs)


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


if __name__ == "__main__":
    os.chdir(ROOT)
    nox.main()
