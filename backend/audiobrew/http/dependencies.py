"""FastAPI dependencies that several rooms use.

Each room has its own `dependencies.py` with one function per dependency. The functions read from
`app.state.ports`, which is set at startup. They are asynchronous because FastAPI runs a plain function in a
thread.
"""

from typing import Annotated

from fastapi import Depends, Request

from audiobrew.settings import Settings


async def get_settings(request: Request) -> Settings:
    settings: Settings = request.app.state.ports.settings
    return settings


SettingsDep = Annotated[Settings, Depends(get_settings)]
