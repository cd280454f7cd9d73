"""Validates requests against the types in OpenAI's own library."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from openai.types.audio.speech_create_params import SpeechCreateParams
from openai.types.realtime.conversation_item_param import ConversationItemParam
from openai.types.realtime.realtime_client_event_param import RealtimeClientEventParam
from openai.types.responses.response_create_params import ResponseCreateParamsNonStreaming
from openai.types.responses.response_input_param import ResponseInputParam
from pydantic import TypeAdapter, ValidationError

# The longest text for `/v1/audio/speech`. It is in the documentation, but not in the types.
MAX_CHARACTERS = 4096


class Invalid(Exception):
    """The request is invalid. The message names the fields, never their content."""


def responses_request(body: Any) -> dict[str, Any]:
    request = _validate(ResponseCreateParamsNonStreaming, body)
    if not isinstance(body.get("input", ""), str):
        _validate(ResponseInputParam, body["input"])
    form = body.get("text", {}).get("format", {})
    if form.get("type") == "json_schema" and form.get("strict"):
        _check_strict(form["schema"], "schema")
    return request


def speech_request(body: Any) -> dict[str, Any]:
    request = _validate(SpeechCreateParams, body)
    if not 1 <= len(body["input"]) <= MAX_CHARACTERS:
        raise Invalid("input: string too long or empty")
    return request


def realtime_event(event: Any) -> dict[str, Any]:
    request = _validate(RealtimeClientEventParam, event)
    for item in event.get("response", {}).get("input", []):
        _validate(ConversationItemParam, item)
    return request


def _validate(shape: Any, body: Any) -> dict[str, Any]:
    try:
        _adapter(shape).validate_python(body, extra="forbid")
    except ValidationError as error:
        places = {".".join(map(str, one["loc"])) for one in error.errors(include_input=False)}
        raise Invalid("invalid: " + ", ".join(sorted(places)[:5])) from None
    return dict(body) if isinstance(body, Mapping) else {}


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _check_strict(schema: Mapping[str, Any], place: str) -> None:
    """Structured outputs need closed objects whose properties are all required."""
    if schema.get("type") == "object":
        properties = schema.get("properties", {})
        if schema.get("additionalProperties") is not False:
            raise Invalid(f"{place}: additionalProperties must be false")
        if set(schema.get("required", [])) != set(properties):
            raise Invalid(f"{place}: every property must be required")
    for name, part in schema.items():
        for key, inner in part.items() if isinstance(part, dict) else ():
            if isinstance(inner, dict):
                _check_strict(inner, f"{place}.{name}.{key}")
        if name == "items" and isinstance(part, dict):
            _check_strict(part, f"{place}.items")
