"""A full disk: a few megabytes of memory, mounted as a file system."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.serving import a_mail, service_settings, serving
from tests.settings_factory import POSTGRES

PAGE = 4096
MEGABYTES = 8

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk"),
    pytest.mark.skipif(bool(POSTGRES), reason="fills the disk of SQLite's file"),
]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    size = f"size={MEGABYTES}m"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", disk], check=False)
    if mounted.returncode:
        pytest.skip("this machine does not allow mounting a disk")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


@contextmanager
def filled(disk: Path, pages_left: int) -> Iterator[None]:
    free = os.statvfs(disk)
    filler = disk / "filler"
    filler.write_bytes(b"\0" * max(0, free.f_bavail * free.f_frsize - pages_left * PAGE))
    try:
        yield
    finally:
        filler.unlink()


def test_an_order_on_a_full_disk_is_either_accepted_or_refused(small_disk: Path) -> None:
    """For any amount of free space, a refused order is not stored, and an accepted one is in the list.

    An accepted order may be enqueued later."""
    settings = service_settings(small_disk, brews_per_listener=1000, side="vercel")
    answers: list[int] = []
    with serving(settings) as running, running.client(running.sign_in()) as listener:
        upload = {"file": ("beans.eml", a_mail(), "message/rfc822")}
        upload_report = listener.post("/api/mail", files=upload).raise_for_status().json()
        order = {"email_ids": [upload_report["mails"][0]["id"]]}
        for pages in [*range(0, 40, 2), *range(40, 0, -3)]:
            before = len(listener.get("/api/podcast/list?limit=200").json())
            with filled(small_disk, pages):
                for _ in range(3):
                    answer = listener.post("/api/podcast/generate", json=order)
                    answers.append(answer.status_code)
            after = len(listener.get("/api/podcast/list?limit=200").json())
            assert after - before == answers[-3:].count(202), (pages, answers[-3:])
        with_room = listener.post("/api/podcast/generate", json=order).status_code

    assert set(answers) <= {202, 507}, answers
    assert with_room == 202


def test_readiness_reports_little_disk_space_before_orders_are_refused(
    small_disk: Path,
) -> None:
    settings = service_settings(small_disk, side="vercel")
    with serving(settings) as running, running.client(running.sign_in()) as listener:
        upload = {"file": ("beans.eml", a_mail(), "message/rfc822")}
        upload_report = listener.post("/api/mail", files=upload).raise_for_status().json()
        with running.client("figures") as operator:
            answer = operator.get("/ready")
        order = listener.post(
            "/api/podcast/generate", json={"email_ids": [upload_report["mails"][0]["id"]]}
        )

    checks = {check["name"]: check for check in answer.json()["checks"]}
    assert answer.status_code == 503
    assert [name for name, check in checks.items() if not check["ready"]] == ["data folder"]
    assert "MB free: too little for an episode" in checks["data folder"]["told"]
    assert order.status_code == 202
