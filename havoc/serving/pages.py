"""The API's own page: plain HTML from the OpenAPI description, no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from fastapi import FastAPI

from havoc.serving.access import scope_of

STYLE = """\
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.5rem; font: 600 1.1rem ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top; }
code { font-family: ui-monospace, monospace; }
"""


def describe(app: FastAPI) -> None:
    """Say in the OpenAPI description how a caller shows its key."""
    original = app.openapi

    def described() -> dict[str, Any]:
        schema = original()
        components = schema.setdefault("components", {})
        components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        for path, methods in schema["paths"].items():
            scope = scope_of(path)
            for route in methods.values():
                if scope is not None:
                    # the empty alternative: a server on loopback asks for no key
                    route["security"] = [{"key": [scope]}, {}]
        return schema

    app.openapi = described  # type: ignore[method-assign]


def api_page(description: Mapping[str, Any]) -> str:
    """Every route with what it takes."""
    info = description["info"]
    schemas = description.get("components", {}).get("schemas", {})
    parts = [
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1>",
        f"<p>{escape(info.get('summary', ''))}. ",
        'Machine-readable: <a href="openapi.json">openapi.json</a>.</p>',
    ]
    for path, methods in sorted(description["paths"].items()):
        for method, route in methods.items():
            parts += _route(method, path, route, schemas)
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<title>HAVOC API</title><link rel="stylesheet" href="docs.css"></head>'
        f"<body><main>{body}</main></body></html>\n"
    )


def _route(
    method: str, path: str, route: Mapping[str, Any], schemas: Mapping[str, Any]
) -> Iterator[str]:
    yield f"<h2>{method.upper()} {escape(path)}</h2>"
    yield f"<p>{escape(route.get('description', ''))}</p>"
    rows = [(p["name"], p["schema"], p.get("required")) for p in route.get("parameters", ())]
    content = route.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
    schema = schemas.get(name, {})
    needed = schema.get("required", ())
    rows += [(k, v, k in needed) for k, v in schema.get("properties", {}).items()]
    if rows:
        yield "<table><thead><tr><th>field</th><th>type</th><th>required</th></tr></thead><tbody>"
        for field, kind, required in rows:
            words = escape(_type(kind))
            mark = "yes" if required else ""
            yield f"<tr><td><code>{escape(field)}</code></td><td>{words}</td><td>{mark}</td></tr>"
        yield "</tbody></table>"


def _type(schema: Mapping[str, Any]) -> str:
    """A JSON schema in a few words."""
    if "anyOf" in schema:
        return " or ".join(_type(s) for s in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "enum" in schema:
        return " | ".join(str(v) for v in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    signs = {
        "minimum": ">=",
        "exclusiveMinimum": ">",
        "maximum": "<=",
        "exclusiveMaximum": "<",
        "maxLength": "at most",
    }
    limits = [f"{sign} {schema[key]}" for key, sign in signs.items() if key in schema]
    return " ".join([str(schema.get("type", "any")), *limits])
