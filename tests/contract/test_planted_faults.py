"""The faults of the session `faults` can still be planted into the source."""

import ast
import shutil
from pathlib import Path

import pytest

from tests.contract.planted_faults import FAULTS, Fault, plant

PACKAGE = Path(__file__).parents[2] / "backend" / "audiobrew"


def test_there_are_nine_different_faults() -> None:
    assert len({fault.name for fault in FAULTS}) == 9


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault.name))
def test_a_fault_changes_the_source_and_leaves_it_python(fault: Fault, tmp_path: Path) -> None:
    file = tmp_path / fault.file
    file.parent.mkdir(exist_ok=True)
    shutil.copyfile(PACKAGE / fault.file, file)

    plant(fault, tmp_path)

    assert file.read_text() != (PACKAGE / fault.file).read_text()
    ast.parse(file.read_text())


def test_a_missing_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("here = 1\n")

    with pytest.raises(AssertionError, match="does not occur once in"):
        plant(Fault("gone", "mail", "a.py", (("there", "nowhere"),)), tmp_path)
