"""Every task of the repository. `python3 noxfile.py` runs all checks; `-s demo` runs the product.

You need Python 3.11 or newer with pip, and git. A task installs whatever else it needs: Python packages and
Node into `.nox/`, and (for tests, as root on Debian) a browser and audio tools with apt. The code that does
so is in `nox_bootstrap.py`.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # an installed nox does not look here
from nox_bootstrap import (
    ROOT,
    WEB,
    build_web_app,
    node,
    npm,
    sync,
    system,
    unpack_tool,
    web_packages,
)

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
LIGHTHOUSE = "lighthouse@12.8.2"
# Characters of the failed tests' reports that are printed at the end.
MAX_FAILURES = 8000
# More workers than a small machine has cores, because many tests wait. Files run in the order in which
# tests/conftest.py sorts them.
PARALLEL = ("-n", "4", "--dist", "loadfile", "--no-loadscope-reorder")


# -- the product ------------------------------------------------------------------------------


@nox.session
def demo(session: nox.Session) -> None:
    """Brew an episode from the sample newsletters and serve it. `-- --once` ends after the brew."""
    sync(session, "web", voices=True)
    session.log("Building the web app …")
    web_packages(session)
    build_web_app(session)
    command = ("python", "-m", "audiobrew", "demo", *session.posargs)
    session.run(*command, success_codes=[0, 130], interrupt_timeout=30, terminate_timeout=10)


@nox.session(default=False)
def dev(session: nox.Session) -> None:
    """Run the API and the web app with reload on one address, signed in, with sample mails. `-- --port N`."""
    sync(session, "web", voices=True)
    web_packages(session)
    command = ("python", "scripts/dev.py", *session.posargs)
    session.run(
        *command,
        env=node(session),
        success_codes=[0, 130],
        interrupt_timeout=30,
        terminate_timeout=10,
    )


# -- checks -----------------------------------------------------------------------------------


@nox.session
def style(session: nox.Session) -> None:
    """Check formatting and lint Python, TypeScript, Svelte and the GitHub workflows."""
    sync(session, "style", "workflows", "web")
    session.run("ruff", "format", "--check", "--quiet")
    session.run("ruff", "check", "--quiet")
    web_packages(session)
    npm(session, "run", "lint", silent=True)
    workflows = sorted(str(path) for path in ROOT.glob(".github/workflows/*.yml"))
    session.run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows)
    compose = ("deploy/compose.yaml", "deploy/compose.mail.yaml")
    session.run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", *compose)
    session.run("zizmor", "--offline", "--quiet", "--min-severity", "low", *workflows)


@nox.session
def types(session: nox.Session) -> None:
    """Type-check the backend and the scripts (strict), and the web app."""
    sync(session, "style", "scripts", "web")
    session.run("mypy")
    session.run("mypy", "scripts")
    web_packages(session)
    npm(session, "run", "check", silent=True)


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests that need neither Node nor a browser; `-- tests/inbox -k charset` selects some."""
    system(session, ffmpeg="ffmpeg", mpg123="mpg123", git="git", pg_ctlcluster="postgresql")
    system(session, dovecot="dovecot-imapd")
    sync(session, "test", "clients")
    node_tests = ("web", "hosting", "contract/test_check_contract.py")
    ignores = [f"--ignore=tests/{path}" for path in node_tests]
    arguments = session.posargs or ["tests", *ignores, *PARALLEL]
    session.run("pytest", "-q", "-rs", "--durations=20", *arguments)


@nox.session
def postgres(session: nox.Session) -> None:
    """Run the tests that use the database on Postgres, and some of them through a connection pooler."""
    system(session, ffmpeg="ffmpeg", pg_ctlcluster="postgresql", pgbouncer="pgbouncer")
    system(session, dovecot="dovecot-imapd")
    sync(session, "test")
    rooms = ("db", "media", "models", "account", "search", "inbox", "sources", "episode", "feed")
    all_tests = [*(f"tests/{room}" for room in rooms), "tests/test_two_listeners.py"]
    options = ("-q", "-rs", "--durations=20", *PARALLEL)
    session.run("python", "-m", "tests.postgres", *options, *(session.posargs or all_tests))
    if not session.posargs:
        pooler_tests = [
            *("tests/db", "tests/media", "tests/models"),
            *(
                f"tests/episode/test_{module}.py"
                for module in ("brewing", "stopping", "worker_heartbeat")
            ),
        ]
        session.run("python", "-m", "tests.pgbouncer", *options, *pooler_tests)


@nox.session
def hosting(session: nox.Session) -> None:
    """Test the files of all hosts against one table, and the Vercel function on Vercel's own runtime."""
    system(session, pg_ctlcluster="postgresql")
    sync(session, "test", "web")
    web_packages(session)
    arguments = session.posargs or ["tests/hosting", "-n", "2", "--dist", "loadfile"]
    tools = {"UV": nox.virtualenv.UV, "CADDY": str(unpack_tool(session, "caddy", "caddy"))}
    session.run("pytest", "-q", "-rs", *arguments, env={**node(session), **tools})


@nox.session
def web(session: nox.Session) -> None:
    """Run the web app's unit tests and build it."""
    sync(session, "web")
    web_packages(session)
    npm(session, "run", "test:unit")
    build_web_app(session)


@nox.session
def browser(session: nox.Session) -> None:
    """Test the web app in a real browser, with accessibility checks; `-- tests/web/FILE` selects one file."""
    system(session, pg_ctlcluster="postgresql", **{CHROMIUM: "chromium-headless-shell"})
    sync(session, "test", "web")
    web_packages(session)
    build_web_app(session)
    has_path = any(argument.startswith("tests/") for argument in session.posargs)
    arguments = [*([] if has_path else ["tests/web"]), *session.posargs]
    variables = {**node(session), "CHROMIUM_PATH": CHROMIUM}
    options = ("-q", "--durations=20", "-n", "3", "--dist", "loadfile")
    session.run("pytest", *options, *arguments, env=variables)


# -- the contract and its clients -------------------------------------------------------------


def make_clients(session: nox.Session, contract: Path, python: Path, typescript: Path) -> None:
    """Write the contract, and generate both clients from it."""
    session.run("python", "-m", "audiobrew", "contract", str(contract))
    session.run("python", "contracts/python_client.py", str(contract), str(python))
    web_packages(session)
    where = ("--input", str(contract), "--output", str(typescript))
    npm(session, "run", "generate", "--", *where, silent=True)


@nox.session(default=False)
def generate(session: nox.Session) -> None:
    """Generate contracts/openapi.json, both clients and deploy/vercel/requirements.txt."""
    sync(session, "clients", "web")
    make_clients(session, CONTRACT, PYTHON_CLIENT, TYPESCRIPT_CLIENT)
    requirements = ("python", "deploy/vercel/bundle.py", "requirements")
    session.run(*requirements, env={"UV": nox.virtualenv.UV})


@nox.session
def contract(session: nox.Session) -> None:
    """Check that the contract and its clients are up to date, follow the rules, and break no promise."""
    sync(session, "style", "test", "clients", "web")
    with tempfile.TemporaryDirectory() as folder:  # not in .nox, which formatters ignore
        outputs = [Path(folder, name) for name in ("openapi.json", "python", "typescript")]
        make_clients(session, *outputs)
        for cache in PYTHON_CLIENT.rglob("__pycache__"):  # of tests that use the client
            shutil.rmtree(cache)
        originals = [CONTRACT, PYTHON_CLIENT, TYPESCRIPT_CLIENT]
        for original, output in zip(originals, outputs, strict=True):
            compare = ("git", "diff", "--no-index", "--exit-code", "--stat")
            session.run(*compare, str(original), str(output), external=True)
    web_packages(session, CONTRACTS)
    session.run("python", "contracts/check_contract.py", env=node(session))
    session.run(
        "pytest", "-q", "tests/contract/test_check_contract.py", "-n", "2", env=node(session)
    )
    npm(session, "run", "read", folder=CONTRACTS)
    use_python_client(session)


def use_python_client(session: nox.Session) -> None:
    """Install only the client's wheel, and run the program in its README, as a user of the client would."""
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
    """Promise the present contract to clients. `-- --first` compares it with nothing; see CONTRIBUTING.md."""
    sync(session, "clients", "web")
    web_packages(session, CONTRACTS)
    session.run(
        "python", "contracts/check_contract.py", "publish", *session.posargs, env=node(session)
    )


@nox.session
def fuzz(session: nox.Session) -> None:
    """Fuzz the service, and then a home server, as two listeners; for `-- --url URL` see `-- --help`."""
    if "--url" not in session.posargs:
        system(session, pg_ctlcluster="postgresql")
    sync(session, "test")
    session.run("python", "-m", "tests.contract.fuzz", *session.posargs)
    if not {"--url", "--home"} & set(session.posargs):
        session.run("python", "-m", "tests.contract.fuzz", "--home", *session.posargs)


# -- on request -------------------------------------------------------------------------------


@nox.session(default=False)
def bundle(session: nox.Session) -> None:
    """Build the folder for `vercel deploy` and check its size. `-- FOLDER` (default dist/vercel)."""
    folder = session.posargs or ["dist/vercel"]
    session.run("python", "deploy/vercel/bundle.py", *folder, env={"UV": nox.virtualenv.UV})


@nox.session(default=False)
def wheel(session: nox.Session) -> None:
    """Build the wheel with the web app, install it as a user would, and brew with it. `-- FOLDER` (dist)."""
    sync(session, "test", "web")
    web_packages(session)
    build_web_app(session)
    folder = session.posargs or ["dist"]
    session.run("python", "-m", "tests.hosting.wheel", *folder, env={"UV": nox.virtualenv.UV})


@nox.session(default=False)
def rehearsal(session: nox.Session) -> None:
    """Rehearse a server of one's own: wheel, Caddy, browser, Dovecot, podcast client, restore. Needs root."""
    session.run("python", "-m", "tests.drills.rehearsal", env=home_server_tools(session))


@nox.session(default=False)
def first_steps(session: nox.Session) -> None:
    """Walk from an empty machine to a phone, with screenshots. `-- FOLDER` (shots). Needs root."""
    folder = session.posargs or ["shots"]
    variables = home_server_tools(session)
    session.run("python", "-m", "tests.drills.first_steps", *folder, env=variables)


def home_server_tools(session: nox.Session) -> dict[str, str]:
    """Install what is around a server of one's own and build the web app. Returns where the tools are."""
    system(session, dovecot="dovecot-imapd", certutil="libnss3-tools")
    system(session, **{CHROMIUM: "chromium-headless-shell"})
    sync(session, "test", "web")
    web_packages(session)
    build_web_app(session)
    tools = {"UV": nox.virtualenv.UV, "CADDY": str(unpack_tool(session, "caddy", "caddy"))}
    return {**node(session), **tools, "CHROMIUM_PATH": CHROMIUM}


@nox.session(default=False)
def landing_sample(session: nox.Session) -> None:
    """Brew the sample episode of the landing page with the natural voices."""
    sync(session, voices=True)
    session.run("python", "scripts/landing_sample.py")


@nox.session(default=False)
def screenshots(session: nox.Session) -> None:
    """Take the landing page's pictures of the product, with the sample newsletters in it."""
    system(session, **{CHROMIUM: "chromium-headless-shell"})
    sync(session, "test", "web")
    web_packages(session)
    build_web_app(session)
    session.run(
        "python", "-m", "tests.web.screenshots", env={**node(session), "CHROMIUM_PATH": CHROMIUM}
    )


@nox.session(default=False)
def image(session: nox.Session) -> None:
    """Run the Dockerfile's steps in a clean root file system, start the result and poll it. Needs root."""
    system(session, mmdebstrap="mmdebstrap", pg_ctlcluster="postgresql")
    sync(session, "test", "web")
    session.run("python", "-m", "tests.hosting.image", *session.posargs)


@nox.session(default=False)
def faults(session: nox.Session) -> None:
    """Plant nine faults, one at a time in a copy of the project, and print which check finds which."""
    system(session, pg_ctlcluster="postgresql")
    sync(session, "test", "web")
    web_packages(session, CONTRACTS)
    session.run("python", "-m", "tests.contract.mutants", *session.posargs, env=node(session))


@nox.session(default=False)
def drill(session: nox.Session) -> None:
    """Kill the product at every step of a brew, 20 times; `-- --voice natural` kills the voice, too."""
    sync(session, "test")
    session.run("python", "-m", "tests.drills.kill", *session.posargs)


@nox.session(default=False)
def deletions(session: nox.Session) -> None:
    """Delete things at 100 random moments while storage fails and processes die, and count what is left."""
    system(session, pg_ctlcluster="postgresql")
    sync(session, "test")
    session.run("python", "-m", "tests.drills.deletions", *session.posargs)


@nox.session(default=False)
def workers(session: nox.Session) -> None:
    """Kill one of two workers at every step, 20 times; pause one; poison both. `-- --postgres`."""
    system(session, pg_ctlcluster="postgresql")
    sync(session, "test")
    session.run("python", "-m", "tests.drills.workers", *session.posargs)


@nox.session(default=False)
def worst_mail(session: nox.Session) -> None:
    """Upload the worst mails as ten listeners; health and another one's lists must answer within 200 ms."""
    system(session, pg_ctlcluster="postgresql")
    sync(session, "test")
    session.run("python", "-m", "tests.drills.worst_mail", *session.posargs)


@nox.session(default=False)
def guesses(session: nox.Session) -> None:
    """Guess 10,000 passwords on a server of one's own, and compare the times of the answers."""
    sync(session, "test")
    session.run("python", "-m", "tests.drills.guesses", *session.posargs)


@nox.session(default=False)
def mailbox(session: nox.Session) -> None:
    """Kill the product five times while it reads a Dovecot with 20,000 mails. Needs root."""
    system(session, dovecot="dovecot-imapd")
    sync(session, "test")
    session.run("python", "-m", "tests.drills.mailbox", *session.posargs)


@nox.session(default=False)
def rollback(session: nox.Session) -> None:
    """Move from one side to the other, kill one during a brew, and move back: nothing may be lost."""
    system(session, pg_ctlcluster="postgresql")
    sync(session, "test", "web")
    web_packages(session)
    session.run("python", "-m", "tests.drills.rollback", *session.posargs, env=node(session))


@nox.session(default=False)
def adoption(session: nox.Session) -> None:
    """Kill `audiobrew adopt` for ten minutes on 10,000 old rows, let it finish, and check every row."""
    system(session, pg_ctlcluster="postgresql")
    sync(session, "test")
    session.run("python", "-m", "tests.drills.adoption", *session.posargs)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure cost and speed, each as a ratio to a floor from the same run; `-- listing` runs one program."""
    system(session, ffmpeg="ffmpeg", wrk="wrk", pg_ctlcluster="postgresql")
    sync(session, "test")
    for program in session.posargs or ["join", "listing", "inbox", "start", "brew"]:
        session.run("python", f"benchmarks/{program}.py")


@nox.session(default=False)
def hearing(session: nox.Session) -> None:
    """Brew with voices of this machine; print what a recognizer and FFmpeg hear. `-- fast de` tries one."""
    system(session, ffmpeg="ffmpeg")
    sync(session, "test")
    runs = [session.posargs] if session.posargs else [["espeak"], ["fast"], ["natural"]]
    for words in runs:
        session.run("python", "-m", "benchmarks.hearing", *words)


@nox.session(default=False)
def pages(session: nox.Session) -> None:
    """Measure the weight and speed of the web app's main pages with Lighthouse, in Chromium."""
    system(session, chromium="chromium")
    sync(session, "test", "web")
    web_packages(session)
    build_web_app(session)
    folder = Path(session.create_tmp())
    npm(session, "install", "--silent", "--no-audit", "--no-fund", LIGHTHOUSE, folder=folder)
    program = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    variables = {"LIGHTHOUSE": str(program), "CHROMIUM_PATH": "/usr/bin/chromium"}
    session.run("python", "benchmarks/pages.py", env=node(session) | variables)


@nox.session(default=False)
def load(session: nox.Session) -> None:
    """Measure CPU per request, memory, and the load at which the service breaks. `-- routes ramp storm`."""
    system(session, ffmpeg="ffmpeg", pg_ctlcluster="postgresql")
    sync(session, "load")
    session.run("python", "-m", "benchmarks.load", *session.posargs)


@nox.session(default=False)
def soak(session: nox.Session) -> None:
    """Run all kinds of load for half an hour; fails if a process grows. `-- 5` runs it for five minutes."""
    system(session, ffmpeg="ffmpeg", pg_ctlcluster="postgresql")
    sync(session, "load")
    session.run("python", "-m", "benchmarks.load.soak", *session.posargs)


@nox.session(default=False, venv_backend="none")
def promtool(session: nox.Session) -> None:
    """Check the alert rules and run their tests, with promtool from Debian's package."""
    tool = str(unpack_tool(session, "prometheus", "promtool"))
    with session.chdir(ROOT / "deploy"):
        session.run(tool, "check", "rules", "alerts.yml", external=True)
        session.run(tool, "test", "rules", "alerts_test.yml", external=True)


def print_failures(path: Path) -> None:
    """Print what tests/conftest.py wrote about each failed test: other sessions' output follows the first."""
    if failures := path.read_text(encoding="utf-8"):
        print(f"\nThe tests that failed:\n\n{failures[:MAX_FAILURES]}", file=sys.stderr, flush=True)
    path.unlink()


if __name__ == "__main__":
    os.chdir(ROOT)
    descriptor, name = tempfile.mkstemp(prefix="audiobrew-failures-")
    os.close(descriptor)
    os.environ["AUDIOBREW_FAILURES"] = name
    atexit.register(print_failures, Path(name))
    nox.main()
