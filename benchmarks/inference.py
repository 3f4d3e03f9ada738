"""Decoding speed: our engine beside llama.cpp and transformers on the same exported weights.

    python benchmarks/inference.py [--quick] [--json FILE] [--llama-python PATH]

Every peer runs in a process of its own and they take turns, so that whatever else the machine does
slows all of them. With one thread the figure of a peer is the median processor time of a step, which
neighbours lengthen least; with more it is the tenth percentile by the clock, a step that none of them
interrupts, because waiting threads burn processor time too. llama.cpp is found in this environment or
in the one whose Python ``--llama-python`` (or ``$LLAMA_PYTHON``) names.

The bound is what one pass over the weights costs at the memory bandwidth measured in the same run; a
model that fits the processor's cache may pass it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from havoc.config import HavocConfig
from havoc.model import HavocModel, save_model
from havoc.model.export import export_model
from havoc.tokenizer import train_tokenizer

ROOT = Path(__file__).parents[1]
WORKER = Path(__file__).with_name("inference_peers.py")
SHAPES = {
    "15M": {"d_model": 384, "num_layers": 8, "num_heads": 6, "num_kv_heads": 2,
            "mlp_hidden_dim": 1024},
    "110M": {"d_model": 768, "num_layers": 15, "num_heads": 12, "num_kv_heads": 4,
             "mlp_hidden_dim": 2304},
}  # fmt: skip
GGUF_TYPE = {"float32": "float32", "bfloat16": "bfloat16", "int8": "q8_0"}
BYTES = {"float32": 4.0, "bfloat16": 2.0, "int8": 1.0625}


class Peer:
    """A worker process."""

    def __init__(self, name: str, python: str) -> None:
        self.name, self.log = name, tempfile.TemporaryFile("w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            [python, str(WORKER), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self.log, text=True, cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT) if python == sys.executable else ""},
        )  # fmt: skip

    def ask(self, **job: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            self.log.seek(0)
            last = self.log.read().strip().rpartition("\n")[2]
            raise SystemExit(f"{self.name} ended while asked to {job['do']}: {last}")
        return json.loads(line)

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:  # on a crowded machine; its figures are in
            self.process.kill()
            self.process.wait()


@contextmanager
def peer(name: str, python: str) -> Iterator[Peer]:
    """Run a worker for a while."""
    made = Peer(name, python)
    try:
        yield made
    finally:
        made.close()


@dataclass
class Figures:
    """What was measured of one peer in one setting."""

    threads: int
    memory_mb: float = 0.0
    decode: dict[int, list[list[float]]] = field(default_factory=dict)  # batch: (clock, processor)
    first: list[list[float]] = field(default_factory=list)
    engine: list[float] = field(default_factory=list)
    said: list[int] = field(default_factory=list)

    def _figure(self, times: list[list[float]]) -> float:
        clock, processor = np.array(times).T
        if self.threads == 1:
            return float(np.median(processor))
        return float(np.percentile(clock, 10))

    def tokens_per_second(self, batch: int) -> float:
        return batch / self._figure(self.decode[batch])

    def by_the_clock(self, batch: int) -> float:
        return batch / float(np.median(np.array(self.decode[batch])[:, 0]))

    def first_token(self) -> float:
        return self._figure(self.first)


def llama_python(named: str | None) -> str | None:
    """Return a Python that has llama-cpp-python."""
    for candidate in (named, os.environ.get("LLAMA_PYTHON"), sys.executable):
        if (
            candidate
            and not subprocess.run(
                [candidate, "-c", "import llama_cpp"], capture_output=True, check=False
            ).returncode
        ):
            return candidate
    return None


def write_models(folder: Path, name: str, dtypes: list[str], gguf: bool) -> dict[str, str]:
    """Write random weights of a shape in every format; return where."""
    texts = [p.read_text(encoding="utf-8") for p in sorted((ROOT / "docs").rglob("*.md"))]
    tokenizer = train_tokenizer(texts, 8192)
    config = HavocConfig(
        vocab_size=tokenizer.vocab_size, head_dim=64, max_seq_len=1024, tie_embeddings=True,
        **SHAPES[name],
    )  # fmt: skip
    place = folder / name
    save_model(place, config, HavocModel.from_config(config, seed=0).state_dict())
    tokenizer.save(place)
    export_model(place, folder / f"{name}-hf", "hf")
    found = {"folder": str(place), "hf": str(folder / f"{name}-hf")}
    for dtype in dtypes if gguf else []:
        target = folder / f"{name}-{dtype}.gguf"
        export_model(place, target, "gguf", GGUF_TYPE[dtype])
        found[f"gguf {dtype}"] = str(target)
    found["parameters"] = str(config.num_parameters)
    return found


def bandwidth(threads: int) -> float:
    """Return bytes a second that so many threads read from memory together: the best of seven."""
    parts = [np.ones(32 << 20, dtype=np.float32) for _ in range(threads)]
    best = np.inf
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(7):
            began = time.perf_counter()
            list(pool.map(lambda part: float(part @ part), parts))
            best = min(best, time.perf_counter() - began)
    return threads * parts[0].nbytes / best


def measure(
    peers: list[Peer], where: dict[str, str], dtype: str, threads: int, rounds: int, tokens: int
) -> dict[str, Figures]:
    """Run one setting: all peers load, then take turns."""
    found = {p.name: Figures(threads) for p in peers}
    for p in peers:
        job = {"folder": where["folder"], "hf": where["hf"], "gguf": where.get(f"gguf {dtype}")}
        if p.name == "torch":
            job["kernels"] = "torch"
        kind = "float32" if p.name == "transformers" and dtype == "int8" else dtype
        found[p.name].memory_mb = p.ask(do="load", threads=threads, dtype=kind, **job)["memory_mb"]
    for turn in range(rounds):
        for p in peers:
            figures = found[p.name]
            for batch in (1, 8):
                answer = p.ask(do="decode", batch=batch, tokens=tokens, seed=turn)
                figures.decode.setdefault(batch, []).extend(answer["times"])
                if turn == 0 and batch == 1:
                    figures.said = answer["said"][:8]
            figures.first.append(p.ask(do="first", length=128, seed=turn)["seconds"])
            if p.name == "havoc":
                seconds = p.ask(do="engine", batch=8, tokens=tokens, seed=turn)["seconds"]
                figures.engine.append(8 * tokens / seconds)
    return found


def report(title: str, found: dict[str, Figures], bound: float, ratios: dict[str, float]) -> None:
    """Print one setting, and add its ratios."""
    ours = found["havoc"]
    print(f"\n{title} (one pass over the weights at memory bandwidth: {bound:.0f} a second)")
    print(
        f"  {'':13} {'1 row tok/s':>12} {'by clock':>9} {'of bound':>9} {'8 rows tok/s':>13}"
        f" {'by clock':>9} {'first of 128':>13} {'MB':>6}"
    )
    for name, figures in found.items():
        one, eight = figures.tokens_per_second(1), figures.tokens_per_second(8)
        print(
            f"  {name:13} {one:12.0f} {figures.by_the_clock(1):9.0f} {one / bound:9.0%}"
            f" {eight:13.0f} {figures.by_the_clock(8):9.0f}"
            f" {figures.first_token() * 1e3:10.1f} ms {figures.memory_mb:6.0f}"
        )
        if name == "havoc":
            continue
        ratios[f"{name}:{title}, decode, 1 row"] = ours.tokens_per_second(1) / one
        ratios[f"{name}:{title}, decode, 8 rows"] = ours.tokens_per_second(8) / eight
        ratios[f"{name}:{title}, first token"] = figures.first_token() / ours.first_token()
    print(f"  whole requests by Engine.generate, 8 rows: {max(ours.engine):.0f} tok/s")
    for name in ("llama.cpp", "transformers"):
        if name in found and "float32" in title and found[name].said != ours.said:
            print(f"  note: {name} says {found[name].said}, we say {ours.said}")


def main() -> None:
    """Measure, print tables, write ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="15M, one thread: under two minutes")
    parser.add_argument("--json", type=Path, help="where ratios go; above 1 we are faster")
    parser.add_argument("--llama-python", help="a Python that has llama-cpp-python")
    parser.add_argument("--dtypes", default="float32,int8", help="of float32, bfloat16, int8")
    parser.add_argument("--sizes", default="15M,110M")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--peers", default="llama.cpp,transformers", help="beside ours")
    parser.add_argument("--rounds", type=int, help="turns of each peer")
    parser.add_argument("--tokens", type=int, help="steps of a turn")
    options = parser.parse_args()
    sizes = ["15M"] if options.quick else options.sizes.split(",")
    threads = [1] if options.quick else [int(t) for t in options.threads.split(",")]
    dtypes = options.dtypes.split(",")
    python = llama_python(options.llama_python)
    if python is None:
        print("llama-cpp-python is not installed: compared with transformers only")
    names = [("havoc", sys.executable), ("transformers", sys.executable)]
    names += [("llama.cpp", python)] if python else []
    wanted = {"havoc", *options.peers.split(",")}
    names = [pair for pair in names if pair[0] in wanted]
    ratios: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            where = write_models(Path(folder), size, dtypes, python is not None)
            for dtype in dtypes:
                for count in threads:
                    rounds = options.rounds or (4 if options.quick else 6)
                    tokens = options.tokens or (24 if options.quick else 32)
                    with ExitStack() as stack:
                        peers = [stack.enter_context(peer(n, p)) for n, p in names]
                        found = measure(peers, where, dtype, count, rounds, tokens)
                    speed = bandwidth(count)
                    bound = speed / (int(where["parameters"]) * BYTES[dtype])
                    title = f"{size} {dtype}, {count} thread{'s' if count > 1 else ''}"
                    report(title, found, bound, ratios)
                    print(f"  memory bandwidth {speed / 1e9:.1f} GB/s", flush=True)
    if options.json:
        flat = {name: round(value, 3) for name, value in ratios.items()}
        options.json.write_text(json.dumps({"ratios": flat}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
