"""How a route is handed what it needs: one of the ports that `wiring` opened, by name."""

from typing import Any

from fastapi import Depends, Request


def port(name: str) -> Any:
    """For `Annotated[Mails, port("mails")]`. Asynchronous, because a plain function costs a thread."""

    async def given(request: Request) -> Any:
        return getattr(request.app.state.ports, name)

    return Depends(given)
