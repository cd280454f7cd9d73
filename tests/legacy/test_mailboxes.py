"""The import of Gmail connections: usable tokens are encrypted, others require a reconnect."""

from uuid import UUID

import psycopg
import pytest
from audiobrew.legacy.old_tables import IMPORT_LOCK
from audiobrew.sources.gmail.token_cipher import REFRESH_TOKEN, EncryptedSecret, TokenCipher

from tests.legacy.old_project import SECRET, OldProject


def stored_connection(old: OldProject, listener: str) -> tuple[str, str]:
    """The state of the stored connection, and its decrypted token."""
    query = "select trouble_type, sealed, key_id from audiobrew.mail_sources where listener_id = %s"
    [(trouble, box, key)] = old.ask(query, listener)
    sealer = TokenCipher.of(old.settings)
    state = "reconnect" if trouble == "/problems/reconnect-needed" else "connected"
    return state, sealer.decrypt(
        REFRESH_TOKEN, UUID(listener), EncryptedSecret(bytes(box), key)
    ).decode()


def test_an_imported_token_is_encrypted_and_printed_nowhere(old: OldProject) -> None:
    ada = old.listener()
    old.mailbox(ada)

    result = old.run("adopt")

    assert stored_connection(old, ada) == ("connected", f"1//{ada}")
    everything = (
        str(old.ask("select c::text from audiobrew.mail_sources c")) + result.stdout + result.stderr
    )
    for secret in (f"1//{ada}", f"ya29.{ada}", SECRET, f"1//{ada}".encode().hex()):
        assert secret not in everything
    rows = old.ask("select a::text from audiobrew.adopted_connections a")
    assert f"1//{ada}" not in str(rows)


@pytest.mark.parametrize(
    ("credentials", "word"),
    [
        ({"refresh_token": None}, "no refresh token"),
        ({"refresh_token": 7, "token": ["odd"]}, "no refresh token"),
        ({"client_id": "another"}, "another Google client"),
        ({"scopes": ["openid"]}, "reading mail was not allowed"),
        ({"email": None}, "no refresh token or address"),
    ],
)
def test_an_unusable_connection_requires_a_reconnect(
    old: OldProject, credentials: dict[str, object], word: str
) -> None:
    ada = old.listener()
    old.mailbox(ada, **credentials)

    output = old.adopt()

    assert word in output
    assert stored_connection(old, ada)[0] == "reconnect"


def test_a_refreshed_access_token_is_ignored_and_a_new_consent_imported(old: OldProject) -> None:
    ada = old.listener()
    old.mailbox(ada)
    old.adopt()
    change = (
        "update public.gmail_connections set credentials = credentials || %s::jsonb returning 1"
    )
    old.ask(change, '{"token": "ya29.renewed"}')
    old.adopt()
    assert stored_connection(old, ada) == ("connected", f"1//{ada}")
    old.ask(change, '{"refresh_token": "1//new"}')

    old.adopt()

    assert stored_connection(old, ada) == ("connected", "1//new")


def test_a_connection_made_here_is_kept(old: OldProject) -> None:
    ada, bob = old.listener(), old.listener("bob")
    old.mailbox(ada)
    old.mailbox(bob)
    old.adopt()
    old.ask(
        "update audiobrew.mail_sources set created_at = now(), name = 'new@mail.example'"
        " where listener_id = %s returning 1",
        ada,
    )
    old.ask("delete from audiobrew.mail_sources where listener_id = %s returning 1", bob)
    old.ask(
        "update public.gmail_connections set credentials = credentials ||"
        " jsonb_build_object('token', 'x') returning 1"
    )
    old.ask(
        "update public.gmail_connections set credentials = credentials ||"
        ' \'{"refresh_token": "1//later"}\' where user_id = %s returning 1',
        ada,
    )

    old.adopt()

    assert old.ask("select name from audiobrew.mail_sources") == [("new@mail.example",)]


def test_two_imports_cannot_run_at_once(old: OldProject) -> None:
    with psycopg.connect(old.owner) as other:
        other.execute("select pg_advisory_lock(%s)", [IMPORT_LOCK])
        assert "is running" in old.adopt(code=2)


def test_the_import_waits_for_locks_and_never_blocks_the_old_application(old: OldProject) -> None:
    ada = old.listener()
    old.podcast(ada)
    with psycopg.connect(old.owner) as migrating:
        migrating.execute("lock table public.podcasts in access exclusive mode")
        assert "busy" in old.adopt(code=2)
    assert "Counts are equal" in old.adopt()
