"""Each number in docs/limits.md is the constant or default in the code."""

import re
from pathlib import Path

import uvicorn
from audiobrew.account.local import MAX_ATTEMPTS
from audiobrew.episode.followers import STREAMS_PER_LISTENER, STREAMS_PER_PROCESS
from audiobrew.episode.playback_schemas import MAX_QUEUE
from audiobrew.http import body_limit, rate_limit, server_protocol
from audiobrew.http.client_address import IPV6_PREFIX_BITS
from audiobrew.inbox.imports.mail_import import PART_BYTES
from audiobrew.inbox.imports.store import MAX_LISTED, MAX_OPEN
from audiobrew.inbox.imports.uploads import REMEMBERED_FOR
from audiobrew.inbox.rules import MAX_RULES
from audiobrew.inbox.upload import MAX_WAITING_UPLOADS
from audiobrew.search.query import MAX_TERMS
from audiobrew.settings import Settings
from audiobrew.sources.address import inbound, smtp_receiver, smtp_session

ROOT = Path(__file__).parents[1]
DOCUMENT = (ROOT / "docs" / "limits.md").read_text("utf-8")
KB = 2**10


def rows(heading: str) -> dict[str, list[str]]:
    """The limits in a section's table, by what they limit."""
    section = DOCUMENT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    table = [line.strip("| ").split(" | ") for line in section.splitlines() if line[:1] == "|"]
    limits: dict[str, list[str]] = {}
    for subject, limit, *_ in table[2:]:
        limits.setdefault(subject, []).append(limit)
    return limits


def test_the_documented_limits_of_requests_are_correct() -> None:
    settings = Settings.model_fields
    listener = settings["requests_per_minute_per_listener"].default
    address = settings["requests_per_minute_per_address"].default

    assert rows("Requests") == {
        "requests of one listener": [f"{listener:,} a minute in one process"],
        "requests of one address without a known token": [f"{address:,} a minute in one process"],
        "uploads of one listener that arrive or are read": [
            f"{MAX_WAITING_UPLOADS} in one process; others are answered with 429 before their body is read"
        ],
        "imports of one listener that have not ended": [
            f"{MAX_OPEN}, with {settings['import_bytes'].default // 2**30} GB together in storage"
        ],
        "imports of one listener that have ended and are remembered": [
            f"the newest {MAX_LISTED}, for {REMEMBERED_FOR.days} days"
        ],
        "interests of a listener, an order or a schedule": ["500 characters"],
        "the name of a host": [
            "40 characters: letters, and between them a space, a hyphen, an apostrophe or a full stop"
        ],
        "episodes that come up next": [f"{MAX_QUEUE}"],
        "a search": [
            f"200 characters, of which the first {MAX_TERMS} words or phrases count; 50 results a page"
        ],
        "rules of one listener for newsletters": [
            f"{MAX_RULES:,}; then a change that would make one more is answered with 409"
        ],
        "event streams open at once": [
            f"{STREAMS_PER_LISTENER} of one listener, {STREAMS_PER_PROCESS:,} in all, in one process"
        ],
        "wrong sign-in codes": [
            f"{MAX_ATTEMPTS} a minute of all clients together, in one process;"
            " a correct code is always accepted"
        ],
    }
    assert re.search(r"signed in counts (\w+) times", DOCUMENT).group(1) == "five"  # type: ignore[union-attr]
    assert rate_limit.FAILURE_TOKENS == 5
    for path in rate_limit.UNLIMITED_PATHS:
        assert f"`{path}`" in DOCUMENT
    assert f"the /{IPV6_PREFIX_BITS} network" in DOCUMENT


def test_the_documented_limits_of_connections_are_correct() -> None:
    head = f"{server_protocol.HEAD_SECONDS:.0f} s"
    keep_alive = uvicorn.Config("").timeout_keep_alive

    assert rows("Connections") == {
        "a request's head": [
            f"{head} from the connection's start or its first byte",
            f"{server_protocol.HEAD_BYTES // KB} KB",
        ],
        "a body": [
            f"{body_limit.BODY_SECONDS:.0f} s, and a second more for each"
            f" {body_limit.MIN_BYTES_PER_SECOND // KB} KB that its route allows",
            f"{body_limit.JSON_BYTES // KB} KB of JSON, more where a route says so;"
            f" `AUDIOBREW_UPLOAD_BYTES` for a file, {PART_BYTES // 2**20} MB for a part of an import, three"
            " times `AUDIOBREW_MAIL_BYTES` for a delivered email",
        ],
        "the rest of a body after the answer": [head],
        "an idle connection": [f"{keep_alive} s"],
        "an answer that its client does not read": [f"{server_protocol.UNREAD_SECONDS:.0f} s"],
        "connections of one process": [
            f"the limit of open files (`ulimit -n`) less {server_protocol.OTHER_FILES},"
            f" {server_protocol.MAX_CONNECTIONS:,} at most"
        ],
    }


def test_every_documented_setting_exists() -> None:
    settings = {name.lower() for name in re.findall(r"AUDIOBREW_([A-Z_]+)", DOCUMENT)}

    assert len(settings) >= 5
    assert settings <= set(Settings.model_fields)


def test_the_readme_links_to_the_document() -> None:
    for name in ("README.md", "ARCHITECTURE.md"):
        assert "(docs/limits.md)" in (ROOT / name).read_text("utf-8")


def test_the_documented_limits_of_providers_are_correct() -> None:
    assert inbound.BYTES_PER_BYTE == 3

    [memory] = rows("Emails from providers")["emails that are being received"]
    assert memory.startswith(f"as many bytes as {inbound.LARGEST_AT_ONCE} of the largest")


def test_the_documented_limits_of_smtp_are_correct() -> None:
    size = Settings.model_fields["mail_bytes"].default // 2**20
    flood = f"{smtp_receiver.MAILS_AT_ONCE:.0f} at once, then {smtp_receiver.MAILS_PER_MINUTE:.0f}"

    assert {what: limit for what, [limit] in rows("Emails by SMTP").items()} == {
        "an email": f"{size} MB (`AUDIOBREW_MAIL_BYTES`), announced as `SIZE`",
        "emails that are being received": f"{smtp_receiver.MEMORY_BYTES // 2**20} MB together",
        "connections": f"{smtp_receiver.CONNECTIONS}, and {smtp_receiver.CONNECTIONS_PER_NETWORK} of one"
        " network",
        "emails of one network": f"{flood} a minute; an unknown recipient counts as"
        f" {smtp_session.UNKNOWN_TOKENS:.0f}",
        "recipients of an email": str(smtp_session.MAX_RECIPIENTS),
        "unknown recipients in a session": str(smtp_session.MAX_UNKNOWN),
        "emails in a session": str(smtp_session.MAX_COMMANDS["MAIL"]),
        "a command, and the whole of an email": f"{smtp_session.COMMAND_SECONDS:.0f} s",
        "a session": f"{smtp_receiver.SESSION_SECONDS / 60:.0f} minutes",
        "bare line feeds": "none",
        "commands before the reply to the last one": "none",
    }
