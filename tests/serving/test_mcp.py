"""The MCP server, talked to by the package's own client: in process, over stdio and over HTTP."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import anyio
import pytest

pytest.importorskip("mcp", reason="the package mcp (extra 'mcp') is not installed")

import jsonschema
from mcp import Client, StdioServerParameters

from havoc.errors import InputError
from havoc.serving.mcp import RUN, server, tools
from havoc.serving.mcp_tools import by_tool_name, program_of
from havoc.tools.operation import get, operations

HAVOC = [sys.executable, "-c", "from havoc.cli import main; main()", "mcp"]


def asked(target: Any, name: str, arguments: dict[str, Any]) -> Any:
    async def ask() -> Any:
        async with Client(target) as client:
            return await client.call_tool(name, arguments)

    return anyio.run(ask)


def test_every_operation_is_a_tool_with_a_valid_schema() -> None:
    async def ask() -> Any:
        async with Client(server()) as client:
            return (await client.list_tools()).tools

    listed = {t.name: t for t in anyio.run(ask)}
    assert set(listed) == {n.replace(".", "_") for n in operations()} | {RUN}
    for name, tool in listed.items():
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name)
        assert tool.description
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
    required = listed["stats_t_test_one"].input_schema["required"]
    assert required == ["x", "target"]


def test_tool_names_are_unique() -> None:
    assert len(by_tool_name()) == len(operations())
    assert len({t.name for t in tools()}) == len(tools())


def test_a_column_is_tested_and_the_audit_comes_along() -> None:
    found = asked(server(), "stats_t_test_one", {"x": [9.8, 10.2, 10.1, 9.9, 10.4], "target": 10})
    assert not found.is_error
    result = found.structured_content["results"][-1]
    assert result["values"]["mean"] == pytest.approx(10.08)
    assert found.structured_content["audit"]["passed"]
    assert "10.08" in found.content[0].text


@pytest.mark.parametrize(
    ("tool", "arguments", "key", "value"),
    [
        ("doe_box_behnken", {"factors": {"temperature": "150..200 degC", "time (min)": "10..30",
                                         "pressure": "1..5 bar"}}, "runs", 15),
        ("doe_full_factorial", {"factors": {"catalyst": ["A", "B"], "load": [1, 2, 3]}}, "runs", 6),
        ("maths_diff", {"expression": "x^2*sin(x)", "variable": "x"}, "variable", "x"),
        ("maths_determinant", {"matrix": [[1, 2], [3, 4]]}, "determinant", -2),
        ("stats_anova", {"formula": "y ~ `Temp (C)`",
                         "data": {"y": [1, 2, 4, 5.5], "Temp (C)": ["lo", "lo", "hi", "hi"]}},
         "df", [1]),
        ("stats_kruskal_wallis", {"groups": {"a": [1, 2, 3], "b": [4, 5, 6, 7]}}, "n", 7),
        ("quality_capability", {"x": [[9.8, 10.2, 10.1, 9.9, 10.4, 10.0]], "spec": "9..11"},
         "n", 6),
        ("maths_convert_units", {"quantity": "75 N*m", "to": "lbf*ft"}, "unit", "lbf*ft"),
        (RUN, {"program": 'd = data("d")\nr = stats.describe(d.x)',
               "tables": {"d": {"x": [1, 2, 3]}}}, "mean", 2),
    ],
)  # fmt: skip
def test_each_kind_of_argument_reaches_the_operation(
    tool: str, arguments: dict[str, Any], key: str, value: Any
) -> None:
    found = asked(server(), tool, arguments)
    assert not found.is_error, found.content[0].text
    assert found.structured_content["results"][-1]["values"][key] == pytest.approx(value) or (
        found.structured_content["results"][-1]["values"][key] == value
    )


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("stats_t_test_one", {"x": [1, 2, 3]}, "needs clarification"),
        ("stats_t_test_one", {"x": [1, 2, 3], "goal": 2}, "no parameter 'goal'"),
        ("stats_t_test", {"x": [1]}, "no tool 'stats_t_test'"),
        ("doe_fractional_factorial", {"n_factors": 8, "runs": 16, "resolution": 5}, "resolution"),
        ("maths_diff", {"expression": "x\nr = stats.describe([1])"}, "no expression"),
        (RUN, {"program": "x = open('/etc/passwd')"}, "line 1"),
    ],
)
def test_what_cannot_be_is_a_tool_error_of_one_line(
    tool: str, arguments: dict[str, Any], message: str
) -> None:
    found = asked(server(), tool, arguments)
    assert found.is_error
    assert message in found.content[0].text
    assert "Traceback" not in found.content[0].text
    assert "\n" not in found.content[0].text


def test_a_text_cannot_break_out_of_its_argument() -> None:
    with pytest.raises(InputError, match="quotation mark"):
        program_of(get("maths.convert_units"), {"quantity": "1 m", "to": 'ft") # '})


def test_over_stdio() -> None:
    target = StdioServerParameters(command=HAVOC[0], args=HAVOC[1:])
    found = asked(target, "maths_gcd", {"x": [84, 36]})
    assert found.structured_content["results"][0]["values"]["gcd"] == 12


@contextmanager
def http_server() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([*HAVOC, "--transport", "http", "--port", str(port)])
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, "the server ended"
                assert time.monotonic() < deadline, "the server does not answer"
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_over_http() -> None:
    with http_server() as url:
        found = asked(url, "quality_standard_plan", {"lot": 2000, "aql": 0.65})
    values = found.structured_content["results"][0]["values"]
    assert (values["n"], values["c"]) == (125, 2)
    assert json.dumps(found.structured_content, allow_nan=False)
