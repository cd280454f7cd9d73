"""FastAPI dependencies of this room."""

from typing import Annotated

from fastapi import Depends, Request

from audiobrew.audio.voice import Voice


async def get_voice(request: Request) -> Voice:
    voice: Voice = request.app.state.ports.voice
    return voice


VoiceDep = Annotated[Voice, Depends(get_voice)]
