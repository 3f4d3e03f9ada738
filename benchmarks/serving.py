"""The server under load: streaming clients against ``havoc serve``, ``bentoml serve`` and llama.cpp.

    python benchmarks/serving.py [--quick] [--json FILE] [--llama-python PATH]

All serve the same random weights (15M parameters, float32) and get the same requests on OpenAI's
streaming interface: a prompt of 64 words, a fixed number of new tokens. Servers run one at a time
between turns of the others, so that what else the machine does slows all of them; each figure is the
best of its rounds. The client is one process of plain sockets, on the same machine, and costs
the servers the same. llama.cpp is llama-cpp-python's server, found in the environment whose Python
``--llama-python`` (or ``$LLAMA_PYTHON``) names. On a machine that has no core to spare,
``--llama-threads 1`` is the fair choice: its threads wait for each other at every matrix.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from inference import llama_python, write_models  # type: ignore[import-not-found]

ROOT = Path(__file__).parents[1]
WORDS = (
    "the mean and standard deviation of a process tell whether it is capable of its limits".split()
)


@dataclass
class Load:
    """What one round of clients saw; times in seconds."""

    clients: int
    seconds: float = 0.0
    tokens: int = 0
    first: list[float] = field(default_factory=list)
    between: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def tokens_per_second(self) -> float:
        return self.tokens / self.seconds if self.seconds else 0.0

    def told(self) -> dict[str, float]:
        """The figures of the round; times in milliseconds."""

        def at(values: list[float], percent: float) -> float:
            return (
                round(1000 * float(np.percentile(values, percent)), 2) if values else float("nan")
            )

        return {
            "clients": self.clients,
            "tokens_per_second": round(self.tokens_per_second, 1),
            "first_p50": at(self.first, 50),
            "first_p99": at(self.first, 99),
            "between_p50": at(self.between, 50),
            "between_p99": at(self.between, 99),
            "errors": len(self.errors),
        }


class Server:
    """A server in a process of its own, on a free port."""

    def __init__(self, name: str, command: list[str], ready: str, **environment: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.name = name
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115
        command = [part.replace("PORT", str(self.port)) for part in command]
        self.process = subprocess.Popen(
            command, stdout=self.log, stderr=self.log, cwd=ROOT, env={**os.environ, **environment}
        )
        end = time.monotonic() + 300
        while not _answers(self.port, ready):
            if self.process.poll() is not None or time.monotonic() > end:
                self.log.seek(0)
                raise SystemExit(f"{name} did not start:\n{self.log.read()[-2000:]}")
            time.sleep(0.3)

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()


def _answers(port: int, path: str) -> bool:
    import httpx

    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


async def one(port: int, prompt: str, tokens: int, load: Load, model: str) -> None:
    """One streamed completion; what it saw is added to ``load``."""
    body = {
        "model": model, "prompt": prompt, "max_tokens": tokens, "temperature": 0.8, "stream": True,
        "seed": 1 + len(load.first), "top_k": 40,
    }  # fmt: skip
    raw = json.dumps(body).encode()
    head = (
        f"POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(raw)}\r\nConnection: close\r\n\r\n"
    )
    began = seen = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(head.encode() + raw)
        status = await reader.readline()
        if b" 200 " not in status:
            load.errors.append(status.decode().strip())
            return
        pieces, reason = 0, None
        async for line in reader:
            if not line.startswith(b"data: {"):
                continue
            chunk = json.loads(line[6:])
            if "error" in chunk:
                load.errors.append(str(chunk["error"]))
                return
            choice = chunk["choices"][0]
            reason = choice["finish_reason"] or reason
            if choice.get("text"):
                now = time.perf_counter()
                (load.between if pieces else load.first).append(now - (seen if pieces else began))
                seen, pieces = now, pieces + 1
        if reason is None:
            load.errors.append("the stream was cut short")
        # characters may be held back until they are whole, so pieces are fewer than tokens
        load.tokens += tokens if reason == "length" else pieces
    finally:
        writer.close()


async def run(server: Server, clients: int, requests: int, tokens: int, model: str) -> Load:
    """So many clients at once, each with so many requests after one another."""
    load = Load(clients)

    async def client(number: int) -> None:
        for turn in range(requests):
            start = (number * 7 + turn * 3) % len(WORDS)
            words = (WORDS[start:] + WORDS * 5)[:62]
            prompt = " ".join([str(number), str(turn), *words])
            try:
                await one(server.port, prompt, tokens, load, model)
            except OSError as error:
                load.errors.append(str(error))

    began = time.perf_counter()
    await asyncio.gather(*(client(i) for i in range(clients)))
    load.seconds = time.perf_counter() - began
    return load


def havoc_server(folder: str, state: Path) -> Server:
    command = [sys.executable, "-m", "havoc", "serve", "--port", "PORT", "--model", folder]
    return Server("havoc serve", [*command, "--state", str(state)], "/health")


def llama_server(python: str, gguf: str, threads: int, path: str) -> Server:
    command = [
        python, "-m", "llama_cpp.server", "--model", gguf, "--port", "PORT", "--n_ctx", "1024",
        "--n_threads", str(threads), "--n_threads_batch", str(threads), "--verbose", "false",
        "--interrupt_requests", "false",  # else a new request cuts off the one being answered
    ]  # fmt: skip
    return Server("llama.cpp", command, "/v1/models", PYTHONPATH=path)


def bento_server(folder: str, home: Path) -> Server:
    """Build a bento around the weights and serve it."""
    put = (
        "import bentoml, shutil, sys\nfrom pathlib import Path\n"
        "with bentoml.models.create('havoc_lm') as e:"
        " shutil.copytree(sys.argv[1], Path(e.path) / 'model')"
    )
    environment = {
        "BENTOML_HOME": str(home), "BENTOML_DO_NOT_TRACK": "True", "HAVOC_STATE": str(home / "state"),
    }  # fmt: skip
    whole = {**os.environ, **environment}
    subprocess.run([sys.executable, "-c", put, folder], env=whole, check=True, cwd=ROOT)
    build = [sys.executable, "-m", "bentoml", "build"]
    subprocess.run(build, env=whole, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    command = [sys.executable, "-m", "bentoml", "serve", "havoc:latest", "--host", "127.0.0.1"]
    return Server("bentoml serve", [*command, "--port", "PORT"], "/readyz", **environment)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument(
        "--quick", action="store_true", help="under two minutes: fewer clients, no bento"
    )
    parser.add_argument("--json", type=Path)
    parser.add_argument("--llama-python")
    parser.add_argument(
        "--llama-path", default="", help="more folders for that Python to import from"
    )
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--clients", type=int, nargs="+", help="instead of 1 4 16 64")
    parser.add_argument("--tokens", type=int, help="new tokens of a request")
    parser.add_argument("--requests", type=int, help="of all clients together, at least one each")
    parser.add_argument("--llama-threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--no-bento", action="store_true")
    options = parser.parse_args()
    levels = options.clients or ((1, 4) if options.quick else (1, 4, 16, 64))
    tokens = options.tokens or (48 if options.quick else 128)
    total = options.requests or (4 if options.quick else 8)
    rounds = options.rounds or (1 if options.quick else 2)
    python = llama_python(options.llama_python)
    best: dict[str, dict[int, Load]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        where = write_models(folder, "15M", ["float32"], gguf=python is not None)
        servers = [havoc_server(where["folder"], folder / "state")]
        if python is not None:
            threads = options.llama_threads
            gguf = where["gguf float32"]
            servers.append(llama_server(python, gguf, threads, options.llama_path))
        if not options.quick and not options.no_bento:
            servers.append(bento_server(where["folder"], folder / "bentoml"))
        for server in servers:
            stack.callback(server.close)
        for turn in range(rounds + 1):  # the first is for warming up
            for clients in levels if turn else (1,):
                for server in servers:
                    model = "" if server.name == "llama.cpp" else "havoc:text"
                    requests = max(1, total // clients) if turn else 1
                    load = asyncio.run(run(server, clients, requests, tokens, model))
                    if turn:
                        known = best.setdefault(server.name, {}).get(clients)
                        if known is None or load.tokens_per_second > known.tokens_per_second:
                            best[server.name][clients] = load
                        keep(best, options.json)  # a run that is cut short has told what it knew
    show(keep(best, options.json))


def keep(best: dict[str, dict[int, Load]], path: Path | None) -> dict[str, Any]:
    """The report so far, written where it is wanted."""
    report: dict[str, Any] = {
        "figures": {n: [x.told() for x in v.values()] for n, v in best.items()}
    }
    report["ratios"] = ratios(best)
    if path is not None:
        path.write_text(json.dumps(report, indent=1) + "\n")
    return report


def ratios(best: dict[str, dict[int, Load]]) -> dict[str, float]:
    """Ours beside llama.cpp's: above 1 is better."""
    found: dict[str, float] = {}
    peer = best.get("llama.cpp", {})
    for clients, ours in best["havoc serve"].items():
        theirs = peer.get(clients)
        if theirs is None or not theirs.first or not ours.first:
            continue
        speed = ours.tokens_per_second / theirs.tokens_per_second
        first = float(np.median(theirs.first) / np.median(ours.first))
        found[f"tokens_per_second_{clients}_clients"] = round(speed, 3)
        found[f"first_token_{clients}_clients"] = round(first, 3)
    return found


def show(report: dict[str, Any]) -> None:
    print("server         clients  tokens/s  first p50/p99 ms  between p50/p99 ms  errors")
    for name, rows in report["figures"].items():
        for r in rows:
            print(
                f"{name:14} {r['clients']:7} {r['tokens_per_second']:9.1f}"
                f"  {r['first_p50']:7.1f}/{r['first_p99']:<8.1f}"
                f"  {r['between_p50']:8.2f}/{r['between_p99']:<8.2f}  {r['errors']:6}"
            )
    for name, ratio in report["ratios"].items():
        print(f"{name}: {ratio:.2f} x llama.cpp")


if __name__ == "__main__":
    main()
