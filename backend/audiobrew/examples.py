"""An example of every body in the contract, put together from one of every field: they tell one story."""

from typing import Any

Json = dict[str, Any]
ID = "7b0f5a52-6f0c-4a7e-9d0e-2f6f2f1f3c11"
MOMENT = "2026-11-24T06:30:00Z"
FORMATS = {"uuid": ID, "date-time": MOMENT, "date": "2026-11-24", "binary": "(bytes)"}
NOBODY_ASKED: Any = None
FIELDS: dict[str, Any] = {
    "audio_url": f"/api/podcast/{ID}/audio?expires=1795501800&signature=Zm9v",
    "authorization_url": "https://accounts.google.com/o/oauth2/v2/auth?client_id=…&state=…",
    "address": "hello@roast.example",
    "block_id": "b3",
    "chapter": 0,
    "characters": 5980,
    "cites": ["b3"],
    "code": "WljF-HYB9qBPkd0S8E3hoUzfn1Q",
    "cost_usd": 0.07,
    "calls": 14,
    "done": 3,
    "duration": 301,
    "email": "ada@mail.example",
    "end": 12.8,
    "endTime": 42.6,
    "errors": [],
    "error": "access_denied",
    "expires_at": "2027-02-22T06:30:00Z",
    "found": ["12"],
    "hosts": 2,
    "idempotency-key": "2026-11-24",
    "label_id": "Label_12",
    "language": "en",
    "last_episode": ID,
    "minutes": 5,
    "name": "Phone",
    "note": NOBODY_ASKED,
    "outcome": "Brewed.",
    "percent": 38,
    "Range": "bytes=0-65535",
    "reason": "This is no mail.",
    "reasons": [],
    "script_markdown": "## Beans are back\n\nThe harvest in Huila grew by 12 percent.",
    "seconds": 301.416,
    "sender": "The Roast",
    "signature": "Zm9v",
    "snippet": "The harvest in Huila grew by 12 percent this year …",
    "start": 8.9,
    "startTime": 8.9,
    "state": "pJ0vXyq1R9mB",
    "status": NOBODY_ASKED,
    "subject": "Beans are back",
    "text": "The harvest in Huila grew by 12 percent this year, the growers' union reports.",
    "title": "Tuesday's brew",
    "token": "3q2-7wAAAAAAAAAAAAAAAA",
    "total": 8,
    "told": 12,
    "trouble": NOBODY_ASKED,
    "url": "https://roast.example/harvest",
    "weekday": 0,
}
"""By a field's name; None where the first choice of its schema, or null, is the story."""
OF_ONE: dict[str, Any] = {
    "AppConfig.supabase_key": "sb_publishable_…",
    "AppConfig.supabase_url": "https://abcdefghijkl.supabase.co",
    "BlockChanges.cut": ["b9"],
    "BlockChanges.restore": ["b7"],
    "Brewing.message": "Your episode is brewing.",
    "Chapter.title": "Beans are back",
    "Check.name": "database",
    "Check.told": "Postgres, up to date",
    "GmailDisconnected.message": "Gmail is disconnected.",
    "GmailEmail.told": True,
    "GmailLabel.id": "Label_12",
    "GmailLabel.name": "AudioBrew",
    "GmailStatus.label": "AudioBrew",
    "GmailStatus.state": NOBODY_ASKED,
    "Greeting.message": "This is AudioBrew. The API is described at /docs.",
    "Mail.cut": 4,
    "MailBlock.id": "b3",
    "MailWithBlocks.cut": 4,
    "NewFeedToken.url": "https://audiobrew.example/feed/3q2-7wAAAAAAAAAAAAAAAA/rss.xml",
    "Podcast.language": None,
    "PodcastWithScript.language": None,
    "ScriptSegment.title": "Beans are back",
    "SkippedMail.name": "photo.eml",
    "UserDeleted.message": "Your account is being deleted.",
}


def add_examples(spec: Json) -> None:
    """To every JSON body and every parameter. Raises LookupError for a field that has no example yet."""
    schemas = spec["components"]["schemas"]
    for item in spec["paths"].values():
        for operation in item.values():
            for media in _bodies(operation):
                if "examples" not in media:
                    media["example"] = _of(media["schema"], schemas)
            for parameter in operation.get("parameters", ()):
                parameter["example"] = _of(parameter["schema"], schemas, parameter["name"])


def _bodies(operation: Json) -> list[Json]:
    holders = [operation.get("requestBody", {}), *operation["responses"].values()]
    return [
        media
        for holder in holders
        for name, media in holder.get("content", {}).items()
        if "json" in name and "schema" in media
    ]


def _of(schema: Json, schemas: Json, field: str = "", model: str = "") -> Any:
    if reference := schema.get("$ref"):
        model = reference.rpartition("/")[2]
        return _of(schemas[model], schemas, field, model)
    told = OF_ONE.get(f"{model}.{field}", FIELDS.get(field))
    if told is not None and "properties" not in schema:
        return told
    if "examples" in schema:
        return schema["examples"][0]
    return _made(schema, schemas, field, model)


def _made(schema: Json, schemas: Json, field: str, model: str) -> Any:
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema.get("default", schema["enum"][0])
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        known = field in FIELDS or f"{model}.{field}" in OF_ONE
        null = known and {"type": "null"} in choices
        return None if null else _of(choices[0], schemas, field, model)
    match schema.get("type"):
        case "object":
            parts = schema.get("properties", {}).items()
            return {name: _of(part, schemas, name, model) for name, part in parts}
        case "array":
            return [_of(schema["items"], schemas, field, model)]
        case "boolean":
            return schema.get("default", True)
        case "integer" | "number":
            return schema.get("default", schema.get("minimum", 1))
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    raise LookupError(f"{model}.{field} has no example: give it one in examples.py")
