"""Transcripts and chapters as files for players, for the feed and for the app."""

import json
from hashlib import sha256

from fastapi import Request, Response

from audiobrew.audio.chapters import chapters_json
from audiobrew.audio.clip import Cue
from audiobrew.audio.transcript import TranscriptLine, webvtt
from audiobrew.feed.conditional_get import DocumentVersion
from audiobrew.feed.responses import document
from audiobrew.feed.show import Recording
from audiobrew.feed.store import ShowStore
from audiobrew.script.script import Speaker

VTT = "text/vtt"
CHAPTERS = "application/json+chapters"
HOSTS = {Speaker.FIRST: "First host", Speaker.SECOND: "Second host"}


async def transcript(request: Request, shows: ShowStore, recording: Recording) -> Response:
    """The WebVTT transcript of a recording."""
    lines = await shows.lines(recording.episode)
    cues = (TranscriptLine(line.start, line.end, line.text, HOSTS[line.speaker]) for line in lines)
    return _file(request, webvtt(cues).encode(), VTT)


async def chapters(request: Request, shows: ShowStore, recording: Recording) -> Response:
    """The Podcasting 2.0 chapters of a recording."""
    stories = await shows.stories(recording.episode)
    chapters = ((story.title, Cue(story.start, story.end)) for story in stories)
    text = json.dumps(chapters_json(recording.title, chapters), ensure_ascii=False)
    return _file(request, text.encode(), CHAPTERS)


def _file(request: Request, content: bytes, media_type: str) -> Response:
    version = DocumentVersion(f'"{sha256(content).hexdigest()[:32]}"')
    return document(request, content, media_type, version)
