# ruff: noqa: E501
"""PLAN by another server: what it may answer is compiled for the request, and what it answers is checked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import tiny_model
from starlette.testclient import TestClient

from havoc.dsl.executor import run_text
from havoc.dsl.grounding.ground import ground
from havoc.dsl.patterns import argument_pattern
from havoc.dsl.planning import lexicalise
from havoc.errors import InputError
from havoc.inference.remote import RemotePlanner, call_tokens, offered_operations
from havoc.srs.pipeline import answer
from havoc.srs.state import Request, Stack
from havoc.tools.operation import operations

FILL = "fill weights: 502 498 505 499 503 507 501 504. off target 500?"
URL = "http://planner.test/v1"


def server(
    *answers: dict[str, Any] | str, seen: list[dict[str, Any]] | None = None
) -> httpx.Client:
    """A server that gives these answers, one after another."""
    left = list(answers)

    def reply(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(json.loads(request.content))
        told = left.pop(0)
        content = told if isinstance(told, str) else json.dumps(told)
        return httpx.Response(200, json={"choices": [{"message": {"content": content}}]})

    return httpx.Client(transport=httpx.MockTransport(reply))


def planner(client: httpx.Client) -> RemotePlanner:
    return RemotePlanner(URL, "other", offered=300, client=client)


OPERATION = {"operations": ["stats.t_test_one"]}
ARGUMENTS = {"r1": {"x": "<c0>", "target": "<n0>"}}


def test_a_request_is_answered_by_a_program_that_another_model_planned() -> None:
    seen: list[dict[str, Any]] = []
    remote = planner(server(OPERATION, ARGUMENTS, OPERATION, ARGUMENTS, seen=seen))
    plan = remote.propose(ground(FILL), 2)
    assert plan.candidates[0].logprob == 0.0
    assert plan.first == {"<op:stats.t_test_one>": 1.0}
    schema = seen[1]["response_format"]["json_schema"]["schema"]
    assert re.fullmatch(schema["properties"]["r1"]["properties"]["x"]["pattern"], "<c0>")
    assert seen[0]["temperature"] == 0.0
    assert seen[2]["temperature"] > 0


def test_the_whole_stack_runs_on_it() -> None:
    remote = planner(server(*[OPERATION, ARGUMENTS] * 6))
    out = answer(Request(FILL), Stack(remote, run_text))
    assert out["status"] == "answered"
    assert out["candidates"][0]["source"] == "remote"
    assert out["results"][0]["operation"] == "stats.t_test_one"


@pytest.mark.parametrize(
    "told",
    [
        {"r1": {"x": "<c7>", "target": "<n0>"}},  # a column that the request does not have
        {"r1": {"x": "<c0>", "target": "500"}},  # a number that was not copied from a slot
        {"r1": {"target": "<n0>"}},  # nothing required may be missing
        {"r1": {"x": "<c0> <c0>", "target": "<n0>"}},
        '{"r1": {"x": "<c0',  # cut off
        "Sure! I would use a t test.",
    ],
)
def test_what_does_not_fit_the_request_is_no_candidate(told: dict[str, Any] | str) -> None:
    assert planner(server(OPERATION, told)).propose(ground(FILL), 1).candidates == ()


def test_answers_that_differ_share_the_probability() -> None:
    other = {"operations": ["stats.describe"]}
    remote = planner(
        server(OPERATION, ARGUMENTS, OPERATION, ARGUMENTS, other, {"r1": {"x": "<c0>"}})
    )
    plan = remote.propose(ground(FILL), 3)
    assert [round(2.718281828**c.logprob, 3) for c in plan.candidates] == [0.667, 0.333]


def test_what_is_no_computation_is_explained_or_refused() -> None:
    plan = planner(server({"operations": ["refuse"]})).propose(ground("write a poem"), 1)
    assert plan.candidates[0].tokens == ("<refuse>",)


def test_a_server_that_does_not_answer_is_one_clear_line() -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        return httpx.Response(503, text="overloaded")

    client = httpx.Client(transport=httpx.MockTransport(broken))
    with pytest.raises(InputError, match="answered 503: overloaded"):
        planner(client).propose(ground(FILL), 1)
    with pytest.raises(InputError, match="backend_url"):
        RemotePlanner("", "x")


def test_the_likeliest_operations_are_offered() -> None:
    known = offered_operations(ground("make a box behnken design for temperature 150-200"), 10)
    assert "doe.box_behnken" in known
    assert len(known) == 10


def _first_call(text: str, name: str, given: dict[str, str]) -> str:
    grounded = ground(text)
    tokens = call_tokens(operations()[name], given, grounded, later=())
    assert tokens is not None
    return lexicalise(tokens, grounded)


@pytest.mark.parametrize(
    ("text", "name", "given", "holds"),
    [
        ("temperature 150-200 C, time 10-30 min", "doe.full_factorial", {"factors": "<f0> <f1>"}, "temperature=150..200 degC, time=10..30 min"),
        ("x = [1, 2, 3, 4], y = [2, 4, 6, 9]", "stats.regression", {"formula": "<c1> <~> <c0>", "data": "<t0>"}, "y ~ x"),
        ("4.1 4.2 4.4 4.0 nelson", "spc.i_mr", {"x": "<c0>", "rules": "nelson"}, "rules=nelson"),
    ],
)  # fmt: skip
def test_every_kind_of_argument_can_be_written(
    text: str, name: str, given: dict[str, str], holds: str
) -> None:
    assert holds in _first_call(text, name, given)


def test_the_pattern_of_an_argument_admits_what_the_grammar_admits() -> None:
    grounded = ground(FILL)
    target = operations()["stats.t_test_one"].by_name["target"]
    pattern = argument_pattern(target, grounded, ()) or ""
    assert re.fullmatch(pattern, "<n0>")
    assert not re.fullmatch(pattern, "<c0>")


@pytest.fixture
def own_server(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], TestClient]:
    """HAVOC's own server with an untrained model whose window holds the questions."""
    from havoc.serving.app import create_app
    from havoc.serving.runtime import load_runtime

    monkeypatch.setitem(tiny_model.SHAPE, "max_seq_len", 4096)
    return lambda: TestClient(create_app(load_runtime(tiny_model.make_model(tmp_path / "m"))))


def test_our_own_server_plans_within_the_schema_though_its_model_is_untrained(
    own_server: Callable[[], TestClient],
) -> None:
    with own_server() as client:
        remote = RemotePlanner("http://testserver/v1", "havoc:text", offered=3, client=client)
        plan = remote.propose(ground(FILL), 4, 400)
    for candidate in plan.candidates:
        assert candidate.tokens[0].startswith(("<op:", "<explain>", "<refuse>"))
    assert sum(2.718281828**c.logprob for c in plan.candidates) == pytest.approx(1.0)
