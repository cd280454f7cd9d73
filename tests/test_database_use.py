"""The choice of tests that run on Postgres leaves none out that opens a database."""

from pathlib import Path

import pytest

from tests.database_use import TESTS, imports_database, may_open_database


def uses_database(request: pytest.FixtureRequest) -> bool:
    assert isinstance(request.node, pytest.Function)
    return may_open_database(request.node)


def test_a_test_without_database_is_left_out(request: pytest.FixtureRequest) -> None:
    assert not uses_database(request)


def test_a_fixture_with_a_database_counts(request: pytest.FixtureRequest, ada: object) -> None:
    assert ada
    assert uses_database(request)


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("db/test_busy.py", True),  # imports the factory of settings itself
        ("episode/test_brewing.py", True),  # through other modules
        ("feed/conftest.py", True),
        ("models/test_openai_client.py", False),
        ("media/test_signed_urls.py", False),
    ],
)
def test_imports_are_followed(module: str, expected: bool) -> None:
    assert imports_database(TESTS / module) == expected


def test_a_file_outside_of_the_tests_opens_none(tmp_path: Path) -> None:
    file = tmp_path / "plugin.py"
    file.write_text("import tests.postgres\n")

    assert not imports_database(file)
