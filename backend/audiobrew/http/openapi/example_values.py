"""An example of every body and parameter in the contract, put together from `story.py`."""

from typing import Any

from audiobrew.http.openapi.examples import FIELDS, OF_ONE, STREAMS, TEXTS

Json = dict[str, Any]


def add_examples(spec: Json) -> None:
    """Raises LookupError for what has no example yet."""
    schemas = spec["components"]["schemas"]
    for item in spec["paths"].values():
        for operation in item.values():
            for name, media in _bodies(operation):
                if "json" in name and "examples" not in media:
                    media["example"] = _of(media["schema"], schemas)
                elif name in TEXTS:
                    media["example"] = STREAMS.get(operation["operationId"], TEXTS[name])
            [tag] = operation["tags"]
            for parameter in operation.get("parameters", ()):
                parameter["example"] = _named(tag, parameter["name"], parameter["schema"], schemas)


def _bodies(operation: Json) -> list[tuple[str, Json]]:
    holders = [operation.get("requestBody", {}), *operation["responses"].values()]
    return [body for holder in holders for body in holder.get("content", {}).items()]


def _named(owner: str, name: str, schema: Json, schemas: Json) -> Any:
    """Of a field of a schema, or of a parameter of an operation under a tag."""
    for place, key in ((OF_ONE, f"{owner}.{name}"), (FIELDS, name)):
        if key in place:
            return place[key]
    try:
        return _of(schema, schemas)
    except LookupError as error:
        raise LookupError(f"{owner}.{name} has no example: give it one in story.py") from error


def _of(schema: Json, schemas: Json, model: str = "") -> Any:
    if reference := schema.get("$ref"):
        model = reference.rpartition("/")[2]
        return OF_ONE[model] if model in OF_ONE else _of(schemas[model], schemas, model)
    if "examples" in schema:
        return schema["examples"][0]
    if "const" in schema or "default" in schema:
        return schema.get("const", schema.get("default"))
    if "enum" in schema:
        return schema["enum"][0]
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return _of(choices[0], schemas)
    if schema.get("type") == "object":
        parts = schema["properties"].items()
        return {name: _named(model, name, part, schemas) for name, part in parts}
    if schema.get("type") == "array":
        return [_of(schema["items"], schemas)]
    if schema.get("type") == "boolean":
        return True
    raise LookupError(f"Nothing tells of {schema}")
