"""The tables of accounts on a server of one's own."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint

from audiobrew.db.metadata import tables, timestamp

home_accounts = Table(
    "home_accounts",
    tables,
    # The accounts of a server of one's own (mode home); see account/home/.
    Column(
        "listener_id",
        sa.Uuid,
        ForeignKey("listeners.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("name", sa.Text, nullable=False),
    Column("key", sa.Text, nullable=False, unique=True),  # account.home.names.name_key of the name
    Column("role", sa.String(16), nullable=False),  # account.home.accounts.Role
    Column("password", sa.Text),  # an Argon2 hash; null: no password
    Column("created_at", timestamp, nullable=False),
)

passkeys = Table(
    "passkeys",
    tables,
    Column("id", sa.Uuid, primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("credential", sa.LargeBinary, nullable=False, unique=True),  # the id that WebAuthn uses
    Column("public_key", sa.LargeBinary, nullable=False),
    Column("sign_count", sa.BigInteger, nullable=False),
    Column("name", sa.String(100), nullable=False),
    Column("created_at", timestamp, nullable=False),
    Column("used_at", timestamp),
    Index(None, "listener_id"),
)

passkey_challenges = Table(
    "passkey_challenges",
    tables,
    Column("hash", sa.String(64), primary_key=True),
    # What it was made for: a passkey, or a sign-in at another provider. A challenge for one purpose is
    # refused for another.
    Column("purpose", sa.String(80), nullable=False),
    Column("expires_at", timestamp, nullable=False),
)

provided_identities = Table(
    "provided_identities",
    tables,
    # The accounts at an OpenID Connect provider with which listeners sign in, one for each.
    Column(
        "listener_id",
        sa.Uuid,
        ForeignKey("listeners.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("issuer", sa.Text, nullable=False),
    Column("subject", sa.Text, nullable=False),  # the provider's id of the account; never changes
    Column("name", sa.Text, nullable=False),
    Column("created_at", timestamp, nullable=False),
    UniqueConstraint("issuer", "subject"),
)

invitations = Table(
    "invitations",
    tables,
    Column("id", sa.Uuid, primary_key=True),
    Column("code_hash", sa.String(64), nullable=False, unique=True),
    Column("role", sa.String(16), nullable=False),
    Column("note", sa.String(100), nullable=False),  # for whom it is, in the owner's words
    # Null: the terminal printed it.
    Column("created_by", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE")),
    Column("created_at", timestamp, nullable=False),
    Column("expires_at", timestamp, nullable=False),
    Column("used_at", timestamp),
    Index(None, "created_by"),
)
