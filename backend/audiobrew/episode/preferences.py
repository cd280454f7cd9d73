"""What a listener prefers stands in for what an order or a schedule leaves out."""

from typing import Annotated, Any

from fastapi import Depends
from pydantic import BaseModel

from audiobrew.account.current_listener import Listener
from audiobrew.account.dependencies import AccountsDep
from audiobrew.account.user_schemas import Preferences


async def preferences_of(listener: Listener, accounts: AccountsDep) -> Preferences:
    """Raises SignInNeeded for one who was deleted just now."""
    return Preferences.model_validate((await accounts.get(listener)).preferences)


Preferred = Annotated[Preferences, Depends(preferences_of)]


def stand_ins(request: BaseModel, preferences: Preferences) -> dict[str, Any]:
    """The preferences for fields of the request that it left out; what it says, null too, goes before."""
    fields = type(request).model_fields.keys() & type(preferences).model_fields.keys()
    left_out = fields - request.model_fields_set
    return {name: getattr(preferences, name) for name in left_out}
