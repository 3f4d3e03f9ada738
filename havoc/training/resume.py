"""What a run may not change between a checkpoint and its continuation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from havoc.config import HavocConfig, TrainingConfig
from havoc.errors import InputError
from havoc.training.checkpoints import Checkpoint

Say = Callable[[str], None]
# What decides which tensors there are; another value cannot be continued at all.
_FIXED = ("optimizer", "lora_rank")
# What decides how the rest is learnt; lengths, batches, processes and what is watched may change.
_RECIPE = (
    "learning_rate", "min_lr", "warmup_steps", "schedule", "decay_share", "muon_learning_rate",
    "muon_momentum", "weight_decay", "beta1", "beta2", "adam_eps", "max_grad_norm", "seed",
    "lora_alpha", "token_dropout",
)  # fmt: skip


def refuse_mismatch(
    checkpoint: Checkpoint,
    model: HavocConfig,
    config: TrainingConfig,
    facts: Mapping[str, Any],
    *,
    allowed: bool,
    say: Say,
) -> None:
    """Compare a checkpoint with the run that wants to go on from it.

    Another model, optimiser or kind of adapter is refused always; other data, another tokenizer or
    recipe unless ``allowed``; any other change of the configuration is said in the log.

    Raises
    ------
    InputError
        In one line, what differs.
    """
    saved = checkpoint.json("config")
    if saved["model"] != model.to_dict():
        raise InputError(
            f"{checkpoint.path} is of a model of another shape: {_changes(saved['model'], model)}"
        )
    current = config.to_dict()
    for name in _FIXED:
        before = saved["training"].get(name, current[name])
        if before != current[name]:
            raise InputError(f"{checkpoint.path} was trained with {name} {before}")
    if ("ema.pt" in checkpoint.manifest["files"]) and not config.ema_decay:
        say("the checkpoint's average of weights is dropped: ema_decay is 0")
    differing = [
        name
        for name in ("data", "tokenizer_sha256")
        if checkpoint.manifest.get(name) != facts.get(name)
    ]
    if differing and not allowed:
        raise InputError(
            f"{checkpoint.path} was trained on other {' and '.join(differing)};"
            " take another folder, or allow the mismatch (--allow-mismatch)"
        )
    changed = [n for n in _RECIPE if n in saved["training"] and saved["training"][n] != current[n]]
    if changed and not allowed:
        before = ", ".join(f"{n} {saved['training'][n]}, not {current[n]}" for n in changed[:3])
        raise InputError(
            f"{checkpoint.path} was trained with {before};"
            " take another folder, or allow the mismatch (--allow-mismatch)"
        )
    for name in differing:
        say(f"resuming on other {name}, as allowed")
    for name, value in saved["training"].items():
        if current.get(name) != value:
            say(f"resuming with {name} {current.get(name)}, before {value}")


def _changes(saved: Mapping[str, Any], model: HavocConfig) -> str:
    now = model.to_dict()
    names = [n for n in now if saved.get(n) != now[n]]
    return ", ".join(f"{n} {saved.get(n)}, not {now[n]}" for n in names[:3])
