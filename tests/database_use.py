"""Which tests may open a database. On Postgres only these run: the others do the same there as on SQLite."""

import ast
import inspect
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
# A module that imports one of these, also through other modules of the tests, may open a database.
DATABASE_MODULES = {"tests.settings_factory", "tests.postgres"}
# Those fixtures of tests/conftest.py that open one. Its other fixtures do so through them.
DATABASE_FIXTURES = {"engine", "service"}


def may_open_database(item: pytest.Function) -> bool:
    """Whether the module of the test, or of one of its fixtures, can open a database."""
    if DATABASE_FIXTURES & set(item.fixturenames):
        return True
    definitions = item._fixtureinfo.name2fixturedefs.values()
    files = {item.path, *(Path(inspect.getfile(last.func)) for [*_, last] in definitions)}
    return any(imports_database(file) for file in files if file != TESTS / "conftest.py")


@cache
def imports_database(file: Path) -> bool:
    pending, seen = [file], {file}
    while pending:
        names = imported_names(pending.pop())
        if names & DATABASE_MODULES:
            return True
        files = {found for name in names if (found := module_file(name))} - seen
        pending += files
        seen |= files
    return False


@cache
def imported_names(file: Path) -> frozenset[str]:
    """Names under `tests.` that the file imports anywhere; of what is imported from a package, both names."""
    if not file.is_relative_to(TESTS):
        return frozenset()
    names = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(name for name in names if name.split(".")[0] == TESTS.name)


def module_file(name: str) -> Path | None:
    path = TESTS.parent.joinpath(*name.split("."))
    candidates = (path.with_suffix(".py"), path / "__init__.py")
    return next((file for file in candidates if file.exists()), None)
