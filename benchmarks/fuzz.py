"""Hostile input by the hundred thousand: the parser, the table reader, the chat endpoint.

    python benchmarks/fuzz.py --inputs 100000 --seed 0 [--model FOLDER [--chats 10000]]

Each input is a mutation of a valid one (bytes changed, doubled, cut, spliced with another) or drawn
from a grammar of fragments. A parser or reader may refuse with ``InputError``; the server may answer
200 or 4xx with the agreed shape. Anything else is a finding: it is printed with its input, and the
exit status is 1. The same seed makes the same inputs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from havoc.errors import InputError

SLOW_SECONDS = 10.0
FRAGMENTS = [
    "(", ")", "[", "]", "{", "}", ",", ";", "=", "==", "~", "..", ".", "'", '"', "`", "#", "\n", "\t", "\r", " ",
    "-", "+", "*", "^", "/", "\\", "%", "|", "&", "@", "$", "\x00", "\x7f", "\ufeff", "\u202e", "−", "µ", "°C",
    "0", "1", "1e308", "1e-400", "-0", "9" * 400, "0x10", "1_000", "nan", "inf", "NaN", "Infinity", "null", "true",
    "data", "table", "stats.describe", "spc.xbar_r", "doe.box_behnken", "maths.integrate", "x", "r1", "r1.mean",
    "alpha=0.05", "50 mm", "5..10 degC", "y ~ a*b", "I(x^2)", "__class__", "import os", "eval(", "../../etc/passwd",
    "<script>", "=cmd|' /C calc'!A0", "{{7*7}}", "${7*7}", "%s%s%n", "'; DROP TABLE runs;--", "\ud83d\ude00",
]  # fmt: skip
TABLES = [
    "a,b\n1,2\n3,4\n",
    "Charge;Dicke (mm)\n1;3,14\n2;3,20\n",
    "x\n1\n\n2\n",
    'a\tb\n"1"\t"two ""2"""\n',
    "date,v\n2024-01-01,1.5\n2024-01-02,-\n",
    '[{"a": 1, "b": null}, {"a": 2.5, "b": "x"}]',
    '{"a": 1}\n{"a": 2}\n',
    "5.1 5.2\n5.3 5.4\n",
]
REQUESTS = [
    "mean of 4 5 6 7",
    "is 5.1 5.3 4.9 5.2 off target 5?",
    "Cpk of 9.9 10.1 10.0 9.8 10.2 with limits 9.5 to 10.5",
    "compare A: 1 2 3 4 and B: 2 3 4 6",
    "box-behnken for temperature 150-200 C, pressure 1 to 5 bar, time 10..30 min",
    "integrate x^2 from 0 to 1",
]


def programs() -> list[str]:
    """The examples of every operation."""
    from havoc.tools.operation import operations

    return [example for o in operations().values() for example in o.examples]


def mutated(seeds: list[str], draw: random.Random) -> str:
    """One input: a seed changed in one to six ways."""
    if draw.random() < 0.1:
        return "".join(draw.choices(FRAGMENTS, k=draw.randint(1, 30)))
    text = draw.choice(seeds)
    for _ in range(draw.randint(1, 6)):
        at, to = sorted(draw.randint(0, len(text)) for _ in range(2))
        to = min(to, at + 40)
        match draw.randrange(7):
            case 0:
                text = text[:at] + draw.choice(FRAGMENTS) + text[at:]
            case 1:
                text = text[:at] + text[to:]
            case 2:
                text = text[:to] + text[at:to] * draw.choice((1, 2, 20)) + text[to:]
            case 3:
                other = draw.choice(seeds)
                text = text[:at] + other[draw.randint(0, len(other)) :]
            case 4:
                text = (
                    text[:at]
                    + chr(draw.choice((0, 10, 34, 92, 0x2028, 0xFFFF, 0x1F600)))
                    + text[to:]
                )
            case 5:
                text = text[:at] + text[at:to][::-1] + text[to:]
            case _:
                text = text[:at] + draw.choice(FRAGMENTS) * draw.randint(1, 50) + text[to:]
    return text[:20_000]


def parsed(text: str) -> str:
    """Parse; what parses must come back the same from its canonical form."""
    from havoc.dsl.formatter import format_program
    from havoc.dsl.parser import parse

    try:
        program = parse(text)
    except InputError:
        return "refused"
    again = parse(format_program(program))
    if again != program:
        raise AssertionError("the canonical form says something else")
    return "parsed"


def read(text: str) -> str:
    """Read as a table; what is read must come back the same from its CSV."""
    from havoc.tools.table_io import csv_text, read_table_bytes

    data = text.encode("utf-8", "surrogatepass")
    try:
        table = read_table_bytes(data, "x.csv")
    except InputError:
        return "refused"
    if table.n_rows and any(table.names):
        csv_text(table)
    return "read"


class Chat:
    """The chat endpoint of a server in this process, with a real stack: grounding, plans, programs."""

    def __init__(self, model: Path) -> None:
        import httpx

        from havoc.serving.app import create_app
        from havoc.serving.runtime import load_runtime

        self.loop = asyncio.new_event_loop()
        app = create_app(load_runtime(model))
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(
            transport=transport, base_url="http://localhost", timeout=None
        )

    def ask(self, body: bytes) -> str:
        """One request; the status class."""
        response = self.loop.run_until_complete(
            self.client.post("/chat", content=body, headers={"content-type": "application/json"})
        )
        if response.headers["content-type"].startswith("text/event-stream"):
            last = response.text.rstrip().rpartition("\n\n")[2]
            if "event: done\n" not in last:
                raise AssertionError(f"a stream without its end: {last[-200:]}")
            return "streamed"
        document: Any = response.json()
        if response.status_code >= 500 or response.status_code < 200:
            raise AssertionError(f"HTTP {response.status_code}: {response.text[:200]}")
        if response.status_code >= 400 and "\n" in document["error"]["message"]:
            raise AssertionError(f"a message of several lines: {response.text[:200]}")
        return f"HTTP {response.status_code // 100}xx"


def chat_bodies(draw: random.Random) -> Iterator[bytes]:
    """Bodies of chats: hostile text in valid JSON mostly, hostile JSON sometimes."""
    while True:
        text = mutated(REQUESTS, draw)
        body: dict[str, Any] = {"messages": [{"role": "user", "content": text}]}
        if draw.random() < 0.3:
            body["attachments"] = [{"name": "x.csv", "content": mutated(TABLES, draw)}]
        if draw.random() < 0.2:
            told = (
                f"### Program\n\n```havoc\n{mutated(['r1 = stats.describe([1, 2, 3])'], draw)}\n```"
            )
            body["messages"] = [
                {"role": "user", "content": "a"},
                {"role": "assistant", "content": told},
                *body["messages"],
            ]
        if draw.random() < 0.1:
            body[draw.choice(("seed", "detail", "stream", "top_p", "x"))] = draw.choice(
                (None, -1, 2**70, "brief", [], {}, True, "\x00")
            )
        raw = json.dumps(body, ensure_ascii=draw.random() < 0.5)
        if draw.random() < 0.1:
            raw = mutated([raw], draw)
        yield raw.encode("utf-8", "surrogatepass")


def run(name: str, count: int, one: Callable[[], Any], act: Callable[[Any], str]) -> int:
    """``count`` inputs; the number of findings. A long run tells every thousand inputs where it is."""
    outcomes: Counter[str] = Counter()
    findings, began = 0, time.perf_counter()

    def tell(done: int) -> None:
        told = ", ".join(f"{n} {what}" for what, n in outcomes.most_common())
        seconds = time.perf_counter() - began
        print(f"{name}: {done} inputs in {seconds:.0f} s: {told}; {findings} findings", flush=True)

    for done in range(count):
        if done and done % 1000 == 0:
            tell(done)
        given = one()
        at = time.process_time()  # what a neighbour takes is not ours
        try:
            outcomes[act(given)] += 1
            if time.process_time() - at > SLOW_SECONDS:
                raise AssertionError(f"took {time.process_time() - at:.1f} s")
        except Exception as error:
            findings += 1
            print(f"{name}: {type(error).__name__}: {error}\n  input: {given!r:.2000}", flush=True)
    tell(count)
    return findings


def main() -> int:
    """Run all three; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument(
        "--inputs", type=int, default=100_000, help="in all; with a model a tenth goes to the chat"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", type=Path, help="model folder; without it the chat is left out")
    parser.add_argument("--chats", type=int, help="inputs of the chat instead of a tenth")
    options = parser.parse_args()
    if options.chats and options.model is None:
        parser.error("--chats needs --model")
    draw = random.Random(options.seed)
    known = programs()
    chats = options.inputs // 10 if options.chats is None else options.chats
    chats = min(chats, options.inputs) if options.model else 0
    rest = options.inputs - chats
    findings = run("parser", rest // 2, lambda: mutated(known, draw), parsed)
    findings += run("table reader", rest - rest // 2, lambda: mutated(TABLES, draw), read)
    if chats:
        bodies, chat = chat_bodies(draw), Chat(options.model)
        findings += run("chat", chats, lambda: next(bodies), chat.ask)
    return min(findings, 1)


if __name__ == "__main__":
    sys.exit(main())
