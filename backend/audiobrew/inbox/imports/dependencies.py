"""FastAPI dependencies of imports."""

from typing import Annotated

from fastapi import Depends, Request

from audiobrew.inbox.imports.uploads import Imports


async def get_imports(request: Request) -> Imports:
    imports: Imports = request.app.state.ports.imports
    return imports


ImportsDep = Annotated[Imports, Depends(get_imports)]
