"""The responses for covers: one that all shows share, and one for each episode."""

from hashlib import sha256
from pathlib import Path
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from fastapi import Request, Response

from audiobrew import __version__
from audiobrew.audio.cover import FEED_PIXELS, draw_cover
from audiobrew.feed.conditional_get import DocumentVersion
from audiobrew.feed.responses import document, not_modified

SHOW_COVER = Path(__file__).parents[1] / "audio" / "cover.jpg"
_drawings: RunVar[CapacityLimiter] = RunVar("drawings")


async def show_cover_response(request: Request) -> Response:
    content = await to_thread.run_sync(SHOW_COVER.read_bytes)
    version = DocumentVersion(f'"{sha256(content).hexdigest()[:32]}"')
    return document(request, content, "image/jpeg", version)


async def episode_cover_response(request: Request, episode: UUID) -> Response:
    """The cover is drawn from the episode's id and not stored. For a client that has it, it is not drawn."""
    text = f"{__version__} {episode} {FEED_PIXELS}"
    version = DocumentVersion(f'"{sha256(text.encode()).hexdigest()[:32]}"')
    if version.matches(request.headers):
        return not_modified(version)
    content = await to_thread.run_sync(draw_cover, episode, FEED_PIXELS, limiter=drawings_limiter())
    return document(request, content, "image/png", version)


def drawings_limiter() -> CapacityLimiter:
    """One cover at a time: drawing is Python, so two at once take as long, and slow other requests more."""
    try:
        return _drawings.get()
    except LookupError:
        _drawings.set(limiter := CapacityLimiter(1))
        return limiter
