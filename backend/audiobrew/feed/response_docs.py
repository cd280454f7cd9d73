"""How the responses with files are described in the contract."""

from typing import Annotated, Any

from fastapi import Header, Response
from fastapi.responses import JSONResponse

from audiobrew.episode.schemas import Chapters
from audiobrew.http.location_header import location

Responses = dict[int | str, dict[str, Any]]
BYTES = {"type": "string", "contentMediaType": "application/octet-stream"}
TEXT = {"type": "string"}
HEADERS = {
    "ETag": {"description": "Send it as `If-None-Match` with the next request.", "schema": TEXT},
    "Last-Modified": {
        "description": "Send it as `If-Modified-Since` with the next request.",
        "schema": TEXT,
    },
}
UNCHANGED: Responses = {304: {"description": "Your copy is current.", "headers": HEADERS}}

Part = Annotated[
    str | None,
    Header(
        alias="Range",
        description="One range of bytes. With several ranges, the whole file is returned.",
    ),
]


class Rss(Response):
    media_type = "application/rss+xml"


class Jpeg(Response):
    media_type = "image/jpeg"


class Png(Response):
    media_type = "image/png"


class Mp3(Response):
    media_type = "audio/mpeg"


class Vtt(Response):
    media_type = "text/vtt"


class ChaptersJson(JSONResponse):
    media_type = "application/json+chapters"


def _file(kind: type[Response], description: str, schema: dict[str, str]) -> dict[str, Any]:
    return {
        "description": description,
        "headers": HEADERS,
        "content": {kind.media_type: {"schema": schema}},
    }


RSS: Responses = UNCHANGED | {200: _file(Rss, "RSS 2.0 with Podcasting 2.0 tags.", TEXT)}
COVER: Responses = UNCHANGED | {200: _file(Jpeg, "The cover image.", BYTES)}
EPISODE_COVER: Responses = UNCHANGED | {
    200: _file(Png, "The cover image, 1,400 pixels wide and high.", BYTES)
}
TRANSCRIPT: Responses = UNCHANGED | {
    200: _file(Vtt, "WebVTT with one cue for each sentence.", TEXT)
}
CHAPTERS: Responses = UNCHANGED | {
    200: {
        "description": "Chapters in the format of Podcasting 2.0.",
        "headers": HEADERS,
        "model": Chapters,
    }
}
AUDIO: Responses = UNCHANGED | {
    200: _file(Mp3, "The whole episode.", BYTES),
    206: _file(Mp3, "The requested range.", BYTES)
    | {
        "headers": HEADERS
        | {
            "Content-Range": {
                "description": "The returned range, and the size of the file.",
                "schema": TEXT,
            }
        }
    },
    **location(
        302,
        "The audio is at another URL, which is valid for five minutes.",
        "The URL of the audio.",
    ),
}
