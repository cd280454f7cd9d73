"""FastAPI dependencies of this room."""

from typing import Annotated

from fastapi import Depends, Request

from audiobrew.models.charges import Charges


async def get_charges(request: Request) -> Charges:
    charges: Charges = request.app.state.ports.charges
    return charges


ChargesDep = Annotated[Charges, Depends(get_charges)]
