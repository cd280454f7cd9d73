"""How the files of a show are told in the contract."""

from typing import Annotated, Any

from fastapi import Header, Response
from fastapi.responses import JSONResponse

from audiobrew.episode.wire import Chapters

Told = dict[int | str, dict[str, Any]]
BYTES = {"type": "string", "contentMediaType": "application/octet-stream"}
UNCHANGED: Told = {304: {"description": "You already have it."}}

Part = Annotated[
    str | None,
    Header(alias="Range", description="One range of bytes; several are answered with the whole."),
]


class Rss(Response):
    media_type = "application/rss+xml"


class Jpeg(Response):
    media_type = "image/jpeg"


class Mp3(Response):
    media_type = "audio/mpeg"


class Vtt(Response):
    media_type = "text/vtt"


class ChaptersJson(JSONResponse):
    media_type = "application/json+chapters"


def _file(kind: type[Response], description: str, schema: dict[str, str]) -> dict[str, Any]:
    return {"description": description, "content": {kind.media_type: {"schema": schema}}}


RSS: Told = UNCHANGED | {200: _file(Rss, "The feed.", {"type": "string"})}
COVER: Told = UNCHANGED | {200: _file(Jpeg, "The picture.", BYTES)}
TRANSCRIPT: Told = UNCHANGED | {200: _file(Vtt, "WebVTT, a cue a sentence.", {"type": "string"})}
CHAPTERS: Told = UNCHANGED | {200: {"description": "Podcasting 2.0 chapters.", "model": Chapters}}
AUDIO: Told = UNCHANGED | {
    200: _file(Mp3, "The whole episode.", BYTES),
    206: _file(Mp3, "The part asked for.", BYTES),
    302: {
        "description": "The audio is at this address, for five minutes.",
        "headers": {"Location": {"schema": {"type": "string", "format": "uri"}}},
    },
}
