"""The tables of where mails come from: Gmail, mailboxes, feeds and own addresses."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table

from audiobrew.db.metadata import tables, timestamp

mail_sources = Table(
    "mail_sources",
    tables,
    # Where a listener's mails come from, besides uploads; see sources/source.py.
    Column("id", sa.Uuid, primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("kind", sa.String(16), nullable=False),  # sources.source.SourceKind
    Column("name", sa.Text, nullable=False),
    Column("config", sa.JSON, nullable=False),
    # The encrypted password, refresh token of Gmail or local part of an own address; null without one.
    Column("sealed", sa.LargeBinary),
    Column("key_id", sa.String(64)),
    # The SHA-256 of the local part of an own address, by which arriving mails find it.
    Column("address_hash", sa.String(64)),
    Column("state", sa.String(16), nullable=False),  # sources.source.SourceState
    Column("trouble", sa.Text),  # a Problem's sentence
    Column("trouble_type", sa.String(100)),
    # How far it was read; the meaning is the kind's. Null before the first look.
    Column("cursor", sa.JSON(none_as_null=True)),
    Column("failures", sa.Integer, nullable=False),  # in a row
    Column("next_at", timestamp),  # of the next look; null: none until the listener acts
    Column("looked_at", timestamp),
    Column("succeeded_at", timestamp),
    Column("mails", sa.Integer, nullable=False),  # that came from it
    Column("new_mails", sa.Integer, nullable=False),  # of these, by the last look that found any
    # Of a long look: the mails that were looked at, of `total`; 0 of 0 if none goes on.
    Column("position", sa.Integer, nullable=False),
    Column("total", sa.Integer, nullable=False),
    Column("created_at", timestamp, nullable=False),
    Index(None, "listener_id", "created_at", "id"),
    Index(None, "next_at"),
    Index(None, "address_hash", unique=True),
)

source_mails = Table(
    "source_mails",
    tables,
    # Which mails a source brought, so that they can be deleted with it. A mail that was uploaded before is no
    # source's.
    Column(
        "source_id", sa.Uuid, ForeignKey("mail_sources.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("mail_id", sa.Uuid, ForeignKey("mails.id", ondelete="CASCADE"), primary_key=True),
    Index(None, "mail_id"),
)

confirmations = Table(
    "confirmations",
    tables,
    # What mails to an own address ask to confirm; see sources/address/confirmation.py.
    Column("number", sa.Integer, primary_key=True),
    Column("source_id", sa.Uuid, ForeignKey("mail_sources.id", ondelete="CASCADE"), nullable=False),
    Column("kind", sa.String(16), nullable=False),
    Column("sender", sa.Text, nullable=False),
    Column("url", sa.Text),
    Column("code", sa.String(20)),
    Column("created_at", timestamp, nullable=False),
    Index(None, "source_id", "created_at"),
)

waiting_senders = Table(
    "waiting_senders",
    tables,
    # New senders of an own address whose listener decides about each.
    Column("number", sa.Integer, primary_key=True),
    Column("source_id", sa.Uuid, ForeignKey("mail_sources.id", ondelete="CASCADE"), nullable=False),
    Column("key", sa.Text, nullable=False),  # mail.newsletter.Newsletter.key
    Column("address", sa.Text, nullable=False),
    Column("sender", sa.Text, nullable=False),
    Column("created_at", timestamp, nullable=False),
    Index(None, "source_id", "key", unique=True),
)

inbound_deliveries = Table(
    "inbound_deliveries",
    tables,
    # Mails that providers delivered over HTTP; see sources/address/inbound.py. Only hashes, for some days.
    Column("id", sa.String(64), primary_key=True),
    Column("digest", sa.String(64), nullable=False),
    Column("is_over", sa.Boolean, nullable=False),
    Column("created_at", timestamp, nullable=False),
    Index(None, "created_at"),
)

connections = Table(
    "connections",
    tables,
    # Empty: Gmail is a source since migration 0036, which moved the rows.
    Column(
        "listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("address", sa.Text, nullable=False),
    Column("sealed", sa.LargeBinary, nullable=False),
    Column("key_id", sa.String(64), nullable=False),
    Column("scopes", sa.JSON, nullable=False),
    Column("state", sa.String(16), nullable=False),  # connected, reconnect
    Column("label", sa.Text),  # id of the label to read; null: the one named AudioBrew
    Column("history", sa.Text),  # Gmail's history id up to which `label` was read
    Column("connected_at", timestamp, nullable=False),
    Column("read_at", timestamp),
)

gmail_mails = Table(
    "gmail_mails",
    tables,
    # Gmail messages that were imported; mail_id is null for one that cannot be parsed.
    Column(
        "listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("message", sa.String(64), primary_key=True),
    Column("label", sa.Text, primary_key=True),
    Column("mail_id", sa.Uuid, ForeignKey("mails.id", ondelete="SET NULL")),
    Column("attempts", sa.Integer),  # parse attempts that began and did not end; null: finished
    Index(None, "mail_id"),
)

consents = Table(
    "consents",
    tables,
    # Unfinished consents. Deleting the row uses up its state.
    Column("state_hash", sa.String(64), primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("sealed", sa.LargeBinary, nullable=False),  # the encrypted PKCE verifier
    Column("key_id", sa.String(64), nullable=False),
    Column("expires_at", timestamp, nullable=False),
)
