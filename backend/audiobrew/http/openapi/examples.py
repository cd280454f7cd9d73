"""The examples of bodies and parameters in the contract. All describe one listener and one episode."""

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

LISTENER_ID = "3d1c2f70-9a54-4e0b-8a34-5f0f7f2d9b10"
EPISODE_ID = "7b0f5a52-6f0c-4a7e-9d0e-2f6f2f1f3c11"
IMPORT_ID = "9c6b2f1e-4d3a-4b7c-8e5f-1a2b3c4d5e6f"
CONTENT_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
MAIL_ID = "c4a1e0d8-5c1f-4f0d-9c55-0a7b2b6d4e21"
RULE_ID = "91f0c6de-2b57-4c02-9f5e-7d3a1c8e4b60"
WORD_ID = "91f0c6de-2b57-4c02-9f5e-7d3a1c8e7a3e"
FEED_TOKEN_ID = "e2a7c3b9-1d40-4b8e-8d27-6b1c9f5a7d32"  # noqa: S105 -- an example
FEED_TOKEN = "3q2-7wAAAAAAAAAAAAAAAA"  # noqa: S105 -- an example
SESSION_ID = "f0a9b1c2-3d4e-4f5a-8b6c-7d8e9f0a1b2c"
INVITATION_ID = "a7d3c1b5-9e2f-4c8a-b6d0-1f3e5a7c9b2d"
PASSPHRASE = "four unrelated harbour kettles"  # noqa: S105 -- an example
SHOW_URL = f"https://audiobrew.example/feed/{FEED_TOKEN}"
CREATED_AT = "2026-11-24T06:30:00Z"
SENTENCE = "The harvest in Huila grew by 12 percent this year, the growers' union reports."
TITLE = "Coffee harvest grows"
MATCHING_TITLE = [{"text": "Harvest", "is_match": True}, {"text": " grows", "is_match": False}]
PROGRESS = {"event": "progress", "stage": "speaking", "done": 3, "total": 8, "percent": 62}

PASSKEY = {
    "id": "5d0c7b3a-1e9f-4a2b-8c6d-0f1e2d3c4b5a",
    "name": "Ada's phone",
    "created_at": CREATED_AT,
    "used_at": None,
}
SOURCE: Json = {
    "id": "0b9c8d7e-6f5a-4b3c-9d2e-1f0a9b8c7d6e",
    "kind": "imap",
    "name": "ada@mail.example",
    "address": "ada@mail.example, Newsletters",
    "state": "up_to_date",
    "message": "Up to date, 3 new.",
    "trouble_type": None,
    "mails": 120,
    "new_mails": 3,
    "position": 0,
    "total": 0,
    "server": {
        "host": "imap.mail.example",
        "port": 993,
        "security": "tls",
        "certificate_sha256": None,
    },
    "label": None,
    "asks_for_senders": False,
    "confirmations": [],
    "new_senders": [],
    "looked_at": CREATED_AT,
    "succeeded_at": CREATED_AT,
    "created_at": CREATED_AT,
}
OPML = (
    '<?xml version="1.0"?><opml version="2.0"><body><outline type="rss" text="The Roast"'
    ' xmlUrl="https://roast.example/feed"/></body></opml>'
)
# The browser's answers to the two passkey dialogs, shortened.
CREATED_PASSKEY = {
    "id": "mZ3q8w",
    "rawId": "mZ3q8w",
    "type": "public-key",
    "response": {"clientDataJSON": "eyJ0eXBlIjoi…", "attestationObject": "o2NmbXRk…"},
}
SIGNED_PASSKEY = {
    "id": "mZ3q8w",
    "rawId": "mZ3q8w",
    "type": "public-key",
    "response": {
        "clientDataJSON": "eyJ0eXBlIjoi…",
        "authenticatorData": "SZYN5YgO…",
        "signature": "MEUCIQDx…",
    },
}

# By the name of a field or parameter.
BY_NAME: dict[str, Any] = {
    "address": "hello@roast.example",
    "audio_url": f"/api/podcast/{EPISODE_ID}/audio?expires=1795501800&signature=Zm9v",
    "authorization_url": "https://accounts.google.com/o/oauth2/v2/auth?client_id=…&state=…",
    "before": EPISODE_ID,
    "block_id": "b3",
    "calls": 14,
    "cap_usd": 0.5,
    "characters": 5980,
    "cites": ["b3"],
    "code": "WljF-HYB9qBPkd0S8E3hoUzfn1Q",
    "cost_usd": 0.07,
    "created_at": CREATED_AT,
    "csrf_token": "5f1c8a0e7d3b496288f0c1d2e3a4b5c6d7e8f90123456789abcdef0123456789",
    "cut": 4,
    "date": CREATED_AT,
    "dropped": [],
    "duration": 301,
    "email": "ada@mail.example",
    "end": 12.8,
    "endTime": 42.6,
    "episode": EPISODE_ID,
    "episode_id": EPISODE_ID,
    "error": "access_denied",
    "errors": [],
    "done": 3,
    "expires": 1795501800,
    "expires_at": "2026-12-24T06:30:00Z",
    "hosts": 2,
    "id": EPISODE_ID,
    "idempotency-key": "order-2026-11-24",
    "kind": "paragraph",
    "label": "AudioBrew",
    "label_id": "Label_12",
    "language": "en",
    "left_out": None,
    "last-event-id": 11,
    "last_at": CREATED_AT,
    "last_episode": EPISODE_ID,
    "last_used_at": CREATED_AT,
    "interests": "Coffee and rivers; I am new to finance.",
    "host_names": ["Ada", "Ben"],
    "host_roles": "first_asks",
    "chosen_because": ["coffee"],
    "repeat_of": None,
    "lost_usd": 0,
    "mail_id": MAIL_ID,
    "mailbox_connected": True,
    "minutes": 5,
    "name": "Phone",
    "newsletters": 3,
    "newsletters_told": 3,
    "next_at": "2026-11-25T05:30:00Z",
    "note": None,
    "outcome": "Brewed.",
    "percent": 62,
    "podcast_id": EPISODE_ID,
    "prices_as_of": "2026-11-23",
    "quoted_usd": 0.08,
    "Range": "bytes=0-65535",
    "received_at": "2026-11-24T05:58:12Z",
    "revoked_at": None,
    "script_markdown": f"## {TITLE}\n\n{SENTENCE}",
    "seconds": 301.416,
    "sender": "The Roast",
    "sender_domain": "roast.example",
    "signature": "Zm9v",
    "skipped": [],
    "snippet": "The harvest in Huila grew by 12 percent this year …",
    "source_emails": 3,
    "start": 8.9,
    "startTime": 8.9,
    "state": "pJ0vXyq1R9mB",
    "subject": TITLE,
    "text": SENTENCE,
    "title": "Coffee news, November 24",
    "token": FEED_TOKEN,
    "total": 8,
    "time_zone": "Europe/Berlin",
    "told": 12,
    "trouble": None,
    "trouble_type": None,
    "updated_at": "2026-11-24T06:31:12Z",
    "url": "https://roast.example/harvest",
    "user_id": LISTENER_ID,
    "weekday": None,
    "zone": "Europe/Berlin",
}

# By schema, by field of a schema, or by tag and parameter, where a more specific example is needed.
BY_OWNER: dict[str, Any] = {
    "AppConfig.supabase_key": None,
    "AppConfig.supabase_url": None,
    "AppConfig.auth": "local",
    "AppConfig.accounts": False,
    "AppConfig.needs_owner": False,
    "AppConfig.sign_in_provider": None,
    "AppConfig.gmail": False,
    "AppConfig.translates": False,
    "AppConfig.voice": "Heart and Michael",
    "BlockLink.text": "the growers' union",
    "AppLimits.import_bytes": 4294967296,
    "AppLimits.upload_bytes": 26214400,
    "AppLimits.minutes_min": 1,
    "AppLimits.minutes_max": 120,
    "AppRollout.percent": 10,
    "BlockChanges.cut": ["b9"],
    "BlockChanges.first": None,
    "BlockChanges.newsletter": None,
    "BlockChanges.remember": True,
    "BlockChanges.restore": ["b7"],
    "BrewRequest": {"email_ids": [MAIL_ID], "minutes": 5, "hosts": 2, "style": "briefing"},
    "Brewing.message": "Your episode is being brewed.",
    "Chapter.title": TITLE,
    "Chapters.title": "Coffee news, November 24",
    "Check.name": "database",
    "Check.told": "Postgres, up to date",
    "FeedToken.id": FEED_TOKEN_ID,
    "GmailDisconnected.message": "Gmail is disconnected.",
    "GmailEmail.id": MAIL_ID,
    "GmailEmail.told": False,
    "GmailEmails.total": 1,
    "GmailLabel.id": "Label_12",
    "GmailLabel.name": "AudioBrew",
    "GmailStatus.state": "connected",
    "Greeting.message": "This is AudioBrew. The API is described at /docs.",
    "Mail.copies": [],
    "Mail.id": MAIL_ID,
    "Mail.marked": None,
    "ImportRequest": {"name": "All mail.mbox", "bytes": 52428800, "content_hash": CONTENT_HASH},
    "MailImport": {
        "id": IMPORT_ID,
        "name": "All mail.mbox",
        "status": "reading",
        "bytes": 52428800,
        "part_bytes": 4194304,
        "received_bytes": 52428800,
        "read_bytes": 20971520,
        "mails": 360,
        "newsletters": 312,
        "added": 300,
        "senders": 14,
        "other_mails": 40,
        "skipped_mails": 8,
        "skipped": [
            {
                "reason": "It is in the spam folder of Gmail.",
                "count": 8,
                "names": ["All mail.mbox, mail 3"],
            }
        ],
        "include_others": False,
        "content_hash": CONTENT_HASH,
        "trouble": None,
        "created_at": CREATED_AT,
        "updated_at": "2026-11-24T06:31:12Z",
    },
    "MailBlock.cut": None,
    "MailBlock.id": "b3",
    "MailWithBlocks.copies": [],
    "MailWithBlocks.id": MAIL_ID,
    "MailWithBlocks.marked": None,
    "MailWithBlocks.rules": [],
    "Rule.id": RULE_ID,
    "Rule.kind": "cut",
    "Rule.text": "Issue 12 is brought to you by Acme.",
    "PronunciationRequest": {"word": "Nguyen", "say": "Win"},
    "StoredWord.id": WORD_ID,
    "StoredWord.word": "Nguyen",
    "StoredWord.say": "Win",
    "NewFeedToken.id": FEED_TOKEN_ID,
    "MailBlock.level": 2,
    "MailBlock.role": None,
    "NewFeedToken.last_used_at": None,
    "NewFeedToken.url": f"{SHOW_URL}/rss.xml",
    "Podcast.status": "ready",
    "EpisodeNewsletter.told": True,
    "PodcastPatch": {"title": "Coffee harvest"},
    "Playback": {
        "seconds": 128.5,
        "finished": False,
        "heard_at": "2026-11-24T07:02:41Z",
        "client": "Firefox on Android",
    },
    "PlaybackRequest": {"seconds": 128.5, "finished": False, "age_seconds": 0},
    "Queue": {"episode_ids": [EPISODE_ID]},
    "podcast.playback": "unfinished",
    "Preferences.speed": 1.2,
    "PreferenceChanges.speed": 1.2,
    "PodcastWithScript.newsletters": [
        {
            "mail_id": MAIL_ID,
            "sender": "The Roast",
            "subject": TITLE,
            "told": True,
            "left_out": None,
        }
    ],
    "PodcastWithScript.status": "ready",
    "QuotedVoices.first": "Heart",
    "QuotedVoices.second": "Michael",
    "QuotedVoices.note": "",
    "ScheduleRequest": {"cadence": "daily", "time": "06:30", "zone": "Europe/Berlin", "minutes": 5},
    "ScriptSegment.end": 42.6,
    "ScriptSegment.title": TITLE,
    "SentenceVerdict.outcome": "supported",
    "SentenceVerdict.words": "",
    "Session.token": "9zq0VdC2w6bPpWcQ1r3tXk7mE5sYh8uJ",
    "SpokenSentence.id": 4,
    "SpokenSentence.kind": "sourced",
    "User.id": LISTENER_ID,
    "UserDeleted.message": "Your account is being deleted, with your mails, episodes and feeds. It takes a"
    " minute or two.",
    "UserPatch": {"preferences": {"minutes": 10, "hosts": 1}},
    "ProviderAddress": {"url": "https://id.example.org/authorize?client_id=audiobrew&state=…"},
    "ProviderSignIn": {"code": "SplxlOBeZQQYbYS6WxSbIA", "state": "af0ifjsldkj", "iss": None},
    "HomeAccount": {
        "name": "Ada",
        "role": "owner",
        "has_password": False,
        "provider_name": None,
        "passkeys": [PASSKEY],
        "sessions": [
            {
                "id": SESSION_ID,
                "client": "Firefox on Linux",
                "created_at": CREATED_AT,
                "current": True,
            }
        ],
    },
    "Invitation": {
        "id": INVITATION_ID,
        "note": "for Ben",
        "created_at": CREATED_AT,
        "expires_at": "2026-12-01T06:30:00Z",
    },
    "InvitationDetails.role": "listener",
    "InvitationRequest": {"note": "for Ben"},
    "NewAccount": {"code": "WljF-HYB9qBPkd0S8E3hoUzfn1Q", "name": "Ben", "password": PASSPHRASE},
    "NewAccountName.name": "Ben",
    "NewInvitation.link": "https://brew.example.org/dashboard#invitation=WljF-HYB9qBPkd0S8E3hoUzfn1Q",
    "NewPasskey": {"passkey": CREATED_PASSKEY, "name": "Ada's phone"},
    "PasskeyOptions.options": {"challenge": "n2Xq8mJ0pV5sT7wZ1bC4dA", "rpId": "brew.example.org"},
    "PasskeySignIn.passkey": SIGNED_PASSKEY,
    "PasswordChange": {"new": PASSPHRASE, "current": None},
    "PasswordSignIn": {"name": "Ada", "password": PASSPHRASE},
    "Person": {"id": LISTENER_ID, "name": "Ada", "role": "owner", "created_at": CREATED_AT},
    "SignInLink.link": "https://brew.example.org/dashboard#code=WljF-HYB9qBPkd0S8E3hoUzfn1Q",
    "NewsletterSource": SOURCE,
    "ImapServer": {
        "host": "imap.mail.example",
        "user": "ada@mail.example",
        "password": "abcd efgh",
    },
    "ImapSource": {
        "host": "imap.mail.example",
        "user": "ada@mail.example",
        "password": "abcd efgh",
        "folder": "Newsletters",
    },
    "ImapFolders.folders": ["INBOX", "Newsletters"],
    "MailServer": {"host": "nas.example", "port": 1143, "security": "starttls"},
    "MailServerCertificate": {
        "sha256": "9f2c" * 16,
        "subject": "nas.example",
        "valid_until": "2036-11-01T00:00:00Z",
    },
    "ImapSettings": {
        "provider": "Fastmail",
        "host": "imap.fastmail.com",
        "port": 993,
        "security": "tls",
        "is_own_server": False,
        "help": "Make an app password for IMAP at Fastmail, under Privacy & Security.",
        "help_url": "https://app.fastmail.com/settings/security/apps",
    },
    "FeedSource": {"address": "https://roast.example"},
    "AddressSource": {"name": "Newsletters"},
    "SenderDecision": {"newsletter": True},
    "SourceConfirmation": {
        "number": 1,
        "kind": "subscription",
        "sender": "The Roast",
        "url": "https://roast.example/confirm?id=7",
        "host": "roast.example",
        "code": None,
        "created_at": CREATED_AT,
    },
    "NewSender": {
        "number": 1,
        "sender": "The Roast",
        "address": "hello@roast.example",
        "created_at": CREATED_AT,
    },
    "SourcePatch": {"name": "The Roast"},
    "OpmlFeed": {"url": "ftp://old.example/feed", "reason": "This is not the address of a feed."},
    "OpmlImport.opml": OPML,
    "SourceLabels.has_audiobrew_label": True,
    "sources.id": SOURCE["id"],
    "sources.with_mails": False,
    "sources.address": "ada@mail.example",
    "sources.number": 1,
    "accounts.id": SESSION_ID,
    "feed.id": FEED_TOKEN_ID,
    "mail.before": MAIL_ID,
    "mail.id": MAIL_ID,
    "rules.id": RULE_ID,
    "pronunciations.id": WORD_ID,
    "mail.offset": 0,
    "podcast.number": 4,
    "EarlierSentence": {"episode_id": EPISODE_ID, "sentence_id": 3, "day": "2026-11-23"},
    "ScriptSegment.update_of": {"episode_id": EPISODE_ID, "sentence_id": 3, "day": "2026-11-23"},
    "EpisodeScript.repeats": [
        {
            "text": "The bridge was closed in May.",
            "cites": ["b4"],
            "repeat_of": {"episode_id": EPISODE_ID, "sentence_id": 4, "day": "2026-11-23"},
        }
    ],
    "EpisodeScript.suspects": [
        {"text": "Order the mug for $18.", "cites": ["b9"], "resembles": "advertising"}
    ],
    "EpisodeScript.removed": [{"id": 5, "segment": 0, "text": "Nobody was hurt."}],
    "EpisodeScript.review": {"seconds": 287.4, "cost_usd": 0.11},
    "SentencePatch": {"text": "The bridge opens on Tuesday."},
    "gmail.before": MAIL_ID,
    "search.q": "harv",
    "StoryMatch.day": "2026-11-24",
    "StoryMatch.episode_title": "Coffee news, November 24",
    "StoryMatch.sentence_id": 4,
    "StoryMatch.snippet": MATCHING_TITLE,
    "StoryMatch.story": 0,
    "StoryMatch.title": MATCHING_TITLE,
    "NewsletterMatch.id": MAIL_ID,
    "NewsletterMatch.sender": [{"text": "The Roast", "is_match": False}],
    "NewsletterMatch.subject": MATCHING_TITLE,
}

# Of responses that are not JSON, by media type. Of an event stream: one event.
BY_MEDIA_TYPE: dict[str, Any] = {
    "application/rss+xml": f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
    f"<title>AudioBrew</title><item><title>Coffee news, November 24</title>"
    f'<guid isPermaLink="false">{EPISODE_ID}</guid>'
    f'<enclosure url="{SHOW_URL}/{EPISODE_ID}.mp3" type="audio/mpeg" length="2411520"/>'
    "</item></channel></rss>",
    "text/event-stream": {"id": "12", "data": json.dumps(PROGRESS)},
    "text/plain": 'audiobrew_requests_total{method="GET",route="/health",status="200"} 41.0\n',
    "text/x-opml": OPML,
    "text/vtt": f"WEBVTT\n\n00:00:08.900 --> 00:00:12.800\n<v First host>{SENTENCE}\n",
}
# One event, for operations whose events are not those of a single brew.
BY_OPERATION: dict[str, Any] = {
    "followPodcasts": {"data": json.dumps({**PROGRESS, "podcast_id": EPISODE_ID})},
}


def add_examples(spec: Json) -> None:
    """Add an example to every body and parameter. Raises LookupError if there is none."""
    schemas = spec["components"]["schemas"]
    for item in spec["paths"].values():
        for operation in item.values():
            for media_type, media in bodies(operation):
                if "json" in media_type and "examples" not in media:
                    media["example"] = schema_example(media["schema"], schemas)
                elif media_type in BY_MEDIA_TYPE:
                    media["example"] = BY_OPERATION.get(
                        operation["operationId"], BY_MEDIA_TYPE[media_type]
                    )
            [tag] = operation["tags"]
            for parameter in operation.get("parameters", ()):
                parameter["example"] = named_example(
                    tag, parameter["name"], parameter["schema"], schemas
                )


def bodies(operation: Json) -> Iterator[tuple[str, Json]]:
    """The request's and all responses' bodies, with their media types."""
    for message in (operation.get("requestBody", {}), *operation["responses"].values()):
        yield from message.get("content", {}).items()


def named_example(owner: str, name: str, schema: Json, schemas: Json) -> Any:
    """Of a field, whose owner is a schema, or of a parameter, whose owner is its operation's tag."""
    if f"{owner}.{name}" in BY_OWNER:
        return BY_OWNER[f"{owner}.{name}"]
    if name in BY_NAME:
        return BY_NAME[name]
    try:
        return schema_example(schema, schemas)
    except LookupError as error:
        raise LookupError(f"{owner}.{name} has no example: add one to {__name__}") from error


def schema_example(schema: Json, schemas: Json, model: str = "") -> Any:
    """`model`: the name of this schema, if it has one. Raises LookupError."""
    if reference := schema.get("$ref"):
        model = reference.rpartition("/")[2]
        if model in BY_OWNER:
            return BY_OWNER[model]
        return schema_example(schemas[model], schemas, model)
    if "examples" in schema:
        return schema["examples"][0]
    if "const" in schema or "default" in schema:
        return schema.get("const", schema.get("default"))
    if "enum" in schema:
        return schema["enum"][0]
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return schema_example(choices[0], schemas)
    if schema.get("type") == "object":
        properties = schema["properties"].items()
        return {name: named_example(model, name, field, schemas) for name, field in properties}
    if schema.get("type") == "array":
        return [schema_example(schema["items"], schemas)]
    if schema.get("type") == "boolean":
        return True
    raise LookupError(f"No example for {schema}")
