"""What every example in the contract tells: Ada's Tuesday, as the wire would tell it."""

import json
from typing import Any

ADA = "3d1c2f70-9a54-4e0b-8a34-5f0f7f2d9b10"
EPISODE = "7b0f5a52-6f0c-4a7e-9d0e-2f6f2f1f3c11"
MAIL = "c4a1e0d8-5c1f-4f0d-9c55-0a7b2b6d4e21"
PHONE = "e2a7c3b9-1d40-4b8e-8d27-6b1c9f5a7d32"
OPENER = "3q2-7wAAAAAAAAAAAAAAAA"
SHOW = f"https://audiobrew.example/feed/{OPENER}"
MORNING = "2026-11-24T06:30:00Z"
HARVEST = "The harvest in Huila grew by 12 percent this year, the growers' union reports."
TITLE = "Beans are back"
PROGRESS = {"event": "progress", "stage": "speaking", "done": 3, "total": 8, "percent": 62}

FIELDS: dict[str, Any] = {
    "address": "hello@roast.example",
    "audio_url": f"/api/podcast/{EPISODE}/audio?expires=1795501800&signature=Zm9v",
    "authorization_url": "https://accounts.google.com/o/oauth2/v2/auth?client_id=…&state=…",
    "before": EPISODE,
    "block_id": "b3",
    "calls": 14,
    "cap_usd": 0.5,
    "characters": 5980,
    "cites": ["b3"],
    "code": "WljF-HYB9qBPkd0S8E3hoUzfn1Q",
    "cost_usd": 0.07,
    "created_at": MORNING,
    "csrf_token": "5f1c8a0e7d3b496288f0c1d2e3a4b5c6d7e8f90123456789abcdef0123456789",
    "cut": 4,
    "date": MORNING,
    "dropped": [],
    "duration": 301,
    "email": "ada@mail.example",
    "end": 12.8,
    "endTime": 42.6,
    "episode": EPISODE,
    "episode_id": EPISODE,
    "error": "access_denied",
    "errors": [],
    "done": 3,
    "expires": 1795501800,
    "expires_at": "2026-12-24T06:30:00Z",
    "hosts": 2,
    "id": EPISODE,
    "idempotency-key": "tuesday-2026-11-24",
    "kind": "paragraph",
    "label": "AudioBrew",
    "label_id": "Label_12",
    "language": "en",
    "left_out": None,
    "last-event-id": 11,
    "last_at": MORNING,
    "last_episode": EPISODE,
    "last_used_at": MORNING,
    "lost_usd": 0,
    "mail_id": MAIL,
    "mailbox_connected": True,
    "minutes": 5,
    "name": "Phone",
    "newsletters": 3,
    "newsletters_told": 3,
    "next_at": "2026-11-25T05:30:00Z",
    "note": None,
    "outcome": "Brewed.",
    "percent": 62,
    "podcast_id": EPISODE,
    "prices_as_of": "2026-11-23",
    "quoted_usd": 0.08,
    "Range": "bytes=0-65535",
    "received_at": "2026-11-24T05:58:12Z",
    "revoked_at": None,
    "script_markdown": f"## {TITLE}\n\n{HARVEST}",
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
    "text": HARVEST,
    "title": "Tuesday's brew",
    "token": OPENER,
    "total": 8,
    "time_zone": "Europe/Berlin",
    "told": 12,
    "trouble": None,
    "trouble_type": None,
    "updated_at": "2026-11-24T06:31:12Z",
    "url": "https://roast.example/harvest",
    "user_id": ADA,
    "weekday": None,
    "zone": "Europe/Berlin",
}
"""By the name of a field or a parameter."""

OF_ONE: dict[str, Any] = {
    "AppConfig.supabase_key": None,
    "AppConfig.supabase_url": None,
    "AppConfig.auth": "local",
    "AppConfig.gmail": False,
    "AppConfig.translates": False,
    "AppConfig.voice": "espeak",
    "BlockLink.text": "the growers' union",
    "AppLimits.upload_bytes": 26214400,
    "AppLimits.minutes_min": 1,
    "AppLimits.minutes_max": 120,
    "AppRollout.percent": 10,
    "BlockChanges.cut": ["b9"],
    "BlockChanges.restore": ["b7"],
    "BrewRequest": {"email_ids": [MAIL], "minutes": 5, "hosts": 2, "style": "briefing"},
    "Brewing.message": "Your episode is being brewed.",
    "Chapter.title": TITLE,
    "Chapters.title": "Tuesday's brew",
    "Check.name": "database",
    "Check.told": "Postgres, up to date",
    "FeedToken.id": PHONE,
    "GmailDisconnected.message": "Gmail is disconnected.",
    "GmailEmail.id": MAIL,
    "GmailEmail.told": False,
    "GmailEmails.total": 1,
    "GmailLabel.id": "Label_12",
    "GmailLabel.name": "AudioBrew",
    "GmailStatus.state": "connected",
    "Greeting.message": "This is AudioBrew. The API is described at /docs.",
    "Mail.id": MAIL,
    "MailBlock.cut": None,
    "MailBlock.id": "b3",
    "MailWithBlocks.id": MAIL,
    "NewFeedToken.id": PHONE,
    "NewFeedToken.last_used_at": None,
    "NewFeedToken.url": f"{SHOW}/rss.xml",
    "Podcast.status": "ready",
    "EpisodeNewsletter.told": True,
    "PodcastPatch": {"title": "Beans, mostly"},
    "PodcastWithScript.newsletters": [
        {"mail_id": MAIL, "sender": "The Roast", "subject": TITLE, "told": True, "left_out": None}
    ],
    "PodcastWithScript.status": "ready",
    "ScheduleRequest": {"cadence": "daily", "time": "06:30", "zone": "Europe/Berlin", "minutes": 5},
    "ScriptSegment.end": 42.6,
    "ScriptSegment.title": TITLE,
    "Session.token": "9zq0VdC2w6bPpWcQ1r3tXk7mE5sYh8uJ",
    "SpokenSentence.id": 4,
    "SpokenSentence.kind": "sourced",
    "User.id": ADA,
    "UserDeleted.message": "Your account is being deleted, with your mails, episodes and feeds. It takes a"
    " minute or two.",
    "UserPatch": {"preferences": {"minutes": 10, "hosts": 1}},
    "feed.id": PHONE,
    "mail.before": MAIL,
    "mail.id": MAIL,
    "gmail.before": MAIL,
}
"""Of one schema as a whole, of its field, or of a parameter under one tag, where that says more."""

TEXTS: dict[str, Any] = {
    "application/rss+xml": f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
    f'<title>AudioBrew</title><item><title>Tuesday\'s brew</title><guid isPermaLink="false">{EPISODE}</guid>'
    f'<enclosure url="{SHOW}/{EPISODE}.mp3" type="audio/mpeg" length="2411520"/></item></channel></rss>',
    "text/event-stream": {"id": "12", "data": json.dumps(PROGRESS)},
    "text/plain": 'audiobrew_requests_total{method="GET",route="/health",status="200"} 41.0\n',
    "text/vtt": f"WEBVTT\n\n00:00:08.900 --> 00:00:12.800\n<v First host>{HARVEST}\n",
}
"""Of an answer that is not JSON, by its media type. Of an event stream: one event."""
STREAMS: dict[str, Any] = {
    "followPodcasts": {"data": json.dumps({**PROGRESS, "podcast_id": EPISODE})},
}
"""One event of an operation whose events are not those of a single brew."""
