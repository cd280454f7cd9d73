"""The old application's database and bucket: listeners, episodes, connections, and its public access."""

import argparse
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import anyio
import psycopg
from audiobrew.cli import adopt
from audiobrew.cli.refusal import Refusal
from audiobrew.db.engine import upgrade
from audiobrew.problems import Problem
from audiobrew.settings import Settings
from psycopg.types.json import Jsonb
from rich.console import Console

from tests.postgres import Cluster
from tests.production import clean_environment
from tests.standins.old import Gmail, OldApplication, add_user, as_dashboard, install
from tests.standins.old.sound import tone
from tests.standins.supabase import Supabase, serving
from tests.standins.supabase.project_state import Bucket, StoredObject

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PASSWORD = "correct horse"
CLIENT, SECRET = "old.apps.googleusercontent.com", "GOCSPX-of-the-old-application"
READ = [
    "https://www.googleapis.com/auth/gmail.readonly",
    "https://www.googleapis.com/auth/userinfo.email",
    "https://www.googleapis.com/auth/userinfo.profile",
    "openid",
]
SCRIPT = """\
# Your daily brew

## Beans are back

**Host:** Beans are back in the shop on *Tuesday*. The [roaster](https://roast.example) says so.

- The harvest grew by 12 percent.
"""

MEET = """
insert into audiobrew.listeners (id, show_id, created_at) values (%s, gen_random_uuid(), now())
on conflict (id) do update set created_at = excluded.created_at returning 1
"""
MAKE = """
with new as (select gen_random_uuid() as id)
insert into audiobrew.episodes (id, listener_id, title, title_chosen, stage, minutes, hosts, day,
  mail_count, attempt, done, total, percent, revision, seconds, bytes, media, request_hash,
  created_at, updated_at, published_at)
select id, %s, 'Made here', false, 'ready', 5, 2, current_date, 3, 1, 0, 0, 100, 1, 12.4, 3,
  'episodes/' || id || '.mp3', 'x', now(), now(), now() from new
returning id::text
"""


@dataclass
class OldProject:
    """`owner` is the superuser's URL of the database, `address` that of AudioBrew's role."""

    folder: Path
    supabase: Supabase
    url: str
    owner: str
    address: str
    listeners: list[str] = field(default_factory=list)

    # -- what was there ------------------------------------------------------------------------

    def listener(self, name: str = "ada") -> str:
        user = self.supabase.add_user(f"{name}@mail.example", PASSWORD)
        add_user(self.owner, user.id, user.email)
        self.listeners.append(user.id)
        return user.id

    def sound(self, listener: str, sound: bytes | None = None) -> str:
        """The URL of a file in the public bucket."""
        key = f"podcasts/{listener}/{uuid4()}.mp3"
        content = tone(1.0) + key.encode() if sound is None else sound
        self.supabase.buckets["podcasts"].objects[key] = StoredObject(
            content, "audio/mpeg", "max-age=3600"
        )
        return f"{self.url}/storage/v1/object/public/podcasts/{key}"

    def podcast(self, listener: str, **more: Any) -> str:
        row = {
            "id": str(uuid4()),
            "user_id": listener,
            "title": "Tuesday brew",
            "script_markdown": SCRIPT,
            "duration": 300,
            "source_emails": 2,
        } | more
        row.setdefault("audio_url", self.sound(listener))
        self.insert("podcasts", [row])
        return str(row["id"])

    def mailbox(self, listener: str, **more: Any) -> None:
        address = f"{listener[:8]}@gmail.example"
        credentials = {
            "token": f"ya29.{listener}",
            "refresh_token": f"1//{listener}",
            "token_uri": "https://oauth2.googleapis.com/token",
            "client_id": CLIENT,
            "client_secret": SECRET,
            "scopes": READ,
            "email": address,
        } | more
        row = {
            "user_id": listener,
            "email": credentials.get("email"),
            "credentials": Jsonb(credentials),
        }
        self.insert("gmail_connections", [row])

    def insert(self, table: str, rows: list[dict[str, Any]]) -> None:
        names = ", ".join(rows[0])
        values = ", ".join(f"%({name})s" for name in rows[0])
        query = f"insert into public.{table} ({names}) values ({values})"
        with psycopg.connect(self.owner) as database:
            database.cursor().executemany(query.encode(), rows)

    def close_public_access(self) -> None:
        with as_dashboard(self.owner) as database:
            database.execute((DEPLOY / "close-public-access.sql").read_bytes())

    def grant_export(self) -> None:
        with as_dashboard(self.owner) as database:
            database.execute((DEPLOY / "adopt-back.sql").read_bytes())

    def application(self) -> OldApplication:
        gmail = Gmail("http://127.0.0.1:9", CLIENT, SECRET, "https://old.example/callback")
        return OldApplication(self.owner, self.url, self.supabase.secret_key, gmail)

    # -- AudioBrew -----------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        own = {name.lower(): value for name, value in self.environment.items()}
        return Settings(
            mode="production",
            data=self.folder / "data",
            web=self.folder / "none",
            host="127.0.0.1",
            writer="extractive",
            voice="espeak",
            google_url="http://127.0.0.1:9",
            **{name: own[name] for name in own if not name.startswith("audiobrew_")},
        )

    @property
    def environment(self) -> dict[str, str]:
        return {
            "SUPABASE_URL": self.url,
            "SUPABASE_SECRET_KEY": self.supabase.secret_key,
            "SUPABASE_PUBLISHABLE_KEY": self.supabase.publishable_key,
            "DATABASE_URL": self.address,
            "GOOGLE_CLIENT_ID": CLIENT,
            "GOOGLE_CLIENT_SECRET": "GOCSPX-new",
            "REDIRECT_URI": "https://audiobrew.vercel.app/api/auth/gmail/callback",
            "OPENAI_API_KEY": "sk-none",
            "AUDIOBREW_DATA": str(self.folder / "data"),
        }

    def start(self, *words: str, **more: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "audiobrew", *words],
            env=clean_environment() | self.environment | {"COLUMNS": "120"},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            text=True,
            **more,
        )

    def adopt(self, *words: str, code: int = 0) -> str:
        """Run the command in this process, which is faster; returns its output."""
        parser, out = argparse.ArgumentParser(), StringIO()
        adopt.options(parser)
        typed = parser.parse_args(words)
        try:
            ended = anyio.run(adopt.adopt, self.settings, typed, Console(file=out, width=160))
        except (Refusal, Problem) as refused:
            ended = 2
            out.write(str(refused))
        assert ended == code, out.getvalue()
        return out.getvalue()

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        process = self.start(*words, **pipes)
        out, error = process.communicate(timeout=120)
        return subprocess.CompletedProcess(words, process.returncode, out, error)

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.owner) as database:
            return database.execute(query.encode(), values).fetchall()

    def old_rows(self) -> list[tuple[Any, ...]]:
        """All rows of the old tables, ordered."""
        tables = ("podcasts", "gmail_connections")
        return [
            row
            for name in tables
            for row in self.ask(f"select t::text from public.{name} t order by id")
        ]

    def add_own_episode(self, listener: str) -> str:
        """A finished episode that was made in AudioBrew."""
        self.ask(MEET, listener)
        [(id,)] = self.ask(MAKE, listener)
        self.keep(id, b"abc")
        return str(id)

    def keep(self, id: str, sound: bytes) -> None:
        """The audio of an episode that was made in AudioBrew."""
        bucket = self.supabase.buckets.setdefault("episodes", Bucket("episodes"))
        bucket.objects[f"episodes/{id}.mp3"] = StoredObject(sound, "audio/mpeg", "no-cache")

    def audio(self, id: str | UUID) -> bytes | None:
        bucket = self.supabase.buckets.get("episodes")
        file = bucket and bucket.objects.get(f"episodes/{id}.mp3")
        return file.data if file else None


@contextmanager
def create_old_project(postgres: Cluster, folder: Path) -> Iterator[OldProject]:
    """Create the publicly accessible old tables, the public bucket, and AudioBrew's role."""
    with ExitStack() as stack:
        supabase = Supabase()
        supabase.base = url = stack.enter_context(serving(supabase.app))
        supabase.buckets["podcasts"] = Bucket("podcasts", public=True)
        address = copy_database(postgres)
        yield OldProject(folder, supabase, url, postgres.as_owner(address), address)


def copy_database(postgres: Cluster) -> str:
    """A copy of the prepared database."""
    name = f"d{secrets.token_hex(6)}"
    ready = prepare_template(postgres).rpartition("/")
    with psycopg.connect(f"{postgres.owner}/postgres", autocommit=True) as every:
        every.execute(f'create database "{name}" template "{ready[2]}"'.encode())
    return f"{ready[0]}/{name}"


@cache
def prepare_template(postgres: Cluster) -> str:
    address = postgres.database()
    owner = postgres.as_owner(address)
    install(owner)
    with as_dashboard(owner) as database:
        database.execute(grants_sql().encode())
    upgrade(f"postgresql+psycopg://{address.partition('://')[2]}")
    return address


def grants_sql() -> str:
    """The part of the deployed SQL that concerns the old tables."""
    sql = (DEPLOY / "supabase.sql").read_text()
    block = re.search(r"^do \$\$.*?^end \$\$;", sql, re.MULTILINE | re.DOTALL)
    assert block
    return block[0]
