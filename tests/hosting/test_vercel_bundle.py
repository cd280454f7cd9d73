"""The folder that is deployed to Vercel is small enough and contains all that is needed."""

import subprocess
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from deploy.vercel import bundle
from tests.hosting.vercel import RUNTIMES, Function, environment, run_function
from tests.product import SAMPLES
from tests.production import Listener, Production

# A Python without any packages but those that the function brings.
ALONE = (str(Path(sys.base_prefix) / "bin" / "python3"), "-B", "-E", "-s", "-S")
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
# Folders that Vercel leaves out of a function, wherever they are.
DROPPED = ("/public/", "/venv/", "/.venv/", "/node_modules/", "/__pycache__/", "/.git/")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For the Python that runs the tests: Vercel's, 3.12, is not on every machine."""
    bundle_folder = tmp_path_factory.mktemp("bundle") / "made"
    bundle.make(bundle_folder, HERE)
    return bundle_folder


@pytest.fixture(scope="module", params=RUNTIMES)
def our_function(
    request: pytest.FixtureRequest, folder: Path, live: Production
) -> Iterator[Function]:
    temporary = live.folder / request.param
    temporary.mkdir()
    unset = {"AUDIOBREW_DATA", "AUDIOBREW_HOST", "PORT"}
    variables = {name: value for name, value in live.environment.items() if name not in unset}
    env = environment(**variables, VERCEL="1", TMPDIR=str(temporary))
    with run_function(request.param, folder, "api/index.py", env, ALONE) as running:
        yield running


def test_the_requirements_are_those_of_the_lock_file() -> None:
    assert bundle.REQUIREMENTS.read_text(encoding="utf-8") == bundle.export()


def test_every_requirement_names_the_hashes_of_its_files() -> None:
    lines = bundle.REQUIREMENTS.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()

    assert len(lines) > 50
    assert not [line for line in lines if "--hash=sha256:" not in line]


@pytest.mark.parametrize("hashes", ["", f" --hash=sha256:{'0' * 64}"])
def test_a_package_with_another_hash_is_not_installed(
    hashes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(f"idna==3.10{hashes}\n")
    monkeypatch.setattr(bundle, "REQUIREMENTS", requirements)

    with pytest.raises(subprocess.CalledProcessError):
        bundle.install(tmp_path / "packages", HERE)

    assert not list(tmp_path.glob("packages/idna*"))


def test_packages_that_are_left_out_are_still_dependencies() -> None:
    every = bundle.export(())

    assert not [name for name in bundle.LEFT_OUT if f"\n{name}==" not in f"\n{every}"]


def test_the_folder_is_within_the_budget_for_vercels_python(tmp_path: Path) -> None:
    bundle.make(tmp_path / "made")
    sizes = bundle.weigh(tmp_path / "made")

    assert sizes.total() <= bundle.BUDGET_MB * 2**20, bundle.summarize(sizes)
    assert bundle.BUDGET_MB < bundle.LIMIT_MB


def test_above_the_budget_the_largest_packages_are_named() -> None:
    report = bundle.summarize(bundle.Counter({"babel": 90 * 2**20, "lxml": 50 * 2**20}), most=1)

    assert report.splitlines() == [
        f"140.0 MB of {bundle.BUDGET_MB} (Vercel's limit: 250); the largest:",
        "    90.0  babel",
    ]


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    command = [sys.executable, str(Path(bundle.__file__)), str(tmp_path)]

    result = subprocess.run(command, capture_output=True, text=True)

    assert (result.returncode, "not empty" in result.stderr) == (2, True)


def test_vercel_leaves_nothing_out(folder: Path) -> None:
    files = [f"/{file.relative_to(folder)}" for file in folder.rglob("*") if file.is_file()]

    assert [file for file in files if any(part in file for part in DROPPED)] == [
        "/public/robots.txt"
    ]


def test_it_needs_nothing_else_and_writes_only_temporary_files(
    our_function: Function, live: Production, folder: Path
) -> None:
    before = files_of(folder)
    listener = live.sign_up(f"{our_function.process.pid}@bundle.example")
    http = our_function.client
    http.headers["Authorization"] = f"Bearer {listener.token}"

    assert our_function.becomes_ready()
    for sample in sorted(SAMPLES.glob("*.eml")):
        mail = {"file": (sample.name, sample.read_bytes())}
        assert http.post("/api/mail", files=mail).status_code == HTTPStatus.CREATED
    assert http.post("/api/podcast/quote", json={"minutes": 5}).status_code == HTTPStatus.OK
    assert (
        http.post("/api/podcast/generate", json={"minutes": 5}).status_code == HTTPStatus.ACCEPTED
    )
    assert files_of(folder) == before


def test_no_operation_needs_a_package_that_was_left_out(
    our_function: Function, live: Production
) -> None:
    """A missing package would be a response with status 500."""
    listener = live.sign_up(f"{our_function.process.pid}@every.example")
    operations = our_function.client.get("/openapi.json").json()["paths"]
    signed_in = {"Authorization": f"Bearer {listener.token}"}

    responses = {
        (method, path): our_function.client.request(
            method, fill_in(path, listener), headers=signed_in
        )
        for path, methods in operations.items()
        for method in methods
        if not path.endswith("/events")
    }

    assert len(responses) > 40
    assert not [
        operation for operation, response in responses.items() if response.status_code >= 500
    ]


def fill_in(path: str, listener: Listener) -> str:
    none = "0b0f9d5e-7a43-4a54-9c28-0a3b0f7d7c11"
    values = {"{user_id}": listener.id, "{token}": "none", "{extension}": "mp3"}
    for name, value in values.items():
        path = path.replace(name, value)
    while "{" in path:
        path = path[: path.index("{")] + none + path[path.index("}") + 1 :]
    return path


def files_of(folder: Path) -> set[Path]:
    return {file for file in folder.rglob("*") if file.is_file()}
