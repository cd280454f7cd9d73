"""What OpenAI refuses: requests are held to the types that its own library publishes."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from openai.types.audio.speech_create_params import SpeechCreateParams
from openai.types.realtime.conversation_item_param import ConversationItemParam
from openai.types.realtime.realtime_client_event_param import RealtimeClientEventParam
from openai.types.responses.response_create_params import ResponseCreateParamsNonStreaming
from openai.types.responses.response_input_param import ResponseInputParam
from pydantic import TypeAdapter, ValidationError

MOST_CHARACTERS = 4096
"""Of text that `/v1/audio/speech` speaks: its documentation says so, its types do not."""


class Invalid(Exception):
    """The request does not match; says where, never what it holds."""


def responses_request(body: Any) -> dict[str, Any]:
    told = _matching(ResponseCreateParamsNonStreaming, body)
    if not isinstance(body.get("input", ""), str):
        _matching(ResponseInputParam, body["input"])
    form = body.get("text", {}).get("format", {})
    if form.get("type") == "json_schema" and form.get("strict"):
        _strict(form["schema"], "schema")
    return told


def speech_request(body: Any) -> dict[str, Any]:
    told = _matching(SpeechCreateParams, body)
    if not 1 <= len(body["input"]) <= MOST_CHARACTERS:
        raise Invalid("input: string too long or empty")
    return told


def realtime_event(event: Any) -> dict[str, Any]:
    told = _matching(RealtimeClientEventParam, event)
    for item in event.get("response", {}).get("input", []):
        _matching(ConversationItemParam, item)
    return told


def _matching(shape: Any, body: Any) -> dict[str, Any]:
    try:
        _adapter(shape).validate_python(body, extra="forbid")
    except ValidationError as error:
        places = {".".join(map(str, one["loc"])) for one in error.errors(include_input=False)}
        raise Invalid("invalid: " + ", ".join(sorted(places)[:5])) from None
    return dict(body) if isinstance(body, Mapping) else {}


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _strict(schema: Mapping[str, Any], place: str) -> None:
    """Structured outputs want every object closed and every property required."""
    if schema.get("type") == "object":
        properties = schema.get("properties", {})
        if schema.get("additionalProperties") is not False:
            raise Invalid(f"{place}: additionalProperties must be false")
        if set(schema.get("required", [])) != set(properties):
            raise Invalid(f"{place}: every property must be required")
    for name, part in schema.items():
        for key, inner in part.items() if isinstance(part, dict) else ():
            if isinstance(inner, dict):
                _strict(inner, f"{place}.{name}.{key}")
        if name == "items" and isinstance(part, dict):
            _strict(part, f"{place}.items")
