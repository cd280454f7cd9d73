"""The tables of AudioBrew; those of the move, accounts, sources and search are in modules of their own. The
migrations in `db/migrations` create and change them."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint

# They add their tables to the metadata.
from audiobrew.db import account_tables, move_tables, search_tables, source_tables  # noqa: F401
from audiobrew.db.metadata import tables as tables
from audiobrew.db.metadata import timestamp

listeners = Table(
    "listeners",
    tables,
    Column("id", sa.Uuid, primary_key=True),
    # Public; the feed's guid comes from it.
    Column("show_id", sa.Uuid, nullable=False, unique=True),
    Column("preferences", sa.JSON, nullable=False, server_default="{}"),
    Column("created_at", timestamp, nullable=False),
)

deletions = Table(
    "deletions",
    tables,
    # Accounts whose deletion has begun and is not finished.
    Column("listener_id", sa.Uuid, primary_key=True),
    Column("asked_at", timestamp, nullable=False),
)

tombstones = Table(
    "tombstones",
    tables,
    # Hashes of deleted listeners, so that a token that outlives its account is still rejected.
    Column("listener_hash", sa.String(64), primary_key=True),
    Column("created_at", timestamp, nullable=False),
)

sign_in_codes = Table(
    "sign_in_codes",
    tables,
    Column("code_hash", sa.String(64), primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", timestamp, nullable=False),
)

sessions = Table(
    "sessions",
    tables,
    Column("token_hash", sa.String(64), primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", timestamp, nullable=False),
    Column("idle_until", timestamp),
    # For the list of a listener's sessions: its id, when it began, and the browser as a listener would call
    # it. Null in sessions of older versions.
    Column("id", sa.Uuid),
    Column("created_at", timestamp),
    Column("client", sa.String(100)),
    Index(None, "listener_id"),
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
    # The number of blocks that may be told, their characters, and the characters of all blocks.
    Column("told_blocks", sa.Integer, nullable=False, server_default="0"),
    Column("told_characters", sa.Integer, nullable=False, server_default="0"),
    Column("characters", sa.Integer, nullable=False, server_default="0"),
    Column("received_at", timestamp, nullable=False),
    Column("created_at", timestamp, nullable=False),
    # What it says, as mail.fingerprint.Fingerprint; null until a background job computes it, in old mails.
    Column("fingerprint", sa.LargeBinary),
    # Equal in all copies of one issue: the id of the first of them. Null if there is no copy.
    Column("issue_id", sa.Uuid),
    # Whether its sender sends newsletters, in the listener's words; null: `bulk` decides.
    Column("marked", sa.Boolean),
    UniqueConstraint("listener_id", "digest"),
    Index(None, "listener_id", "received_at", "id"),
    Index(None, "listener_id", "key"),
    Index(None, "listener_id", "address"),
    Index(None, "issue_id", "received_at", "created_at", "id"),
    Index(
        "ix_mails_without_fingerprint",
        "created_at",
        sqlite_where=sa.text("fingerprint IS NULL"),
        postgresql_where=sa.text("fingerprint IS NULL"),
    ),
)

listener_rules = Table(
    "listener_rules",
    tables,
    # What a listener decided about a newsletter, for its later issues; see inbox/rules.py.
    Column("id", sa.Uuid, primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("kind", sa.String(16), nullable=False),  # inbox.rules.RuleKind
    # Of a rule of kind newsletter: it comes first in every episode.
    Column("is_first", sa.Boolean, nullable=False, server_default=sa.false()),
    # Identify the newsletter, as in `mails`.
    Column("key", sa.Text, nullable=False),
    Column("address", sa.Text, nullable=False),
    Column("sender", sa.Text, nullable=False),
    # SHA-256 of the block's pattern; empty if the rule is about all of the newsletter.
    Column("pattern", sa.String(64), nullable=False),
    Column("text", sa.Text),  # the beginning of the block; null if the rule is about the newsletter
    Column("created_at", timestamp, nullable=False),
    UniqueConstraint("listener_id", "key", "pattern"),
)

pronunciations = Table(
    "pronunciations",
    tables,
    # How a listener wants words to be said; see episode/pronunciations.py.
    Column("id", sa.Uuid, primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("key", sa.Text, nullable=False),  # audio.pronunciation.word_key of the word
    Column("word", sa.Text, nullable=False),
    Column("say", sa.Text, nullable=False),
    Column("created_at", timestamp, nullable=False),
    UniqueConstraint("listener_id", "key"),
)

blocks = Table(
    "blocks",
    tables,
    Column("mail_id", sa.Uuid, ForeignKey("mails.id", ondelete="CASCADE"), primary_key=True),
    Column("number", sa.Integer, primary_key=True),
    Column("id", sa.String(32), nullable=False),
    Column("kind", sa.String(16), nullable=False),
    # A heading's level, 1 to 6, and what the block is for beyond its kind; both null in old mails.
    Column("level", sa.SmallInteger),
    Column("role", sa.String(16)),
    Column("text", sa.Text, nullable=False),
    Column("links", sa.JSON, nullable=False),  # [{"text", "url"}]
    # Why it is left out, by a rule or by the listener; null: it may be told.
    Column("cut", sa.String(16)),
    # The probability that an uncut block is boilerplate; null in old mails, and for no doubt.
    Column("doubt", sa.Float),
    UniqueConstraint("mail_id", "id"),
)

episodes = Table(
    "episodes",
    tables,
    Column("id", sa.Uuid, primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("title", sa.Text, nullable=False),
    Column("title_chosen", sa.Boolean, nullable=False),  # by the listener: a plan keeps it
    Column("stage", sa.String(16), nullable=False),  # db.stages.Stage
    Column("minutes", sa.Integer, nullable=False),  # as ordered
    Column("hosts", sa.Integer, nullable=False),
    Column("day", sa.Date, nullable=False),
    Column("language", sa.String(8)),
    Column("mail_count", sa.Integer, nullable=False),
    # Of these mails; null until the episode is ready, or if it is not known.
    Column("newsletters_told", sa.Integer),
    Column("trouble", sa.Text),  # a Problem's sentence, when stage is failed
    Column("trouble_type", sa.String(100)),  # the problem's type, such as /problems/cap-reached
    # Something to know about a finished episode, for example why it is short.
    Column("note", sa.Text),
    Column("attempt", sa.Integer, nullable=False),  # from 1; each retry adds one
    Column("done", sa.Integer, nullable=False),  # parts of this stage that are done, of `total`
    Column("total", sa.Integer, nullable=False),
    Column("percent", sa.Integer, nullable=False),  # of the whole brew
    Column("revision", sa.Integer, nullable=False),  # increases with every visible change
    Column("seconds", sa.Float),
    Column("bytes", sa.Integer),
    Column("media", sa.Text),  # key of the finished MP3 in the media port
    # How it sounds, as one of the first two styles and as one of all; null if only the first is known.
    Column("style", sa.String(16), nullable=False, server_default="briefing"),
    Column("show_style", sa.String(16)),
    Column("asked_language", sa.String(8)),  # null: the mails' own
    # In the listener's words, and the names of the first and the second host; both may be empty.
    Column("interests", sa.Text, nullable=False, server_default=""),
    Column("host_names", sa.JSON, nullable=False, server_default="[]"),
    Column("host_roles", sa.String(16), nullable=False, server_default="shared"),
    # Whether there are sounds between stories; null in older episodes: the service's setting decides.
    Column("sounds", sa.Boolean),
    Column("review", sa.String(8)),  # episode.episode.Review; null: the script is spoken at once
    # The listener named the mails; otherwise they are those that were new.
    Column("mails_chosen", sa.Boolean, nullable=False, server_default=sa.false()),
    Column("quoted", sa.BigInteger),  # millionths of a dollar, at the time of the order
    Column("cap", sa.BigInteger),  # millionths of a dollar: no call begins that would exceed it
    Column("idempotency_key", sa.String(200)),
    Column("request_hash", sa.String(64), nullable=False),
    Column("created_at", timestamp, nullable=False),
    Column("updated_at", timestamp, nullable=False),
    Column("published_at", timestamp),
    # How far the listener has heard it, when and where; see episode/playback.py. Null: not at all.
    Column("heard_seconds", sa.Float),
    Column("heard_at", timestamp),
    Column("heard_client", sa.String(100)),  # the browser, as a listener would call it
    Column("finished", sa.Boolean, nullable=False, server_default=sa.false()),
    Column("queue_place", sa.Integer),  # among the episodes that come up next; null: it does not
    UniqueConstraint("listener_id", "idempotency_key"),
    Index(None, "listener_id", "created_at", "id"),
    Index(None, "updated_at"),
)

episode_mails = Table(
    "episode_mails",
    tables,
    Column("episode_id", sa.Uuid, ForeignKey("episodes.id", ondelete="CASCADE"), primary_key=True),
    Column("mail_id", sa.Uuid, ForeignKey("mails.id", ondelete="CASCADE"), primary_key=True),
    Column("number", sa.Integer, nullable=False),
    Column("told", sa.Boolean),  # at least one sentence of the finished episode cites it
    Column("left_out", sa.String(16)),  # inbox.coverage.LeftOut: why it was not told
    Index(None, "mail_id"),
)

deleted_episodes = Table(
    "deleted_episodes",
    tables,
    # For an hour, so that event streams in other processes report the deletion.
    Column("episode_id", sa.Uuid, primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("deleted_at", timestamp, nullable=False),
    Index(None, "listener_id"),
    Index(None, "deleted_at"),
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
    # The words of the listener's interests that the story has.
    Column("chosen_because", sa.JSON, nullable=False, server_default="[]"),
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
    Column("clip", sa.String(64)),  # key in `paid` of the clip that contains it
    Column("start", sa.Float),
    Column("end", sa.Float),
    Column("dropped", sa.String(16)),  # why it is not spoken, a DropReason; null: it is spoken
    Column("found", sa.JSON),  # what the sources of a dropped sentence lack
    # The sentence of an earlier episode that told the same, or the story that this sentence introduces.
    Column("earlier_episode", sa.Uuid, ForeignKey("episodes.id", ondelete="SET NULL")),
    Column("earlier_number", sa.Integer),
    Column("earlier_day", sa.Date),
    Index(None, "earlier_episode"),
    # What a model says of it beside its source: `outcome` and `words`; null: no model was asked.
    Column("verdict", sa.JSON(none_as_null=True)),
    # The listener wrote or restored it in review, so it is not left out for lack of time.
    Column("kept", sa.Boolean, nullable=False, server_default=sa.false()),
    # The names and figures that a recognizer did not understand; null: none, or none listened.
    Column("unclear", sa.JSON(none_as_null=True)),
)

sources = Table(
    "sources",
    tables,
    # The blocks that an episode cites. Stored with it, so that they are shown after their mail is deleted.
    Column("episode_id", sa.Uuid, ForeignKey("episodes.id", ondelete="CASCADE"), primary_key=True),
    Column("block_id", sa.String(32), primary_key=True),
    Column("mail_id", sa.Uuid, nullable=False),
    Column("sender", sa.Text, nullable=False),
    Column("sender_domain", sa.Text),  # of the address it says it is from; null in older episodes
    Column("subject", sa.Text, nullable=False),
    Column("kind", sa.String(16), nullable=False),
    Column("text", sa.Text, nullable=False),
    Column("links", sa.JSON, nullable=False),
)

imports = Table(
    "imports",
    tables,
    # Files of mails that are read in the background; see inbox/imports/. Until then, their parts are stored.
    Column("id", sa.Uuid, primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("name", sa.Text, nullable=False),
    Column("bytes", sa.BigInteger, nullable=False),  # of the file
    Column("part_bytes", sa.Integer, nullable=False),
    Column("received", sa.BigInteger, nullable=False),  # bytes that are uploaded
    Column("content_hash", sa.String(64)),  # of the file, as the client computed it
    Column("others", sa.Boolean, nullable=False),  # whether mails that are no newsletters are kept
    Column("state", sa.String(16), nullable=False),  # inbox.imports.mail_import.ImportState
    Column("position", sa.BigInteger, nullable=False),  # bytes that are read
    Column("place", sa.JSON, nullable=False),  # inbox.mail_files.Place at which reading goes on
    Column("counts", sa.JSON, nullable=False),  # inbox.imports.mail_import.Counts
    Column("reasons", sa.JSON, nullable=False),  # for which mails were skipped
    Column("senders", sa.JSON, nullable=False),  # hashes of the keys of newsletters
    Column("attempts", sa.Integer, nullable=False),  # to read on that ended abnormally
    Column("trouble", sa.Text),  # why the import failed, as a sentence
    Column("created_at", timestamp, nullable=False),
    Column("updated_at", timestamp, nullable=False),
    Column("next_at", timestamp, nullable=False),  # of the next turn
    Index(None, "listener_id"),
    Index(None, "state", "next_at"),
)

feed_tokens = Table(
    "feed_tokens",
    tables,
    Column("id", sa.Uuid, primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("name", sa.Text, nullable=False),
    Column("token_hash", sa.String(64), nullable=False, unique=True),
    Column("created_at", timestamp, nullable=False),
    Column("last_used_at", timestamp),
    Column("revoked_at", timestamp),
    Index(None, "listener_id"),
)

paid = Table(
    "paid",
    tables,
    # SHA-256 of the request, including the listener.
    Column("key", sa.String(64), primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("kind", sa.String(16), nullable=False),  # rundown, segment, clip
    Column("answer", sa.JSON, nullable=False),
    Column("media", sa.Text),  # key of the bytes in the media port, for a clip
    Column("created_at", timestamp, nullable=False),
    Index(None, "created_at"),
)

paid_uses = Table(
    "paid_uses",
    tables,
    # Which episodes use a result. It is deleted with the last of them.
    Column("episode_id", sa.Uuid, ForeignKey("episodes.id", ondelete="CASCADE"), primary_key=True),
    Column("key", sa.String(64), ForeignKey("paid.key", ondelete="CASCADE"), primary_key=True),
    Index(None, "key"),
)

pending_deletions = Table(
    "pending_deletions",
    tables,
    # What is to be deleted outside these tables; see media/deletion_queue.py.
    Column("kind", sa.String(16), primary_key=True),  # media.deletion_queue.Kind
    Column("key", sa.Text, primary_key=True),
    Column("requested_at", timestamp, nullable=False),
    Column("not_before", timestamp, nullable=False),  # of the next attempt
    Column("claimed_until", timestamp),  # a process is working on it
    Column("attempts", sa.Integer, nullable=False),  # that failed
    Index(None, "not_before"),
)

claims = Table(
    "claims",
    tables,
    # Locks: which process is computing the result of a key; see models/key_locks.py.
    Column("key", sa.String(64), primary_key=True),
    Column("listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), nullable=False),
    Column("token", sa.String(32), nullable=False),
    Column("until", sa.Float, nullable=False),  # seconds since 1970, by the database's clock
    Index(None, "listener_id"),
)

charges = Table(
    "charges",
    tables,
    # A paid call of an episode. Reserved before it, updated with its cost after it; "lost" without a result.
    Column("id", sa.Uuid, primary_key=True),
    Column("episode_id", sa.Uuid, ForeignKey("episodes.id", ondelete="CASCADE"), nullable=False),
    Column("key", sa.String(64), nullable=False),  # of the result in `paid`
    Column("model", sa.Text, nullable=False),
    Column("units", sa.JSON, nullable=False),
    Column("amount", sa.BigInteger, nullable=False),  # millionths of a dollar
    Column("kept", sa.Boolean, nullable=False),
    Column("created_at", timestamp, nullable=False),
    Index(None, "episode_id"),
)

spending = Table(
    "spending",
    tables,
    # What a listener's calls of a day (UTC) cost; it outlives the day's episodes. See models/charges.py.
    Column(
        "listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("day", sa.Date, primary_key=True),
    Column("amount", sa.BigInteger, nullable=False),  # millionths of a dollar
)

paces = Table(
    "paces",
    tables,
    # The measured speed of a voice: sums over all finished episodes.
    Column("voice", sa.String(200), primary_key=True),
    Column("language", sa.String(8), primary_key=True),
    Column("characters", sa.BigInteger, nullable=False),
    Column("seconds", sa.Float, nullable=False),
    # Of the speech in clips alone: characters that were said, and seconds without pauses.
    Column("speech_characters", sa.BigInteger, nullable=False, server_default="0"),
    Column("speech_seconds", sa.Float, nullable=False, server_default="0"),
)

schedules = Table(
    "schedules",
    tables,
    Column(
        "listener_id", sa.Uuid, ForeignKey("listeners.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("cadence", sa.String(8), nullable=False),  # daily, weekly
    Column("weekday", sa.Integer),  # 0 is Monday; for weekly
    Column("time", sa.Time, nullable=False),  # in the time zone `zone`
    Column("zone", sa.String(64), nullable=False),  # IANA
    Column("minutes", sa.Integer, nullable=False),
    Column("hosts", sa.Integer, nullable=False),
    Column("style", sa.String(16), nullable=False),  # and `show_style` as in episodes
    Column("show_style", sa.String(16)),
    Column("language", sa.String(8)),
    Column("interests", sa.Text, nullable=False, server_default=""),
    Column("host_names", sa.JSON, nullable=False, server_default="[]"),
    Column("host_roles", sa.String(16), nullable=False, server_default="shared"),
    Column("review", sa.Boolean, nullable=False, server_default=sa.false()),
    Column("sounds", sa.Boolean),  # null: the service's setting decides
    Column("next_at", timestamp, nullable=False),
    Column("last_at", timestamp),
    Column("last_episode", sa.Uuid, ForeignKey("episodes.id", ondelete="SET NULL")),
    Column("outcome", sa.Text),  # the result of the last run, as a sentence
    Index(None, "next_at"),
)

executors = Table(
    "executors",
    tables,
    # The heartbeat of each process; see episode/worker_heartbeat.py.
    Column("id", sa.String(64), primary_key=True),
    Column("seen_at", sa.Float, nullable=False),
)

origins = Table(
    "origins",
    tables,
    Column("episode_id", sa.Uuid, ForeignKey("episodes.id", ondelete="CASCADE"), primary_key=True),
    Column("attempt", sa.Integer, primary_key=True),
    Column("request", sa.String(64), nullable=False),
)
