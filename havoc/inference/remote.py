"""PLAN by any OpenAI-compatible server with JSON-schema support (vLLM, llama.cpp, HAVOC's own).

Two questions, each answered in JSON under a schema compiled for the request: which operations, then the arguments of
each. The schema admits only what the request's grammar admits (``havoc.dsl.planning``), and what comes back is checked
against it again, so that another model can write a program that does not fit no more than the trained one can. Several
answers are drawn; how often a program comes up is its probability (self-consistency, Wang et al. 2023).
"""

from __future__ import annotations

import json
import math
import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import Grounded
from havoc.dsl.patterns import argument_pattern
from havoc.dsl.planning import MAX_STATEMENTS, Results, gives_data
from havoc.errors import InputError
from havoc.inference.planner import Candidate, Plan
from havoc.tools.operation import Kind, Operation, operations

KEY = "HAVOC_BACKEND_KEY"  # environment variable with the server's key, if it wants one
_WORD = re.compile(r"[a-z0-9]{2,}")
_SYSTEM = (
    "You plan statistical, engineering and mathematical computations. A request is given with its numbers, columns and "
    "tables replaced by slots such as <n0> or <c1>. Answer in JSON only."
)


class RemotePlanner:
    """Proposes programs by asking a server.

    Parameters
    ----------
    url : address with its version, for example ``http://127.0.0.1:8000/v1``.
    model : name of the model there.
    offered : how many operations are named to it, the likeliest by their words.
    temperature : of the answers after the first.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        offered: int = 60,
        temperature: float = 0.7,
        timeout: float = 60.0,
        client: httpx.Client | None = None,
    ) -> None:
        if not url:
            raise InputError(
                "backend: openai needs backend_url, for example http://127.0.0.1:8000/v1"
            )
        self.name = model or "remote"
        self.model, self.offered, self.temperature = model, offered, temperature
        headers = {"Authorization": f"Bearer {os.environ[KEY]}"} if os.environ.get(KEY) else {}
        self.url = url.rstrip("/") + "/chat/completions"
        self.client = client or httpx.Client(headers=headers, timeout=timeout)
        self._asked: dict[str, Plan] = {}

    def first(self, grounded: Grounded) -> dict[str, float]:
        """How often each first operation was chosen."""
        return self.propose(grounded).first

    def propose(self, grounded: Grounded, n: int = 4, max_tokens: int = 256) -> Plan:
        """The distinct programs of ``n`` answers, the most frequent first."""
        key = f"{grounded.text}\n{grounded.request}"
        if key not in self._asked:
            self._asked = {key: self._plan(grounded, n, max_tokens)}
        return self._asked[key]

    def _plan(self, grounded: Grounded, n: int, max_tokens: int) -> Plan:
        known = offered_operations(grounded, self.offered)
        votes: Counter[tuple[str, ...]] = Counter()
        for i in range(n):
            tokens = self._program(grounded, known, self.temperature if i else 0.0, max_tokens)
            if tokens:
                votes[tokens] += 1
        total = sum(votes.values())
        ranked = votes.most_common()
        first = Counter({t[0]: 0 for t, _ in ranked})
        for tokens, count in ranked:
            first[tokens[0]] += count
        return Plan(
            tuple(Candidate(t, math.log(c / total), "remote") for t, c in ranked),
            {t: c / total for t, c in first.items()},
        )

    def _program(
        self, grounded: Grounded, known: Mapping[str, Operation], temperature: float, limit: int
    ) -> tuple[str, ...]:
        chosen = self._ask(
            operations_prompt(grounded, known), operations_schema(known), temperature, limit
        )
        names = chosen.get("operations") or []
        if names and names[0] in ("explain", "refuse"):
            return (v.EXPLAIN,) if names[0] == "explain" else (v.REFUSE,)
        picked = [known[n] for n in names if n in known][:MAX_STATEMENTS]
        if not picked:
            return ()
        schema = arguments_schema(picked, grounded)
        told = self._ask(arguments_prompt(grounded, picked), schema, temperature, limit)
        calls = [
            call_tokens(o, told.get(f"r{i + 1}") or {}, grounded, later=results_before(picked, i))
            for i, o in enumerate(picked)
        ]
        if any(c is None for c in calls):
            return ()
        parts: list[str] = []
        for call in calls:
            parts += [v.NEXT] if parts else []
            parts += call or []
        return tuple(parts)

    def _ask(
        self, prompt: str, schema: Mapping[str, Any], temperature: float, limit: int
    ) -> dict[str, Any]:
        body = {
            "model": self.model,
            "messages": [
                {"role": "system", "content": _SYSTEM},
                {"role": "user", "content": prompt},
            ],
            "temperature": temperature,
            "max_tokens": limit,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "plan", "strict": True, "schema": schema},
            },
        }
        try:
            answer = self.client.post(self.url, json=body)
            answer.raise_for_status()
            text = answer.json()["choices"][0]["message"]["content"]
        except httpx.HTTPStatusError as error:
            told = " ".join(error.response.text.split())[:200]
            raise InputError(
                f"the planner's server {self.url} answered {error.response.status_code}: {told}"
            ) from None
        except (httpx.HTTPError, KeyError, IndexError, TypeError, ValueError) as error:
            raise InputError(f"the planner's server {self.url} does not answer: {error}") from None
        try:
            found = json.loads(text)
        except (TypeError, ValueError):
            return {}  # cut off by its limit, or a server without schemas: no candidate
        return found if isinstance(found, dict) else {}


# ---- what is asked ------------------------------------------------------------------------------------------


def offered_operations(grounded: Grounded, most: int) -> dict[str, Operation]:
    """The operations whose words the request uses most, by inverse document frequency."""
    known = operations()
    words = {n: set(_WORD.findall(_about(o))) for n, o in known.items()}
    spread = Counter(w for found in words.values() for w in found)
    said = set(_WORD.findall(grounded.request.casefold()))

    def score(name: str) -> float:
        return sum(math.log(1 + len(known) / spread[w]) for w in said & words[name])

    best = sorted(known, key=lambda n: (-score(n), n))[:most]
    return {n: known[n] for n in sorted(best)}


def _about(operation: Operation) -> str:
    told = [operation.name.replace(".", " ").replace("_", " "), operation.summary, *operation.terms]
    return " ".join(told).casefold()


def operations_prompt(grounded: Grounded, known: Mapping[str, Operation]) -> str:
    """Which operations, in order."""
    listed = "\n".join(f"- {n}: {o.summary}" for n, o in known.items())
    return (
        f"Request: {grounded.request[:4000]}\nIn slots: {grounded.text}\n\nOperations:\n{listed}\n"
        "- explain: the request asks for an explanation, nothing is to be computed\n"
        "- refuse: the request is about something else\n\n"
        "Name the operations that answer the request, in order."
    )


def operations_schema(known: Mapping[str, Operation]) -> dict[str, Any]:
    names = {"type": "string", "enum": [*known, "explain", "refuse"]}
    return _object(
        {
            "operations": {
                "type": "array",
                "items": names,
                "minItems": 1,
                "maxItems": MAX_STATEMENTS,
            }
        },
        ["operations"],
    )


def arguments_prompt(grounded: Grounded, picked: Sequence[Operation]) -> str:
    """The arguments of each chosen operation."""
    parts = [f"Request: {grounded.request[:4000]}", f"In slots: {grounded.text}", ""]
    for i, o in enumerate(picked, 1):
        parts.append(f"r{i} = {o.name}: {o.summary}")
        parts += [
            f"  {p.name}{'' if p.required else ' (optional)'}: {p.doc or p.kind.value}"
            for p in o.parameters
        ]
    parts.append(
        'Give the slots of each argument. A list is written "<list> <n0> <n1> </list>", a formula '
        '"<c0> <~> <c1> <+> <c2>". Write "<ask>" for a required argument that the request does not give.'
    )
    return "\n".join(parts)


def arguments_schema(picked: Sequence[Operation], grounded: Grounded) -> dict[str, Any]:
    calls = {
        f"r{i + 1}": _call_schema(o, grounded, results_before(picked, i))
        for i, o in enumerate(picked)
    }
    return _object(calls, list(calls))


def results_before(picked: Sequence[Operation], i: int) -> Results:
    """The results that call ``i`` may use: those of earlier calls that hold data."""
    earlier = zip(v.RESULTS, picked[:i], strict=False)
    return tuple(result for result, o in earlier if gives_data(o.name))


def _call_schema(operation: Operation, grounded: Grounded, later: Results) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    for p in operation.parameters:
        pattern = argument_pattern(p, grounded, later)
        if pattern is None:
            continue
        if p.kind in (Kind.CHOICE, Kind.BOOLEAN):
            properties[p.name] = {"type": "string", "enum": list(p.choices or ("true", "false"))}
        else:
            properties[p.name] = {"type": "string", "pattern": f"^(?:{pattern})$"}
        if p.required:
            required.append(p.name)
    return _object(properties, required)


def _object(properties: Mapping[str, Any], required: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


# ---- what comes back ----------------------------------------------------------------------------------------


def call_tokens(
    operation: Operation, given: Mapping[str, Any], grounded: Grounded, *, later: Results
) -> list[str] | None:
    """The call in planner tokens, checked against the request's grammar; None if it does not fit."""
    tokens = [v.op_token(operation)]
    for p in operation.parameters:
        value = given.get(p.name)
        pattern = argument_pattern(p, grounded, later)
        if value is None or pattern is None:
            if p.required:
                return None
            continue
        text = " ".join(str(value).split())
        if not re.fullmatch(pattern, text):
            return None
        if p.kind in (Kind.CHOICE, Kind.BOOLEAN):
            tokens.append(f"<p:{p.name}={text}>")
        else:
            tokens += [*v.param_tokens(p), *text.split()]
    return [*tokens, v.END_CALL]
