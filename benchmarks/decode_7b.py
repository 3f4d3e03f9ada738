"""Decode a few tokens with a full 7B of random weights in bfloat16; print speed and memory.

The 6.2 billion weights take 12.5 GB, so 16 GB of free memory are asked for. Speed on a processor
is bound by memory: each token reads every weight once. On shared cores take the processor seconds of
a token: the clock counts the neighbours' too.

    python benchmarks/decode_7b.py [--tokens 8] [--prompt 16] [--layers 32] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import re
import time
from pathlib import Path

import torch

from havoc.config import HavocConfig
from havoc.model import HavocModel


def resident() -> int:
    """Return the resident memory of this process in bytes."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return 1024 * int(found[1])


def build(config: HavocConfig) -> HavocModel:
    """Return random weights in bfloat16; drawn once and repeated, which changes no timing."""
    model = HavocModel.from_config(config, device="meta").to(torch.bfloat16)
    model.to_empty(device="cpu")
    pool = torch.randn(1 << 20, generator=torch.Generator().manual_seed(0)).mul_(0.02).bfloat16()
    with torch.no_grad():
        for parameter in model.parameters():
            flat = parameter.view(-1)
            if parameter.dim() == 1:
                flat.fill_(1.0)
                continue
            for start in range(0, flat.numel(), pool.numel()):
                part = flat[start : start + pool.numel()]
                part.copy_(pool[: part.numel()])
    model.rotary.float()
    model.rotary.reset()
    return model.eval()


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--tokens", type=int, default=8, help="tokens to decode")
    parser.add_argument("--prompt", type=int, default=16, help="tokens of the prompt")
    parser.add_argument("--layers", type=int, default=32, help="fewer for a short trial")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    config = HavocConfig(num_layers=given.layers)
    start = time.perf_counter()
    model = build(config)
    built = time.perf_counter() - start
    tokens = torch.arange(given.prompt)[None]
    cache = model.new_cache(1, given.prompt + given.tokens)
    with torch.inference_mode():
        start = time.perf_counter()
        following = model(tokens, cache=cache)[:, -1:].argmax(-1)
        prefill = time.perf_counter() - start
        start, worked = time.perf_counter(), time.process_time()
        for _ in range(given.tokens):
            following = model(following, cache=cache).argmax(-1)
        decode = (time.perf_counter() - start) / given.tokens
        worked = (time.process_time() - worked) / given.tokens
    weights = 2 * config.num_parameters
    result = {
        "parameters": config.num_parameters,
        "threads": torch.get_num_threads(),
        "build_seconds": round(built, 1),
        "prefill_tokens_per_second": round(given.prompt / prefill, 2),
        "decode_tokens_per_second": round(1 / decode, 3),
        "decode_bytes_per_second": round(weights / decode),
        "decode_processor_seconds_per_token": round(worked, 2),
        "resident_bytes": resident(),
        "weight_bytes": weights,
    }
    for name, value in result.items():
        print(f"{name:36}{value:,}")
    if given.json:
        given.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
