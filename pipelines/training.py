"""The two training steps: model, loader, validation, run logging, and the finished model directory."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from havoc.config import Settings, TrainingConfig
from havoc.corpus.loader import MixtureLoader, batches_once
from havoc.corpus.tokens import TokenSet
from havoc.model.directory import load_model, save_model
from havoc.model.transformer import HavocModel
from havoc.tokenizer.tokenizer import Tokenizer
from havoc.tracking import open_run
from havoc.training.data import to_device
from havoc.training.trainer import Trainer
from pipelines import places
from pipelines.provenance import lineage

BITS = math.log(2)


def train_model(stage: str, settings: Settings, say: Callable[[str], None]) -> dict[str, Any]:
    """Train one stage; an interrupted run goes on from its newest checkpoint.

    The checkpoints live in ``checkpoints/<stage>`` under a name made of everything the run depends on, so that a
    run is continued only by the same run; the finished model goes to ``artifacts/model``.
    """
    config: TrainingConfig = getattr(settings, stage)
    trained_tokenizer = Tokenizer.load(places.TOKENIZER)
    model_config = replace(settings.model, vocab_size=trained_tokenizer.vocab_size)
    token_set = TokenSet(places.TOKENS / stage)
    if stage == "pretrain":
        model = HavocModel.from_config(model_config)
        model.initialize(config.seed)
        weights: dict[str, float] = {
            k: w for k, w in settings.data.weights.items() if k in token_set.groups
        }
        output = places.BASE
    else:
        model = load_model(places.BASE)
        weights = {"pairs": 1.0}
        output = places.INSTRUCT
    loader = MixtureLoader(token_set, weights, batch_size=config.batch_size, seed=config.seed)
    folder = places.CHECKPOINTS / stage
    _start_afresh_if_other(
        folder,
        {"tokens": token_set.fingerprint, "config": config.to_dict(), "base": _base_hash(stage)},
    )
    tags = lineage(stage, tokens=token_set.fingerprint, tokenizer=trained_tokenizer.sha256)
    with open_run(stage, folder, tags=tags) as run:
        run.log_params(
            {**{f"model.{k}": v for k, v in model_config.to_dict().items()}, **config.to_dict()}
        )
        trainer = Trainer(
            model,
            config,
            loader,
            folder,
            log_folder=places.LOGS / stage,
            logger=run,
            validate=validator(token_set, stage, config),
            facts={"tokenizer_sha256": trained_tokenizer.sha256},
        )
        report = trainer.train()
        if report.stopped != "finished":
            raise KeyboardInterrupt(
                f"{stage} was stopped; its checkpoint is kept, run it again to go on"
            )
        about = {"stage": stage, "mlflow_run": run.run_id, **tags}
        _publish(output, model_config, trainer.averaged_state(), trained_tokenizer, about)
        figures = {k: v for k, v in report.validation.items() if isinstance(v, int | float)}
        _loss_plot(stage)
        run.log_artifact(output)
    shutil.rmtree(
        folder, ignore_errors=True
    )  # the finished model stands in artifacts and in MLflow
    return {
        "mlflow_run": run.run_id,
        "parameters": sum(p.numel() for p in model.parameters()),
        "steps": report.steps,
        "tokens": report.tokens,
        "tokens_per_second": round(report.tokens_per_second, 1),
        "training_seconds": round(report.seconds, 1),
        "precision": report.precision,
        "loss": report.loss,
        **{k: round(v, 5) for k, v in figures.items()},
    }


def _loss_plot(stage: str) -> None:
    """The loss curve as CSV, for ``dvc plots``."""
    places.PLOTS.mkdir(parents=True, exist_ok=True)
    records = [
        json.loads(line)
        for line in (places.LOGS / stage / "metrics.jsonl").read_text().splitlines()
    ]
    rows = [
        f"{r['step']},{r['loss']:.5f},{r['tokens_per_second']:.0f}"
        for r in records
        if "tokens_per_second" in r
    ]
    (places.PLOTS / f"{stage}.csv").write_text(
        "\n".join(["step,loss,tokens_per_second", *rows]) + "\n"
    )


def _start_afresh_if_other(folder: Path, identity: Mapping[str, Any]) -> None:
    """Checkpoints of a run with other data, recipe or start are of no use to this one."""
    path = folder / "identity.json"
    text = json.dumps(identity, sort_keys=True)
    if folder.exists() and (not path.exists() or path.read_text() != text):
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _base_hash(stage: str) -> str:
    import hashlib

    if stage == "pretrain":
        return ""
    return hashlib.sha256((places.BASE / "model.safetensors").read_bytes()).hexdigest()


def _publish(
    output: Path,
    config: Any,
    state: Mapping[str, torch.Tensor],
    tokenizer: Tokenizer,
    about: Mapping[str, Any],
) -> None:
    partial = output.with_name(output.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    save_model(partial, config, state, about)
    tokenizer.save(partial)
    shutil.rmtree(output, ignore_errors=True)
    partial.rename(output)


def validator(
    tokens: TokenSet, stage: str, config: TrainingConfig
) -> Callable[[HavocModel], dict[str, float]]:
    """Loss, perplexity and bits per byte of each group's validation rows."""

    def validate(model: HavocModel) -> dict[str, float]:
        figures: dict[str, float] = {}
        for group in tokens.groups:
            if not tokens.rows(group, "validation"):
                continue
            figures.update(group_loss(model, tokens, group, config.batch_size, config.eval_batches))
        return figures

    return validate


@torch.no_grad()
def group_loss(
    model: HavocModel, tokens: TokenSet, group: str, batch_size: int, limit: int
) -> dict[str, float]:
    """Mean loss, perplexity and, where byte counts are known, bits per byte on a group's validation rows."""
    total, weight = 0.0, 0.0
    device = next(model.parameters()).device
    for batch in batches_once(tokens, group, "validation", batch_size, limit):
        placed = to_device(batch, device)
        total += float(model.loss(placed.tokens, placed.targets, placed.weights, placed.segments))
        weight += float(placed.weights.sum())
    if not weight:
        return {}
    loss = total / weight
    figures = {f"{group}.loss": loss, f"{group}.perplexity": math.exp(min(loss, 50.0))}
    parts = tokens.manifest["groups"][group]["parts"]["validation"]
    per_token = sum(p["bytes"] for p in parts) / max(1, sum(p["tokens"] for p in parts))
    if per_token and group not in ("pairs", "heldout"):
        figures[f"{group}.bits_per_byte"] = loss / BITS / per_token
    return figures
