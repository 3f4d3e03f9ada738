"""Runs that cannot work are refused before any work starts."""

from __future__ import annotations

import os
import re
from pathlib import Path

import torch

from havoc.config import HavocConfig, TrainingConfig
from havoc.errors import InputError
from havoc.training.parallel import refuse_split
from havoc.training.plan import GB, memory
from havoc.training.precision import choose_device, multiplies_natively


def refuse_impossible(
    model: HavocConfig,
    config: TrainingConfig,
    *,
    seq_len: int,
    vocab_size: int,
    allow_memory: bool = False,
) -> None:
    """Check a run's parts against each other and against the memory there is.

    Parameters
    ----------
    seq_len, vocab_size
        Of the token shards.
    allow_memory
        Start even if the estimate is above the free memory.

    Raises
    ------
    InputError
        In one line, what does not go together; for memory with the estimate.
    """
    if seq_len > model.max_seq_len:
        raise InputError(f"rows of {seq_len} tokens are above max_seq_len {model.max_seq_len}")
    if config.seq_len is not None and config.seq_len != seq_len:
        raise InputError(
            f"seq_len: {config.seq_len}, but the token shards have rows of {seq_len};"
            " build them anew (data.seq_len), or leave it null"
        )
    if vocab_size != model.vocab_size:
        raise InputError(
            f"vocab_size: the token shards were made with {vocab_size} pieces, the model has"
            f" {model.vocab_size}"
        )
    if config.lora_rank and config.optimizer == "muon":
        raise InputError("optimizer: muon is for whole matrices; take adamw with lora_rank")
    refuse_split(model, config)
    device = choose_device(config.device)
    free = free_memory(device)
    if free is None or allow_memory:
        return
    amp = config.use_amp
    if amp == "auto":
        wanted = torch.bfloat16 if config.amp_dtype == "bfloat16" else torch.float16
        amp = multiplies_natively(device, wanted)
    sized = config.replace(seq_len=seq_len, use_amp=amp)
    size = int(os.environ.get("WORLD_SIZE", "1"))
    here = 1 if device.type == "cuda" else size  # processes that share this memory
    needed = memory(model, sized, devices=size, on_cpu=device.type == "cpu").total * here
    if needed > free:
        raise InputError(
            f"batch_size: a step of {config.batch_size} x {seq_len} tokens needs about"
            f" {needed / GB:.1f} GB, {free / GB:.1f} GB are free; a smaller batch_size with more"
            " gradient_accumulation_steps, or activation_checkpointing, needs less"
            " (--allow-memory starts all the same)"
        )


def free_memory(device: torch.device) -> float | None:
    """Return the bytes that are free on a device; None where it cannot be told."""
    if device.type == "cuda":
        return float(torch.cuda.mem_get_info(device)[0])
    try:
        found = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text())
    except OSError:
        return None
    return None if found is None else 1024.0 * int(found[1])
