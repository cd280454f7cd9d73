"""Checks requests and answers against Gmail's own discovery document."""

import importlib.resources
import json
import re
from typing import Any

import jsonschema

DOCUMENT = json.loads(
    (
        importlib.resources.files("googleapiclient") / "discovery_cache/documents/gmail.v1.json"
    ).read_text()
)
NUMBERS = {"uint64": r"^\d+$", "int64": r"^-?\d+$"}


class Refused(Exception):
    """An error in the shape of Google's."""

    def __init__(self, status: int, reason: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        detail = {"message": message, "domain": "global", "reason": reason}
        self.body = {"error": {"code": status, "message": message, "errors": [detail]}}


def _schema(node: Any) -> Any:
    """Translate a schema of the document into JSON Schema. Objects are closed; long numbers are texts."""
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": f"#/$defs/{node['$ref']}"}
    result: dict[str, Any] = {name: node[name] for name in ("type", "enum") if name in node}
    if node.get("type") == "object":
        result["properties"] = {
            name: _schema(one) for name, one in node.get("properties", {}).items()
        }
        result["additionalProperties"] = _schema(node.get("additionalProperties", False))
    if node.get("type") == "array":
        result["items"] = _schema(node["items"])
    if node.get("format") in NUMBERS:
        result["pattern"] = NUMBERS[node["format"]]
    return result


SCHEMAS = {name: _schema(schema) for name, schema in DOCUMENT["schemas"].items()}


def _methods(resource: Any) -> dict[str, Any]:
    methods = {method["id"]: method for method in resource.get("methods", {}).values()}
    for part in resource.get("resources", {}).values():
        methods |= _methods(part)
    return methods


METHODS = _methods({"resources": DOCUMENT["resources"]})


def check_answer(method: str, answer: Any) -> None:
    """Raise an error if Google would not answer so, which would be a bug of the stand-in."""
    name = METHODS[method]["response"]["$ref"]
    schema = {"$ref": f"#/$defs/{name}", "$defs": SCHEMAS}
    jsonschema.Draft202012Validator(schema).validate(answer)


def parameters(method: str, pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Parse query parameters as the document describes them. Raises Refused if it does not know one."""
    specs = {**DOCUMENT["parameters"], **METHODS[method].get("parameters", {})}
    values: dict[str, Any] = {}
    for name, text in pairs:
        if name not in specs:
            raise Refused(400, "invalid", f'Unknown name "{name}": Cannot bind query parameter.')
        value = _parse(specs[name], name, text)
        if specs[name].get("repeated"):
            values.setdefault(name, []).append(value)
        else:
            values[name] = value
    return values


def _parse(spec: Any, name: str, text: str) -> Any:
    wrong = Refused(400, "invalidParameter", f"Invalid value at '{name}'")
    if "enum" in spec and text not in spec["enum"]:
        raise wrong
    if spec["type"] == "boolean":
        if text not in ("true", "false"):
            raise wrong
        return text == "true"
    if spec["type"] == "integer":
        if not re.fullmatch(r"-?\d+", text):
            raise wrong
        return int(text)
    return text
