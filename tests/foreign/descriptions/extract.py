"""Makes the extracts beside this file from official API descriptions (OpenAPI 3 and Swagger 2), by hand:

    git -C CLONE show COMMIT:PATH | python tests/foreign/descriptions/extract.py HOST '/v2/payments' '/v2/profiles' ...

Kept of an operation are the names, types and bounds of what may be asked, and nothing of its texts.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

import yaml

_BOUNDS = ("type", "enum", "minimum", "maximum", "format")
_METHODS = ("get", "post", "put", "patch", "delete")


def operations(described: dict[str, Any], host: str, paths: list[str]) -> Iterator[dict[str, Any]]:
    """What is kept of each operation at one of `paths`."""
    base = _base(described)
    for path, item in described["paths"].items():
        if path not in paths:
            continue
        for method in _METHODS:
            if method not in item:
                continue
            told = item[method]
            parameters = [
                _resolved(described, each) for each in (*item.get("parameters", []), *told.get("parameters", []))
            ]
            yield {
                "method": method.upper(),
                "host": host,
                "path": base + path,
                "query": {each["name"]: _bounds(described, each) for each in parameters if each["in"] == "query"},
                "body": _body(described, told, parameters),
            }


def _base(described: dict[str, Any]) -> str:
    if "basePath" in described:
        return str(described["basePath"]).rstrip("/")
    servers = described.get("servers") or [{"url": ""}]
    path = str(servers[0]["url"]).partition("://")[2].partition("/")[2]
    return f"/{path}".rstrip("/") if path else ""


def _bounds(described: dict[str, Any], parameter: dict[str, Any]) -> dict[str, Any]:
    schema = _resolved(described, parameter.get("schema", parameter))
    kept = {name: schema[name] for name in _BOUNDS if name in schema}
    if parameter.get("required") is True:
        kept["required"] = True
    return kept


def _body(described: dict[str, Any], told: dict[str, Any], parameters: list[dict[str, Any]]) -> dict[str, Any] | None:
    schema: Any = next((each["schema"] for each in parameters if each["in"] == "body"), None)
    if schema is None and "requestBody" in told:
        content = _resolved(described, told["requestBody"]).get("content", {})
        schema = next((each.get("schema", {}) for each in content.values()), None)
    if schema is None:
        form = {each["name"]: _bounds(described, each) for each in parameters if each["in"] == "formData"}
        return (
            {"members": form, "required": sorted(n for n, b in form.items() if b.pop("required", False))}
            if form
            else None
        )
    members, required = _members(described, schema)
    return {"members": members, "required": sorted(required)}


def _members(described: dict[str, Any], schema: Any) -> tuple[dict[str, Any], set[str]]:
    schema = _resolved(described, schema)
    members: dict[str, Any] = {}
    required = {each for each in schema.get("required", []) if isinstance(each, str)}
    for part in schema.get("allOf", []):
        more, wanted = _members(described, part)
        members |= more
        required |= wanted
    for name, each in schema.get("properties", {}).items():
        members[name] = _bounds(described, {"schema": each})
    return members, required & members.keys()


def _resolved(described: dict[str, Any], told: Any) -> dict[str, Any]:
    while "$ref" in told:
        found: Any = described
        for step in told["$ref"].removeprefix("#/").split("/"):
            found = found[step.replace("~1", "/").replace("~0", "~")]
        told = found
    return dict(told)


class _Loader(yaml.SafeLoader):  # type: ignore[misc] # it ships no types
    """Leaves dates as they are written: examples hold some that are none."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

if __name__ == "__main__":
    found = list(operations(yaml.load(sys.stdin, _Loader), sys.argv[1], sys.argv[2:]))
    print(json.dumps(found, indent=1))  # noqa: T201 - a command of the developer
