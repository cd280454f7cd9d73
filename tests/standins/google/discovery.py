"""Gmail's own description of itself, which requests and answers are checked against."""

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
    """From the document's dialect to JSON Schema: closed objects, long numbers as text."""
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": f"#/$defs/{node['$ref']}"}
    made: dict[str, Any] = {name: node[name] for name in ("type", "enum") if name in node}
    if node.get("type") == "object":
        made["properties"] = {
            name: _schema(one) for name, one in node.get("properties", {}).items()
        }
        made["additionalProperties"] = _schema(node.get("additionalProperties", False))
    if node.get("type") == "array":
        made["items"] = _schema(node["items"])
    if node.get("format") in NUMBERS:
        made["pattern"] = NUMBERS[node["format"]]
    return made


SCHEMAS = {name: _schema(schema) for name, schema in DOCUMENT["schemas"].items()}


def _methods(resource: Any) -> dict[str, Any]:
    found = {method["id"]: method for method in resource.get("methods", {}).values()}
    for part in resource.get("resources", {}).values():
        found |= _methods(part)
    return found


METHODS = _methods({"resources": DOCUMENT["resources"]})


def check_answer(method: str, answer: Any) -> None:
    """An answer that Google would not give is a fault of the stand-in."""
    name = METHODS[method]["response"]["$ref"]
    schema = {"$ref": f"#/$defs/{name}", "$defs": SCHEMAS}
    jsonschema.Draft202012Validator(schema).validate(answer)


def parameters(method: str, given: list[tuple[str, str]]) -> dict[str, Any]:
    """Typed as the document says. Raises Refused for what it does not know."""
    known = {**DOCUMENT["parameters"], **METHODS[method].get("parameters", {})}
    found: dict[str, Any] = {}
    for name, text in given:
        if name not in known:
            raise Refused(400, "invalid", f'Unknown name "{name}": Cannot bind query parameter.')
        value = _typed(known[name], name, text)
        if known[name].get("repeated"):
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found


def _typed(spec: Any, name: str, text: str) -> Any:
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
