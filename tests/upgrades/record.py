"""Record the data of a version: `python -m tests.upgrades.record tests/upgrades/YYYY-MM-DD`.

Run it in a checkout of the version to record, after copying this file there. It writes two archives:
`folder.tar.xz` (one machine: SQLite and a media folder) and `postgres.tar.xz` (production: a dump of both
schemas and the objects of the bucket). Each has an `expected.json` with what a later version must find. The
processes are killed with `kill -9` while an episode is being spoken.
"""

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2

from tests.postgres import binaries
from tests.product import SAMPLES, Product
from tests.production import Production, production

BREWED_MAILS = ("01-morning-pour", "03-harbour-notes", "09-lettre-du-fleuve")
OTHER_MAILS = ("02-grid-and-gravity", "04-signal-and-static", "11-receipt")
LATER_MAILS = ("05-margin-call-cafe", "06-the-long-count")
PRONUNCIATION = {"word": "Nguyen", "say": "Win"}
PREFERENCES = {"minutes": 7, "interests": "harbours, rivers", "host_names": ["Ida", "Tom"]}
SCHEDULE = {
    "cadence": "weekly", "weekday": 0, "time": "06:30", "zone": "Europe/Berlin",
    "minutes": 5, "hosts": 2, "style": "briefing",
}  # fmt: skip
ENCRYPTION_KEYS = "2026:" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.eml").read_bytes()


def record_folder(target: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"
        product = Product(data)
        expected = use(product.http)
        expected["token"] = product.token
        product.kill()
        product.http.close()
        pack(target / "folder.tar.xz", expected, data)


def record_postgres(target: Path) -> None:
    with (
        tempfile.TemporaryDirectory() as name,
        production(Path(name), ENCRYPTION_KEYS=ENCRYPTION_KEYS) as product,
    ):
        product.serve()
        ada = product.sign_up("ada@mail.example")
        product.vendors.openai.latency = True
        headers = {"Authorization": f"Bearer {ada.token}"}
        with httpx2.Client(base_url=product.url, headers=headers, timeout=60) as http:
            expected = use(http)
        kill(product)
        expected |= {"listener": ada.id, "address": ada.address, "encryption_keys": ENCRYPTION_KEYS}
        dump_folder = Path(name) / "kept"
        dump(product, dump_folder)
        pack(target / "postgres.tar.xz", expected, dump_folder)


def use(http: httpx2.Client) -> dict[str, Any]:
    """Do what a listener does, and return what a later version must find."""
    mails = [upload(http, name) for name in BREWED_MAILS]
    ready = brew(http, mails, title="The finished one")
    settle(http, ready, {"ready"})
    cancelled_id = brew(http, mails[:1], title="The cancelled one")
    post(http, f"/api/podcast/{cancelled_id}/cancel")
    settle(http, cancelled_id, {"cancelled"})
    for name in OTHER_MAILS:
        upload(http, name)
    imported = import_file(http, mailbox_file(LATER_MAILS))
    cut_id = cut_block(http, mails[0])
    http.put("/api/pronunciations", json=PRONUNCIATION).raise_for_status()
    user_id = get(http, f"/api/podcast/{ready}")["user_id"]
    http.patch(f"/api/user/{user_id}", json={"preferences": PREFERENCES}).raise_for_status()
    review = brew(http, mails[2:], title="The one in review", review=True)
    wait(lambda: get(http, f"/api/podcast/{review}")["awaits_review"])
    remove_sentence(http, review)
    token = post(http, "/api/feed/tokens", json={"name": "Phone"})
    revoked_token = post(http, "/api/feed/tokens", json={"name": "Lost phone"})
    http.delete(f"/api/feed/tokens/{revoked_token['id']}").raise_for_status()
    http.put("/api/schedule", json=SCHEDULE).raise_for_status()
    feed = path(token["url"])
    audio = httpx2.get(
        f"{http.base_url}{feed.removesuffix('/rss.xml')}/{ready}.mp3", follow_redirects=True
    )
    expected = {
        "ready": get(http, f"/api/podcast/{ready}"),
        "script": get(http, f"/api/podcast/{ready}/script"),
        "cancelled": cancelled_id,
        "mails": get(http, "/api/mail"),
        "schedule": get(http, "/api/schedule"),
        "feed": feed,
        "revoked_feed": path(revoked_token["url"]),
        "rss": httpx2.get(f"{http.base_url}{feed}").raise_for_status().text,
        "audio_bytes": len(audio.raise_for_status().content),
        "user": get(http, f"/api/user/{user_id}"),
        "pronunciations": get(http, "/api/pronunciations"),
        "rules": get(http, "/api/rules"),
        "cut": {"mail": mails[0], "block": cut_id},
        "import": imported,
        "review": get(http, f"/api/podcast/{review}/script"),
    }
    brewing = brew(http, mails[1:2], title="The one in the middle", hosts=2)
    wait(
        lambda: in_the_middle(
            get(http, f"/api/podcast/{brewing}/script"), get(http, f"/api/podcast/{brewing}")
        )
    )
    return expected | {"brewing": brewing}


def import_file(http: httpx2.Client, content: bytes) -> Any:
    import_ = post(http, "/api/mail/imports", json={"name": "later.mbox", "bytes": len(content)})
    where = f"/api/mail/imports/{import_['id']}"
    assert len(content) <= import_["part_bytes"]
    headers = {"Content-Type": "application/octet-stream"}
    http.put(f"{where}/content?offset=0", content=content, headers=headers).raise_for_status()
    wait(lambda: get(http, where)["status"] == "done")
    return get(http, where)


def mailbox_file(names: tuple[str, ...]) -> bytes:
    return b"\n".join(b"From list@mail.example\n" + sample(name) + b"\n" for name in names)


def cut_block(http: httpx2.Client, mail: str) -> str:
    """Cut the last block that is told, which makes a rule, and return its id."""
    blocks = get(http, f"/api/mail/{mail}")["blocks"]
    id = str([block["id"] for block in blocks if block["cut"] is None][-1])
    http.patch(f"/api/mail/{mail}", json={"cut": [id]}).raise_for_status()
    return id


def remove_sentence(http: httpx2.Client, review: str) -> None:
    script = get(http, f"/api/podcast/{review}/script")
    sourced = [one for part in script["segments"] for one in part["sentences"] if one["cites"]]
    where = f"/api/podcast/{review}/script/{sourced[-1]['id']}"
    http.patch(where, json={"removed": True}).raise_for_status()


def in_the_middle(script: Any, episode: Any) -> bool:
    assert episode["status"] not in {"ready", "failed"}, episode
    return episode["status"] == "speaking" and bool(script["segments"])


def upload(http: httpx2.Client, name: str) -> str:
    files = {"file": (f"{name}.eml", sample(name), "message/rfc822")}
    return str(post(http, "/api/mail", files=files)["mails"][0]["id"])


def brew(
    http: httpx2.Client, mails: list[str], title: str, hosts: int = 1, review: bool = False
) -> str:
    order = {"email_ids": mails, "minutes": 1, "hosts": hosts, "title": title, "review": review}
    return str(post(http, "/api/podcast/generate", json=order)["id"])


def settle(http: httpx2.Client, id: str, ends: set[str]) -> None:
    wait(lambda: get(http, f"/api/podcast/{id}")["status"] in ends)


def wait(condition: Callable[[], bool], within: float = 180) -> None:
    deadline = monotonic() + within
    while not condition():
        assert monotonic() < deadline, "it takes too long"
        sleep(0.02)


def get(http: httpx2.Client, where: str) -> Any:
    return http.get(where).raise_for_status().json()


def post(http: httpx2.Client, where: str, **more: Any) -> Any:
    return http.post(where, **more).raise_for_status().json()


def path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def kill(product: Production) -> None:
    for process in product.processes:
        process.kill()
        process.wait(30)
    product.processes.clear()


def dump(product: Production, folder: Path) -> None:
    """Both schemas as SQL, and the objects of the bucket as files."""
    folder.mkdir()
    command = [str(binaries() / "pg_dump"), "--schema=audiobrew", "--schema=audiobrew_engine"]
    command += ["--file", str(folder / "dump.sql"), product.postgres.as_owner(product.database)]
    subprocess.run(command, check=True)
    for bucket in product.vendors.supabase.buckets.values():
        for key, one in bucket.objects.items():
            file = folder / "objects" / bucket.id / key
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(one.data)


def pack(archive: Path, expected: dict[str, Any], folder: Path) -> None:
    (folder / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False))
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive, "w:xz") as tar:
        tar.add(folder, "data", filter=without_owner)
    print(f"{archive}: {archive.stat().st_size / 2**20:.1f} MB")


def without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    if not (member.isfile() or member.isdir()):
        return None
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def main() -> int:
    target = Path(sys.argv[1])
    shutil.rmtree(target, ignore_errors=True)
    record_folder(target)
    record_postgres(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
