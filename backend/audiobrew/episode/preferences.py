"""Preferences as defaults for the fields that an order or a schedule leaves out."""

from typing import Annotated, Any

from fastapi import Depends
from pydantic import BaseModel, Field

from audiobrew.account.current_listener import Listener
from audiobrew.account.dependencies import AccountsDep
from audiobrew.account.user_schemas import Preferences

# Ends the description of a field whose default is a preference.
LEFT_OUT = "If omitted, your preference applies."


def preferable(default: Any, description: str = "") -> Any:
    """A field that takes its value from the listener's preferences if it is left out.

    The schema shows no default: clients would send it, and we could not tell that the field was left out.
    """
    return Field(
        default=default,
        description=f"{description} {LEFT_OUT}".strip(),
        json_schema_extra=without_default,
    )


def without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


async def preferences_of(listener: Listener, accounts: AccountsDep) -> Preferences:
    """The listener's preferences. Raises SignInNeeded if the listener was deleted just now."""
    return Preferences.of((await accounts.get(listener)).preferences)


Preferred = Annotated[Preferences, Depends(preferences_of)]


def stand_ins(request: BaseModel, preferences: Preferences) -> dict[str, Any]:
    """The preferences for the fields that the request leaves out. A field that is null is not left out."""
    fields = type(request).model_fields.keys() & type(preferences).model_fields.keys()
    unset = fields - request.model_fields_set
    values = {name: getattr(preferences, name) for name in unset}
    if "style" in values:
        values["style"] = preferences.show_style
    return values
