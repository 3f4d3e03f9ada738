"""One engine in a process of its own, driven by lines of JSON; ``benchmarks/inference.py`` runs it.

Each peer loads a model and does the same two things on request: read prompts of random tokens and
time the first token, or decode so many tokens greedily for so many sequences and time each step.
The peers share no memory, no threads and no Python, and llama.cpp may live in another environment,
so this file imports a peer's packages only inside that peer.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path
from typing import Any

PROMPT = 32  # tokens of each sequence before decoding


Times = tuple[float, float]  # seconds by the clock, and of the processor


def now() -> Times:
    """Read both clocks."""
    return time.perf_counter(), time.process_time()


def since(began: Times) -> Times:
    """Return what both clocks have gone on."""
    return time.perf_counter() - began[0], time.process_time() - began[1]


def resident_mb() -> float:
    """Memory of this process in MB (Linux)."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")


def prompts(batch: int, length: int, vocab: int, seed: int) -> list[list[int]]:
    """Return random prompts; the same for every peer."""
    generator = random.Random(seed)
    return [[generator.randrange(300, vocab) for _ in range(length)] for _ in range(batch)]


class Havoc:
    """The runner and sampler of ``havoc.inference``, and the engine over them."""

    def load(self, job: dict[str, Any]) -> None:
        import torch

        torch.set_num_threads(job["threads"])
        from havoc.config import InferenceConfig
        from havoc.inference.opening import open_runner
        from havoc.tokenizer import Tokenizer

        self.config = InferenceConfig(
            dtype=job["dtype"], num_threads=job["threads"], do_sample=False, repetition_penalty=1.0,
            kernels=job.get("kernels", "auto"),
        )  # fmt: skip
        self.before = resident_mb()
        self.tokenizer = Tokenizer.load(job["folder"])
        self.runner: Any = open_runner(job["folder"], self.config)
        self.vocab = self.runner.config.vocab_size

    def first(self, prompt: list[int]) -> int:
        sequence = self.runner.open()
        logits = self.runner.forward([sequence], [prompt], [1])
        self.runner.close(sequence)
        return int(logits[0].argmax())

    def decode(self, starts: list[list[int]], tokens: int) -> tuple[list[Times], list[int]]:
        from havoc.inference.sampling import Sampler

        rows = [self.runner.open() for _ in starts]
        samplers = [Sampler(self.config, 0, self.vocab, s, tokens + 1) for s in starts]
        logits = self.runner.forward(rows, starts, [1] * len(rows))
        times, said = [], []
        for _ in range(tokens):
            began = now()
            last = [[s.choose(row).token] for s, row in zip(samplers, logits, strict=True)]
            logits = self.runner.forward(rows, last, [1] * len(rows))
            times.append(since(began))
            said.append(last[0][0])
        for row in rows:
            self.runner.close(row)
        return times, said

    def engine(self, starts: list[list[int]], tokens: int) -> float:
        """Seconds of a whole ``Engine.generate``, prefill and text included."""
        from havoc.inference.engine import Engine

        engine = Engine(self.runner, self.tokenizer, self.config)
        params = self.config.replace(max_new_tokens=tokens)
        began = time.perf_counter()
        found = engine.generate(starts, params)
        seconds = time.perf_counter() - began
        engine.close()
        made = sum(len(g.tokens) for g in found)
        return seconds * (len(starts) * tokens) / made


class LlamaCpp:
    """llama.cpp by the low-level functions of llama-cpp-python."""

    def load(self, job: dict[str, Any]) -> None:
        import llama_cpp

        self.c = llama_cpp
        self.silent = llama_cpp.llama_log_callback(lambda level, text, data: None)
        llama_cpp.llama_log_set(self.silent, None)
        llama_cpp.llama_backend_init()
        self.before = resident_mb()
        self.model = llama_cpp.llama_model_load_from_file(
            job["gguf"].encode(), llama_cpp.llama_model_default_params()
        )
        params = llama_cpp.llama_context_default_params()
        params.n_ctx, params.n_batch, params.n_ubatch, params.n_seq_max = 8 * 512, 512, 512, 8
        params.n_threads = params.n_threads_batch = job["threads"]
        self.context = llama_cpp.llama_init_from_model(self.model, params)
        if not self.context:
            raise RuntimeError("llama.cpp made no context")
        self.vocab = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(self.model))
        self.batch = llama_cpp.llama_batch_init(512, 0, 1)

    def _feed(self, parts: list[tuple[int, int, list[int]]]) -> list[int]:
        """Feed (sequence, position, tokens); return the most probable token after each part."""
        import numpy as np

        batch, at, ends = self.batch, 0, []
        for sequence, position, tokens in parts:
            for i, token in enumerate(tokens):
                batch.token[at], batch.pos[at] = token, position + i
                batch.n_seq_id[at], batch.seq_id[at][0] = 1, sequence
                batch.logits[at] = i == len(tokens) - 1
                at += 1
            ends.append(at - 1)
        batch.n_tokens = at
        if self.c.llama_decode(self.context, batch):
            raise RuntimeError("llama_decode failed")
        rows = [self.c.llama_get_logits_ith(self.context, end) for end in ends]
        return [int(np.ctypeslib.as_array(row, (self.vocab,)).argmax()) for row in rows]

    def _clear(self) -> None:
        self.c.llama_memory_clear(self.c.llama_get_memory(self.context), True)

    def first(self, prompt: list[int]) -> int:
        self._clear()
        return self._feed([(0, 0, prompt)])[0]

    def decode(self, starts: list[list[int]], tokens: int) -> tuple[list[Times], list[int]]:
        self._clear()
        last = self._feed([(s, 0, start) for s, start in enumerate(starts)])
        times, said = [], []
        for i in range(tokens):
            began = now()
            said.append(last[0])
            last = self._feed([(s, PROMPT + i, [t]) for s, t in enumerate(last)])
            times.append(since(began))
        return times, said


class Transformers:
    """``generate`` of transformers, greedy, with its own cache."""

    def load(self, job: dict[str, Any]) -> None:
        import torch
        import transformers

        torch.set_num_threads(job["threads"])
        transformers.logging.set_verbosity_error()
        self.torch = torch
        self.before = resident_mb()
        dtype = getattr(torch, job["dtype"])
        self.model = transformers.LlamaForCausalLM.from_pretrained(job["hf"], dtype=dtype).eval()
        self.model.generation_config.eos_token_id = None
        self.vocab = self.model.config.vocab_size

    def _generate(self, starts: list[list[int]], tokens: int, streamer: Any = None) -> Any:
        with self.torch.inference_mode():
            ids = self.torch.tensor(starts)
            return self.model.generate(
                ids, attention_mask=self.torch.ones_like(ids), do_sample=False,
                min_new_tokens=tokens, max_new_tokens=tokens, pad_token_id=0, streamer=streamer,
            )  # fmt: skip

    def first(self, prompt: list[int]) -> int:
        return int(self._generate([prompt], 1)[0, -1])

    def decode(self, starts: list[list[int]], tokens: int) -> tuple[list[Times], list[int]]:
        clock = _Clock()
        out = self._generate(starts, tokens + 1, clock)
        pairs = zip(clock.at[1:], clock.at[2:], strict=False)
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairs]
        return steps, out[0, len(starts[0]) : -1].tolist()


class _Clock:
    """Notes when ``generate`` hands over tokens: the prompt first, then each step's."""

    def __init__(self) -> None:
        self.at: list[Times] = []

    def put(self, value: Any) -> None:
        self.at.append(now())

    def end(self) -> None:
        return None


PEERS = {"havoc": Havoc, "torch": Havoc, "llama.cpp": LlamaCpp, "transformers": Transformers}


def serve(name: str) -> None:
    """Answer each line of JSON on standard input by one on standard output."""
    peer: Any = PEERS[name]()
    for line in sys.stdin:
        job = json.loads(line)
        answer: dict[str, Any] = {}
        if job["do"] == "load":
            peer.load(job)
            peer.decode(prompts(1, PROMPT, peer.vocab, 1), 4)
            answer["memory_mb"] = resident_mb() - peer.before
        elif job["do"] == "first":
            (prompt,) = prompts(1, job["length"], peer.vocab, job["seed"])
            began = now()
            peer.first(prompt)
            answer["seconds"] = since(began)
        else:
            starts = prompts(job["batch"], PROMPT, peer.vocab, job["seed"])
            if job["do"] == "engine":
                answer["seconds"] = peer.engine(starts, job["tokens"])
            else:
                answer["times"], answer["said"] = peer.decode(starts, job["tokens"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
