"""The folder that is deployed to Vercel: light enough, and enough to serve from."""

import subprocess
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from deploy.vercel import bundle
from tests.hosting.vercel import RUNTIMES, Function, environment, function
from tests.product import SAMPLES
from tests.production import Listener, Production

ALONE = (str(Path(sys.base_prefix) / "bin" / "python3"), "-B", "-E", "-s", "-S")
"""A Python without any packages but those that the function brings."""
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
DROPPED = ("/public/", "/venv/", "/.venv/", "/node_modules/", "/__pycache__/", "/.git/")
"""What Vercel leaves out of a function, wherever it is."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For the Python that runs the tests: Vercel's, 3.12, is not on every machine."""
    made = tmp_path_factory.mktemp("bundle") / "made"
    bundle.make(made, HERE)
    return made


@pytest.fixture(scope="module", params=RUNTIMES)
def ours(request: pytest.FixtureRequest, folder: Path, live: Production) -> Iterator[Function]:
    temporary = live.folder / request.param
    temporary.mkdir()
    unset = {"AUDIOBREW_DATA", "AUDIOBREW_HOST", "PORT"}
    told = {name: value for name, value in live.environment.items() if name not in unset}
    env = environment(**told, VERCEL="1", TMPDIR=str(temporary))
    with function(request.param, folder, "api/index.py", env, ALONE) as started:
        yield started


def test_the_requirements_are_those_of_the_lock_file() -> None:
    assert bundle.REQUIREMENTS.read_text(encoding="utf-8") == bundle.export()


def test_every_requirement_names_the_hashes_of_its_files() -> None:
    lines = bundle.REQUIREMENTS.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()

    assert len(lines) > 50
    assert not [line for line in lines if "--hash=sha256:" not in line]


@pytest.mark.parametrize("hashes", ["", f" --hash=sha256:{'0' * 64}"])
def test_a_package_that_is_not_the_one_of_the_lock_file_is_not_installed(
    hashes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(f"idna==3.10{hashes}\n")
    monkeypatch.setattr(bundle, "REQUIREMENTS", requirements)

    with pytest.raises(subprocess.CalledProcessError):
        bundle.install(tmp_path / "packages", HERE)

    assert not list(tmp_path.glob("packages/idna*"))


def test_what_is_left_out_is_still_what_audiobrew_depends_on() -> None:
    every = bundle.export(())

    assert not [name for name in bundle.LEFT_OUT if f"\n{name}==" not in f"\n{every}"]


def test_it_is_within_the_budget_for_the_python_that_vercel_runs(tmp_path: Path) -> None:
    bundle.make(tmp_path / "made")
    sizes = bundle.weigh(tmp_path / "made")

    assert sizes.total() <= bundle.BUDGET_MB * 2**20, bundle.told(sizes)
    assert bundle.BUDGET_MB < bundle.LIMIT_MB


def test_above_the_budget_the_largest_packages_are_named() -> None:
    weighed = bundle.told(bundle.Counter({"babel": 90 * 2**20, "lxml": 50 * 2**20}), most=1)

    assert weighed.splitlines() == [
        f"140.0 MB of {bundle.BUDGET_MB} (Vercel's limit: 250); the largest:",
        "    90.0  babel",
    ]


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    told = [sys.executable, str(Path(bundle.__file__)), str(tmp_path)]

    refused = subprocess.run(told, capture_output=True, text=True)

    assert (refused.returncode, "not empty" in refused.stderr) == (2, True)


def test_vercel_drops_nothing_of_it(folder: Path) -> None:
    files = [f"/{file.relative_to(folder)}" for file in folder.rglob("*") if file.is_file()]

    assert [file for file in files if any(part in file for part in DROPPED)] == [
        "/public/robots.txt"
    ]


def test_it_serves_alone_and_writes_nothing_but_temporary_files(
    ours: Function, live: Production, folder: Path
) -> None:
    before = files_of(folder)
    listener = live.sign_up(f"{ours.process.pid}@bundle.example")
    http = ours.client
    http.headers["Authorization"] = f"Bearer {listener.token}"

    assert ours.becomes_ready()
    for sample in sorted(SAMPLES.glob("*.eml")):
        mail = {"file": (sample.name, sample.read_bytes())}
        assert http.post("/api/mail", files=mail).status_code == HTTPStatus.CREATED
    assert http.post("/api/podcast/quote", json={"minutes": 5}).status_code == HTTPStatus.OK
    assert (
        http.post("/api/podcast/generate", json={"minutes": 5}).status_code == HTTPStatus.ACCEPTED
    )
    assert files_of(folder) == before


def test_whoever_asks_for_any_operation_is_answered(ours: Function, live: Production) -> None:
    """No route needs a package that was left out; an absent one would be a 500."""
    listener = live.sign_up(f"{ours.process.pid}@every.example")
    operations = ours.client.get("/openapi.json").json()["paths"]
    signed_in = {"Authorization": f"Bearer {listener.token}"}

    answers = {
        (method, path): ours.client.request(method, filled(path, listener), headers=signed_in)
        for path, methods in operations.items()
        for method in methods
        if not path.endswith("/events")
    }

    assert len(answers) > 40
    assert not [asked for asked, answer in answers.items() if answer.status_code >= 500]


def filled(path: str, listener: Listener) -> str:
    none = "0b0f9d5e-7a43-4a54-9c28-0a3b0f7d7c11"
    named = {"{user_id}": listener.id, "{token}": "none", "{extension}": "mp3"}
    for name, value in named.items():
        path = path.replace(name, value)
    while "{" in path:
        path = path[: path.index("{")] + none + path[path.index("}") + 1 :]
    return path


def files_of(folder: Path) -> set[Path]:
    return {file for file in folder.rglob("*") if file.is_file()}
