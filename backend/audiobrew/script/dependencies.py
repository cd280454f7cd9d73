"""FastAPI dependencies of this room."""

from typing import Annotated

from fastapi import Depends, Request

from audiobrew.script.writer import Writer


async def get_writer(request: Request) -> Writer:
    writer: Writer = request.app.state.ports.writer
    return writer


WriterDep = Annotated[Writer, Depends(get_writer)]
