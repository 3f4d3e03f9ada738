"""A server under steady load for as long as is asked: errors, and whether its memory grows.

    python benchmarks/soak.py --minutes 60 --clients 8 [--model FOLDER] [--json FILE]

Each client goes round: a continuation (streamed), a program, a chat, an answer that it leaves half
way. Every ten seconds the memory of the server and its worker processes is noted. A worker lives as
long as its program and counts the pages that it shares, so the floor is what is looked at: the least
of each twentieth of the time. Growth is the median slope of the second half of the floors, in MB an
hour. Exit status 1 where a request failed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx
import numpy as np
import psutil
from scipy.stats import theilslopes

sys.path.insert(0, str(Path(__file__).parent))
from inference import write_models  # type: ignore[import-not-found]
from serving import Server, havoc_server  # type: ignore[import-not-found]

PROGRAM = "w = table(fill=[502, 498, 505, 499, 503, 507, 501, 504])\nstats.t_test_one(x=w.fill, target=500)"
QUESTIONS = [
    "mean and standard deviation of 5.1 4.9 5.0 5.2 4.8",
    "fill weights: 502 498 505 499 503 507 501 504. label says 500 g, are we off target?",
    "Cpk of 9.9 10.1 10.0 9.8 10.2 10.1 9.9 with limits 9.5 to 10.5",
    "box-behnken for temperature 150-200 C, pressure 1 to 5 bar, time 10..30 min",
    "is there a difference between A: 5.1 5.3 5.2 5.0 and B: 5.6 5.5 5.8 5.4?",
]


def memory_mb(process: int) -> float:
    """Memory of a process and its children, in MB; shared pages count in each."""
    try:
        root = psutil.Process(process)
        return sum(p.memory_info().rss for p in (root, *root.children(recursive=True))) / 2**20
    except psutil.NoSuchProcess:
        return float("nan")


async def client(http: httpx.AsyncClient, number: int, end: float, seen: Counter[str]) -> None:
    """Requests until the end; outcomes by kind and status."""
    turn = number
    while time.monotonic() < end:
        kind = ("completion", "run", "chat", "left")[turn % 4]
        turn += 1
        try:
            outcome, status = await act(http, kind, turn)
            seen[f"{outcome} {status}"] += 1
        except httpx.HTTPError as error:
            seen[f"{kind} {type(error).__name__}"] += 1


async def act(http: httpx.AsyncClient, kind: str, turn: int) -> tuple[str, int]:
    """One request; what became of it, and its status (500 where a 200 tells of a failure)."""
    if kind == "run":
        return kind, (await http.post("/run", json={"program": PROGRAM})).status_code
    if kind == "chat":
        asked = QUESTIONS[turn // 4 % len(QUESTIONS)]
        body = {"messages": [{"role": "user", "content": asked}]}
        response = await http.post("/chat", json=body)
        if response.status_code != 200:
            return kind, response.status_code
        told = response.json()["reasoning"]["status"]
        return f"chat {told}", 500 if told == "failed" else 200
    body = {"prompt": f"the mean of {turn}", "max_new_tokens": 64, "seed": turn, "stream": True}
    async with http.stream("POST", "/completion", json=body) as response:
        async for line in response.aiter_lines():
            if kind == "left" and line:
                break
            if '"error"' in line:
                return kind, 500
    return kind, response.status_code


async def soak(server: Server, clients: int, minutes: float) -> tuple[Counter[str], list[float]]:
    """Run the clients; outcomes, and the memory every ten seconds."""
    seen: Counter[str] = Counter()
    memory: list[float] = []
    end = time.monotonic() + 60 * minutes
    address = f"http://127.0.0.1:{server.port}"
    async with httpx.AsyncClient(base_url=address, timeout=300) as http:
        working = [asyncio.create_task(client(http, i, end, seen)) for i in range(clients)]
        while time.monotonic() < end:
            await asyncio.sleep(10)
            memory.append(memory_mb(server.process.pid))
        await asyncio.gather(*working)
    return seen, memory


def floor(memory: list[float], parts: int = 20) -> list[float]:
    """The least of each part of the time."""
    return [float(part.min()) for part in np.array_split(memory, min(parts, len(memory)))]


def main() -> int:
    """Soak and report; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--model", help="model folder; else random weights of 15M parameters")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        if options.model:
            folder = str(Path(options.model).resolve())  # the server runs in another folder
        else:
            folder = write_models(Path(place), "15M", [], gguf=False)["folder"]
        server = havoc_server(folder, Path(place) / "state")
        try:
            seen, memory = asyncio.run(soak(server, options.clients, options.minutes))
        finally:
            server.close()
    floors = floor(memory)
    half = floors[len(floors) // 2 :]
    hours = options.minutes / 60 / len(floors)  # of one part
    # the median of all slopes (Theil and Sen): a part in which a worker lived throughout is no growth
    growth = theilslopes(half, np.arange(len(half)) * hours).slope if len(half) > 2 else 0.0
    failed = {k: n for k, n in seen.items() if not k.endswith(" 200")}
    report = {
        "minutes": options.minutes, "clients": options.clients, "outcomes": dict(seen),
        "failed": failed, "memory_mb": [round(m, 1) for m in memory],
        "floor_mb": [round(m, 1) for m in floors],
        "growth_mb_an_hour": round(growth, 1),
    }  # fmt: skip
    print(f"{sum(seen.values())} requests, {sum(failed.values())} failed {failed or ''}")
    print(
        f"memory without workers {floors[0]:.0f} MB at first, {floors[-1]:.0f} MB at last,"
        f" {growth:+.1f} MB an hour in the second half; {max(memory):.0f} MB at most with workers"
    )
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
