"""Three listeners upload a few of the worst mails; `worst_mail.py` takes ten, and holds to 200 ms."""

from pathlib import Path

import pytest

from tests.drills.worst_mail import MACHINE, PATHS, UPLOAD_STATUSES, WORLDS, drill


@pytest.mark.parametrize("name", [*WORLDS])
def test_others_are_answered_while_the_worst_mails_are_read(tmp_path: Path, name: str) -> None:
    """A mail that is parsed in the server stops it for 8 to 58 s; a busy machine is late with all servers."""
    with WORLDS[name](tmp_path, 3) as world:
        outcome = drill(world, seconds=1)

    assert outcome.wrong == []
    assert outcome.answers.total() >= 6
    assert outcome.answers.keys() <= UPLOAD_STATUSES
    assert outcome.seconds.keys() == {*PATHS, MACHINE}
    assert outcome.slowest < 3 + 2 * outcome.machine
