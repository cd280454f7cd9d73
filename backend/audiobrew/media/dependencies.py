"""FastAPI dependencies of this room."""

from typing import Annotated

from fastapi import Depends, Request

from audiobrew.media.signed_urls import AudioUrlSigner
from audiobrew.media.storage import Media


async def get_media(request: Request) -> Media:
    media: Media = request.app.state.ports.media
    return media


async def get_signer(request: Request) -> AudioUrlSigner:
    signer: AudioUrlSigner = request.app.state.ports.signer
    return signer


MediaDep = Annotated[Media, Depends(get_media)]
SignerDep = Annotated[AudioUrlSigner, Depends(get_signer)]
