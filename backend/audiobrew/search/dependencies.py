"""FastAPI dependencies of this room."""

from typing import Annotated

from fastapi import Depends, Request

from audiobrew.search.store import SearchStore


async def get_search(request: Request) -> SearchStore:
    search: SearchStore = request.app.state.ports.search
    return search


SearchDep = Annotated[SearchStore, Depends(get_search)]
