"""What a training run needs: memory by part, steps, hours, cost; and what would make it fit.

The memory of activations is counted tensor by tensor, as autograd keeps them in
``havoc.model.blocks``; a test holds it within a tenth of measured peaks. Operations are
``HavocConfig.flops_per_token``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from havoc.config import HavocConfig, TrainingConfig
from havoc.errors import InputError, nearest
from havoc.model.attention import MOST_SCORES
from havoc.model.loss import CHUNK_ROWS
from havoc.training.parallel import refuse_split

GB = 1e9


@dataclass(frozen=True)
class Device:
    """One accelerator: bytes of memory, dense bfloat16 operations a second (vendor's data sheet)."""

    memory: float
    flops: float


DEVICES: dict[str, Device] = {
    "a100-40": Device(40 * GB, 312e12),
    "a100-80": Device(80 * GB, 312e12),
    "h100": Device(80 * GB, 989e12),
    "h200": Device(141 * GB, 989e12),
    "l4": Device(24 * GB, 121e12),
    "l40s": Device(48 * GB, 362e12),
    "rtx4090": Device(24 * GB, 165e12),
    "mi300x": Device(192 * GB, 1307e12),
}


def find_device(name: str) -> Device:
    """Return a known device, or refuse with the nearest name."""
    if name not in DEVICES:
        known = ", ".join(DEVICES)
        raise InputError(f"device: no '{name}'{nearest(name, DEVICES)}; known are {known}")
    return DEVICES[name]


@dataclass(frozen=True)
class Memory:
    """Bytes of one device at the peak of a step, by part."""

    weights: float
    gradients: float
    optimizer: float
    average: float
    activations: float
    working: float  # gathered shards, output layer, temporaries
    host: float = 0.0  # of the computer's memory, a device's share, where it is used

    @property
    def total(self) -> float:
        """Bytes of the device."""
        kept = self.weights + self.gradients + self.optimizer + self.average
        return kept + self.activations + self.working

    def parts(self) -> dict[str, float]:
        """Return the parts by name."""
        return {n: v for n, v in vars(self).items() if v}


def trained_parameters(model: HavocConfig, config: TrainingConfig) -> int:
    """Return how many weights a run changes."""
    if not config.lora_rank:
        return model.num_parameters
    width, kv_width = model.num_heads * model.head_dim, model.num_kv_heads * model.head_dim
    attention = 2 * (model.d_model + width) + 2 * (model.d_model + kv_width)
    mlp = 3 * (model.d_model + model.mlp_hidden_dim)
    return model.num_layers * config.lora_rank * (attention + mlp)


def block_parameters(model: HavocConfig) -> int:
    """Return the weights of one block."""
    outside = model.vocab_size * model.d_model * (1 if model.tie_embeddings else 2) + model.d_model
    return (model.num_parameters - outside) // model.num_layers


def activation_bytes(
    model: HavocConfig,
    batch: int,
    seq_len: int,
    *,
    narrow: bool,
    packed: bool,
    on_cpu: bool,
    tensor: int = 1,
) -> float:
    """Return the bytes that autograd keeps of one block.

    ``narrow``: products in 2 bytes under autocast; ``packed``: rows hold several documents;
    ``tensor``: processes that split its matrices.
    """
    tokens, size = batch * seq_len, 2 if narrow else 4
    width, kv_width = model.num_heads * model.head_dim, model.num_kv_heads * model.head_dim
    heads = model.num_heads // tensor
    # Each norm keeps its input, the normed stream and what the layers after it read.
    norms = 2 * (2 * 4 + size) * model.d_model + 2 * 4
    attention = size * (2 * width + 2 * kv_width) / tensor  # query, key, value, the mixed values
    mlp = size * 4 * model.mlp_hidden_dim / tensor  # gate, its silu, up, their product
    scores = batch * heads * seq_len * seq_len
    if narrow and on_cpu and scores <= MOST_SCORES:
        pairs = float(size * scores)
    else:
        pairs = 4.0 * tokens * heads  # the logarithms of the sums
        pairs += size * batch * seq_len**2 if packed else 0
    dropped = 2 * size * model.d_model * tokens if model.dropout else 0
    return tokens * (norms + attention + mlp) + pairs + dropped


def memory(
    model: HavocConfig,
    config: TrainingConfig,
    *,
    devices: int = 1,
    on_cpu: bool = False,
    packed: bool = True,
) -> Memory:
    """Return the memory of one device at the peak of a step."""
    seq_len = config.seq_len or model.max_seq_len
    narrow = bool(config.use_amp)
    size = 2 if narrow else 4
    tensor = config.tensor_parallel
    parts = devices // config.replicas // tensor
    # Of split matrices a device has its part from the start; what is whole on each (norms, embedding,
    # output layer) is sharded alone.
    norms = 2 * model.d_model
    matrices = (block_parameters(model) - norms) / tensor
    block, table = matrices + norms, model.vocab_size * model.d_model
    split = matrices * model.num_layers * (tensor - 1)
    kept = model.num_parameters - split
    trained = trained_parameters(model, config) - split
    moments = 8.0 * trained
    if config.optimizer == "muon":
        moments -= 4.0 * matrices * model.num_layers
    weights, optimizer = 4.0 * kept / parts, moments / parts
    gradients = 4.0 * trained / parts
    average = 4.0 * kept / parts if config.ema_decay else 0.0

    one = activation_bytes(
        model, config.batch_size, seq_len, narrow=narrow, packed=packed, on_cpu=on_cpu,
        tensor=tensor,
    )  # fmt: skip
    tokens = config.batch_size * seq_len
    if config.activation_checkpointing:
        activations = 4.0 * tokens * model.d_model * model.num_layers + one
    else:
        activations = one * model.num_layers
    # Autocast's copies of the matrices live until their layer's backward pass.
    copies = 1 if config.activation_checkpointing else model.num_layers
    activations += 2.0 * block * copies if narrow else 0.0
    activations += (8.0 + size) * tokens * model.d_model  # embedding, last norm

    # The output layer works in chunks, but keeps the gradients of its input and of its weight.
    head_gradient = 0.0 if config.lora_rank else 4.0 * table
    output = 2.0 * size * tokens * model.d_model + min(tokens, CHUNK_ROWS) * model.vocab_size * 8.0
    output += head_gradient + (2.0 * table if narrow else 0.0)
    gathered = 0.0
    if parts > 1:  # two blocks are whole at a time, and the embedding and output layer all along
        gathered = 4.0 * (2 * block + table * (1 if model.tie_embeddings else 2)) + 4.0 * block
    # Gradients of one micro-batch grow as its activations go; a second one starts with all of them.
    start = activations + output + (gradients if config.gradient_accumulation_steps > 1 else 0.0)
    end = gradients + head_gradient + activations / max(model.num_layers, 1)
    host = 0.0
    if config.cpu_offload:
        host = weights + gradients + optimizer
        weights = gradients_here = optimizer = 0.0
        start, end = activations + output, activations / max(model.num_layers, 1)
    else:
        gradients_here = gradients
    if start >= end:
        held = gradients_here if config.gradient_accumulation_steps > 1 else 0.0
        return Memory(weights, held, optimizer, average, activations, output + gathered, host)
    last = activations / max(model.num_layers, 1)
    working = gathered + head_gradient
    return Memory(weights, gradients_here, optimizer, average, last, working, host)


@dataclass(frozen=True)
class Plan:
    """A run on given hardware."""

    model: HavocConfig
    config: TrainingConfig
    device: Device
    devices: int
    tokens: float
    utilisation: float
    price: float | None
    needs: Memory

    @property
    def fits(self) -> bool:
        """Whether a step fits; a tenth is left for the allocator and the libraries."""
        return self.needs.total <= 0.9 * self.device.memory

    @property
    def seconds(self) -> float:
        """Time of the run at the stated utilisation."""
        seq_len = self.config.seq_len or self.model.max_seq_len
        again = 4 / 3 if self.config.activation_checkpointing else 1.0  # one more forward pass
        work = self.tokens * self.model.flops_per_token(seq_len) * again
        if self.config.lora_rank:
            work *= 2 / 3  # no gradients of the frozen weights
        return work / (self.device.flops * self.devices * self.utilisation)

    @property
    def steps(self) -> int:
        """Optimiser steps."""
        seq_len = self.config.seq_len or self.model.max_seq_len
        reading = self.devices // self.config.tensor_parallel
        return math.ceil(self.tokens / (self.config.sequences_per_step * seq_len * reading))

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        hours = self.seconds / 3600
        cache = 2.0 * self.model.kv_cache_values_per_token
        return {
            "parameters": self.model.num_parameters,
            "trained_parameters": trained_parameters(self.model, self.config),
            "tokens": self.tokens,
            "flops": self.tokens
            * self.model.flops_per_token(self.config.seq_len or self.model.max_seq_len),
            "memory_per_device": {n: round(v) for n, v in self.needs.parts().items()},
            "memory_per_device_total": round(self.needs.total),
            "device_memory": self.device.memory,
            "fits": self.fits,
            "steps": self.steps,
            "hours": hours,
            "device_hours": hours * self.devices,
            "utilisation": self.utilisation,
            "cost": None if self.price is None else hours * self.devices * self.price,
            "kv_cache_bytes_per_token": cache,
            "inference_bytes_bfloat16": 2.0 * self.model.num_parameters
            + cache * self.model.max_seq_len,
            "fits_with": None if self.fits else [w for w, _ in self.remedies()],
        }

    def remedies(self) -> list[tuple[str, Plan]]:
        """Return the changes, mildest first, each with those before it, that make the run fit."""
        changes: list[tuple[str, Mapping[str, Any]]] = [
            ("activation_checkpointing true", {"activation_checkpointing": True}),
            ("batch_size 1", {"batch_size": 1}),
        ]
        if self.devices > 1:
            changes.append(("replicas 1", {"replicas": 1}))
        changes.append(("cpu_offload true", {"cpu_offload": True}))
        found: list[tuple[str, Plan]] = []
        said: list[str] = []
        tried = self
        for words, change in changes:
            if all(getattr(tried.config, n) == v for n, v in change.items()):
                continue
            said.append(words)
            tried = make_plan_of(tried, tried.config.replace(**change), tried.devices)
            if tried.fits:
                found.append((" and ".join(said), tried))
                break
        mild = self.config.replace(activation_checkpointing=True)
        more = self.devices
        while more < 4096:
            more *= 2
            wider = make_plan_of(self, mild, more)
            if wider.fits:
                found.append((f"{more} devices and activation_checkpointing true", wider))
                break
        if not self.config.lora_rank:
            adapted = make_plan_of(
                self,
                mild.replace(lora_rank=16, optimizer="adamw", tensor_parallel=1),
                self.devices,
            )
            if adapted.fits:
                found.append(
                    ("lora_rank 16 (finetuning) and activation_checkpointing true", adapted)
                )
        return found


def make_plan_of(plan: Plan, config: TrainingConfig, devices: int) -> Plan:
    """Return the plan with another configuration."""
    needs = memory(plan.model, config, devices=devices)
    return replace(plan, config=config, devices=devices, needs=needs)


def make_plan(
    model: HavocConfig,
    config: TrainingConfig,
    device: Device,
    *,
    devices: int = 1,
    tokens: float | None = None,
    utilisation: float = 0.4,
    price: float | None = None,
) -> Plan:
    """Plan a run.

    Parameters
    ----------
    tokens
        To train on; None: 20 a parameter (Hoffmann et al. 2022, arXiv 2203.15556).
    utilisation
        Share of the devices' peak that a run reaches; 0.3 to 0.5 is usual for dense models.
    price
        Of one device for an hour, in any currency.

    Raises
    ------
    InputError
        If a number is out of its range, or sequences are longer than the model takes.
    """
    if devices < 1:
        raise InputError(f"devices: at least 1, got {devices}")
    for name in ("replicas", "tensor_parallel"):
        if devices % getattr(config, name):
            raise InputError(f"{name}: {getattr(config, name)} does not divide {devices} devices")
    if devices % (config.replicas * config.tensor_parallel):
        raise InputError(
            f"replicas x tensor_parallel: {config.replicas} x {config.tensor_parallel} does not"
            f" divide {devices} devices"
        )
    refuse_split(model, config)
    if not 0 < utilisation <= 1:
        raise InputError(f"utilisation: above 0 and at most 1, got {utilisation:g}")
    if config.seq_len and config.seq_len > model.max_seq_len:
        raise InputError(f"seq_len: {config.seq_len} is above max_seq_len {model.max_seq_len}")
    chosen = 20.0 * model.num_parameters if tokens is None else tokens
    if not chosen > 0:
        raise InputError(f"tokens: above 0, got {chosen:g}")
    needs = memory(model, config, devices=devices)
    return Plan(model, config, device, devices, chosen, utilisation, price, needs)


def spread_text(plan: Plan) -> str:
    """Return how a model lies over its devices: what is split, sharded and repeated."""
    tensor, replicas = plan.config.tensor_parallel, plan.config.replicas
    shards = plan.devices // tensor // replicas
    words = []
    if tensor > 1:
        words.append(f"attention and feed-forward matrices split over {tensor}")
    if shards > 1:
        words.append(f"weights, gradients and optimiser sharded over {shards}")
    if replicas > 1:
        words.append(f"{replicas} copies")
    return ", ".join(words)


def plan_text(plan: Plan) -> str:
    """Return a plan for a person."""
    facts = plan.to_json()
    lines = [
        f"parameters          {facts['parameters']:,}"
        + (f", trained {facts['trained_parameters']:,}" if plan.config.lora_rank else ""),
        f"tokens              {plan.tokens:,.0f} in {plan.steps:,} steps",
        f"operations          {facts['flops']:.3g}",
        *([f"spread              {spread_text(plan)}"] if plan.devices > 1 else []),
        f"memory per device   {plan.needs.total / GB:.1f} GB of {plan.device.memory / GB:.0f} GB",
    ]
    lines += [f"  {name:<18}{value / GB:.2f} GB" for name, value in plan.needs.parts().items()]
    lines += [
        f"inference           {facts['inference_bytes_bfloat16'] / GB:.1f} GB in bfloat16, "
        f"{facts['kv_cache_bytes_per_token'] / 1e3:.0f} kB of it a token of context",
        f"time                {facts['hours']:,.1f} hours on {plan.devices} device(s) at "
        f"{plan.utilisation:.0%} of their peak",
    ]
    if facts["cost"] is not None:
        lines.append(f"cost                {facts['cost']:,.0f}")
    if plan.fits:
        return "\n".join([*lines, "It fits."])
    lines.append("It does not fit (a tenth of the memory is left free).")
    remedies = plan.remedies()
    for words, other in remedies:
        host = f", {other.needs.host / GB:.0f} GB of host memory" if other.needs.host else ""
        lines.append(f"  fits with {words}: {other.needs.total / GB:.1f} GB{host}")
    if not remedies:
        lines.append("  nothing tried makes it fit: take a smaller model or larger devices")
    return "\n".join(lines)
