"""``havoc mcp``: every operation as a tool of the Model Context Protocol, over stdio or HTTP.

A tool answers with text to read and with the object of ``havoc run --json``: values, tables, figures as
data, and the audit in which each number was recomputed. A refused input is a tool error of one line.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any, Literal

import anyio

import havoc
from havoc.dsl.bounded import run_bounded
from havoc.dsl.executor import Limits
from havoc.dsl.text import execution_text
from havoc.errors import InputError, NeedsClarification, nearest
from havoc.serving.mcp_tools import (
    COLUMNS,
    RUN,
    _table,
    by_tool_name,
    description,
    input_schema,
    program_of,
)

INSTRUCTIONS = (
    "Statistics, design of experiments, process control, quality and mathematics. Every number of a "
    "result was recomputed by an independent route (structuredContent.audit); quote numbers as given. "
    "Columns are passed as lists, tables as objects of columns. run_program runs several steps."
)
LIMITS = Limits(seconds=60.0, memory_mb=2048)
RUN_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "program": {
            "type": "string",
            "description": "statements of the HAVOC language, one a line: name = family.operation(...)",
        },
        "tables": {
            "type": "object",
            "additionalProperties": COLUMNS,
            "description": 'tables that the program reads by data("name")',
        },
    },
    "required": ["program"],
    "additionalProperties": False,
}


def tools() -> list[Any]:
    """The tools as the protocol lists them."""
    from mcp import types

    reading = types.ToolAnnotations(
        read_only_hint=True, idempotent_hint=True, open_world_hint=False
    )
    listed = [
        types.Tool(
            name=name,
            title=operation.summary,
            description=description(operation),
            input_schema=input_schema(operation),
            annotations=reading,
        )
        for name, operation in by_tool_name().items()
    ]
    return [
        *listed,
        types.Tool(
            name=RUN,
            title="Run a program of several operations",
            description="Run a HAVOC program; a statement may use the results of earlier ones.",
            input_schema=dict(RUN_SCHEMA),
            annotations=reading,
        ),
    ]


def call(name: str, arguments: Mapping[str, Any], limits: Limits = LIMITS) -> dict[str, Any]:
    """Run a tool: ``text`` to read and ``document`` as ``havoc run --json`` gives it.

    Raises
    ------
    InputError, NeedsClarification
        What is wrong or missing, in one line.
    """
    known = by_tool_name()
    if name == RUN:
        text = str(arguments.get("program", ""))
        if not text.strip():
            raise InputError("the program is empty")
        given = arguments.get("tables") or {}
        files = {str(k): _table(v, str(k)) for k, v in given.items()}
    elif name in known:
        text, files = program_of(known[name], arguments)
    else:
        raise InputError(f"there is no tool '{name}'{nearest(name, known)}")
    execution = run_bounded(text, files=files, limits=limits)
    document = execution.to_json()
    if not document["audit"]["passed"]:
        failed = [c["name"] for c in document["audit"]["checks"] if not c["passed"]]
        raise InputError(f"the audit does not confirm {', '.join(failed)}; the result is withheld")
    return {"text": execution_text(execution), "document": document}


def server(limits: Limits = LIMITS) -> Any:
    """The protocol server."""
    from mcp import types
    from mcp.server import Server

    async def list_tools(_: Any, __: Any) -> Any:
        return types.ListToolsResult(tools=tools())

    async def call_tool(_: Any, params: Any) -> Any:
        work = functools.partial(call, params.name, params.arguments or {}, limits)
        try:
            found = await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
        except NeedsClarification as question:
            return _refusal(f"needs clarification: {question}")
        except InputError as error:
            return _refusal(str(error))
        # A figure's data may hold empty cells; JSON text is what every client can read.
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=found["text"])],
            structured_content=json.loads(json.dumps(found["document"], allow_nan=False)),
        )

    def _refusal(text: str) -> Any:
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=text)], is_error=True
        )

    return Server(
        "havoc",
        version=havoc.__version__,
        title="HAVOC",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def _stdio() -> None:
    from mcp.server.stdio import stdio_server

    served = server()
    async with stdio_server() as (read, write):
        await served.run(read, write, served.create_initialization_options())


def serve_mcp(transport: Literal["stdio", "http"], host: str, port: int) -> None:
    """Serve until the client hangs up (stdio) or the process is told to stop (http, path /mcp).

    Raises
    ------
    InputError
        The package ``mcp`` is not installed.
    """
    try:
        import mcp.server  # noqa: F401
    except ImportError:
        raise InputError("the package 'mcp' is not installed: pip install 'havoc[mcp]'") from None
    if transport == "stdio":
        anyio.run(_stdio)
        return
    import uvicorn

    uvicorn.run(server().streamable_http_app(host=host), host=host, port=port, log_level="warning")
