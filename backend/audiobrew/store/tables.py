"""Every table of AudioBrew, once. Migrations in `store/migrations` bring a database to this shape."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint

tables = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

moment = sa.DateTime(timezone=True)
"""Always UTC; SQLite gives it back without a zone, so queries read it through `store.moment.utc`."""

listeners = Table(
    "listeners",
    tables,
    Column("id", sa.Uuid, primary_key=True),
    Column(
        "show_id", sa.Uuid, nullable=False, unique=True
    ),  # public; the feed's guid comes from it
    Column("created_at", moment, nullable=False),
)

sign_in_codes = Table(
    "sign_in_codes",
    tables,
    Column("code_hash", sa.String(64), primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", moment, nullable=False),
)

sessions = Table(
    "sessions",
    tables,
    Column("token_hash", sa.String(64), primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", moment, nullable=False),
)

mails = Table(
    "mails",
    tables,
    Column("id", sa.Uuid, primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("digest", sa.String(64), nullable=False),
    Column("key", sa.Text, nullable=False),
    Column("sender", sa.Text, nullable=False),
    Column("address", sa.Text, nullable=False),
    Column("subject", sa.Text, nullable=False),
    Column("language", sa.String(8), nullable=False),
    Column("bulk", sa.Boolean, nullable=False),
    Column("received_at", moment, nullable=False),
    Column("created_at", moment, nullable=False),
    UniqueConstraint("listener_id", "digest"),
    Index(None, "listener_id", "received_at", "id"),
)

blocks = Table(
    "blocks",
    tables,
    Column("mail_id", sa.Uuid, ForeignKey("mails.id", ondelete="CASCADE"), primary_key=True),
    Column("number", sa.Integer, primary_key=True),
    Column("id", sa.String(32), nullable=False),
    Column("kind", sa.String(16), nullable=False),
    Column("text", sa.Text, nullable=False),
    Column("links", sa.JSON, nullable=False),  # [{"text", "url"}]
    Column("cut", sa.String(16)),  # as the rules said or the listener decided; null is told
    UniqueConstraint("mail_id", "id"),
)

episodes = Table(
    "episodes",
    tables,
    Column("id", sa.Uuid, primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("title", sa.Text, nullable=False),
    Column("title_chosen", sa.Boolean, nullable=False),  # by the listener: the writer leaves it
    Column("stage", sa.String(16), nullable=False),  # episode.episode.Stage
    Column("minutes", sa.Integer, nullable=False),  # asked
    Column("hosts", sa.Integer, nullable=False),
    Column("day", sa.Date, nullable=False),
    Column("language", sa.String(8)),
    Column("mail_count", sa.Integer, nullable=False),
    Column("trouble", sa.Text),  # a Problem's sentence, when stage is failed
    Column(
        "note", sa.Text
    ),  # something to know about a finished episode, for example why it is short
    Column("attempt", sa.Integer, nullable=False),  # from 1; a retry is the next one
    Column("done", sa.Integer, nullable=False),  # parts of this stage that are done, of `total`
    Column("total", sa.Integer, nullable=False),
    Column("percent", sa.Integer, nullable=False),  # of the whole brew
    Column("revision", sa.Integer, nullable=False),  # rises with every change a listener may watch
    Column("seconds", sa.Float),
    Column("bytes", sa.Integer),
    Column("media", sa.Text),  # key of the finished MP3 in the media port
    Column("idempotency_key", sa.String(200)),
    Column("request_hash", sa.String(64), nullable=False),
    Column("created_at", moment, nullable=False),
    Column("updated_at", moment, nullable=False),
    Column("published_at", moment),
    UniqueConstraint("listener_id", "idempotency_key"),
    Index(None, "listener_id", "created_at", "id"),
)

episode_mails = Table(
    "episode_mails",
    tables,
    Column("episode_id", sa.Uuid, ForeignKey("episodes.id", ondelete="CASCADE"), primary_key=True),
    Column("mail_id", sa.Uuid, ForeignKey("mails.id", ondelete="CASCADE"), primary_key=True),
    Column("number", sa.Integer, nullable=False),
    Index(None, "mail_id"),
)

segments = Table(
    "segments",
    tables,
    Column("episode_id", sa.Uuid, ForeignKey("episodes.id", ondelete="CASCADE"), primary_key=True),
    Column("number", sa.Integer, primary_key=True),
    Column("title", sa.Text, nullable=False),
    Column("language", sa.String(8), nullable=False),
    Column("start", sa.Float),
    Column("end", sa.Float),
)

sentences = Table(
    "sentences",
    tables,
    Column("episode_id", sa.Uuid, ForeignKey("episodes.id", ondelete="CASCADE"), primary_key=True),
    Column("number", sa.Integer, primary_key=True),
    Column("segment", sa.Integer, nullable=False),
    Column("speaker", sa.String(8), nullable=False),
    Column("kind", sa.String(16), nullable=False),
    Column("text", sa.Text, nullable=False),
    Column("cites", sa.JSON, nullable=False),  # block ids
    Column("clip", sa.String(64)),  # paid-once key of the clip it is heard in
    Column("start", sa.Float),
    Column("end", sa.Float),
    Column("dropped", sa.String(16)),  # script.script.Why; such a sentence is not spoken
    Column("found", sa.JSON),  # what in a dropped sentence had no source
)

sources = Table(
    "sources",
    tables,
    # What an episode cites, kept with it, so that a source is still shown once its mail is deleted.
    Column("episode_id", sa.Uuid, ForeignKey("episodes.id", ondelete="CASCADE"), primary_key=True),
    Column("block_id", sa.String(32), primary_key=True),
    Column("mail_id", sa.Uuid, nullable=False),
    Column("sender", sa.Text, nullable=False),
    Column("subject", sa.Text, nullable=False),
    Column("kind", sa.String(16), nullable=False),
    Column("text", sa.Text, nullable=False),
    Column("links", sa.JSON, nullable=False),
)

feed_tokens = Table(
    "feed_tokens",
    tables,
    Column("id", sa.Uuid, primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("name", sa.Text, nullable=False),
    Column("token_hash", sa.String(64), nullable=False, unique=True),
    Column("created_at", moment, nullable=False),
    Column("last_used_at", moment),
    Column("revoked_at", moment),
    Index(None, "listener_id"),
)

paid = Table(
    "paid",
    tables,
    Column("key", sa.String(64), primary_key=True),  # sha256 of what was asked, listener included
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("kind", sa.String(16), nullable=False),  # rundown, segment, clip
    Column("answer", sa.JSON, nullable=False),
    Column("media", sa.Text),  # key of the bytes in the media port, for a clip
    Column("created_at", moment, nullable=False),
    Index(None, "created_at"),
)

executors = Table(
    "executors",
    tables,
    # One heartbeat a process: see episode/lease.py.
    Column("id", sa.String(64), primary_key=True),
    Column("seen_at", sa.Float, nullable=False),
)
