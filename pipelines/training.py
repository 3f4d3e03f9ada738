"""The two training steps: model, loader, validation, run logging, and the finished model directory."""

from __future__ import annotations

import json
import math
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from havoc.config import Settings, TrainingConfig
from havoc.corpus.loader import MixtureLoader, batches_once
from havoc.corpus.tokens import TokenSet
from havoc.model.directory import load_model, read_description, save_model
from havoc.model.transformer import HavocModel
from havoc.provenance import data_hash, lineage
from havoc.tokenizer.tokenizer import Tokenizer
from havoc.tracking import open_run
from havoc.training.checkpoints import newest_valid
from havoc.training.data import to_device
from havoc.training.parallel import data_place
from havoc.training.trainer import Trainer
from pipelines import places
from pipelines.models import log_checkpoint
from pipelines.provenance import lock_entry, session

BITS = math.log(2)


def train_model(stage: str, settings: Settings, say: Callable[[str], None]) -> dict[str, Any]:
    """Train one stage; an interrupted run goes on from its newest checkpoint.

    The checkpoints live in ``checkpoints/<stage>`` beside a note of everything the run depends on, so that a run is
    continued only by the same run; the finished model goes to ``artifacts/model``. Of several processes
    (``pipelines.launching``) each calls this; the first reads and writes what is read and written once, and the others
    wait for it where the trainer joins them.
    """
    config: TrainingConfig = getattr(settings, stage)
    trained_tokenizer = Tokenizer.load(places.TOKENIZER)
    token_set = TokenSet(places.TOKENS if stage == "pretrain" else places.PAIR_TOKENS)
    rank, size = data_place(config)
    first = int(os.environ.get("RANK", "0")) == 0
    if first:
        token_set.verify()
    model, weights = _start(stage, settings, config, token_set, trained_tokenizer)
    output = places.BASE if stage == "pretrain" else places.INSTRUCT
    loader = MixtureLoader(
        token_set,
        weights,
        batch_size=config.batch_size,
        seed=config.seed,
        rank=rank,
        world_size=size,
    )
    folder = places.CHECKPOINTS / stage
    journal = places.LOGS / stage / "metrics.jsonl"
    if first:
        _start_afresh_if_other(folder, journal, _identity(stage, config, model, weights, token_set))
    made_of = {"tokens": token_set.fingerprint, "tokenizer": trained_tokenizer.sha256}
    if stage == "finetune":
        about = read_description(places.BASE).get("about", {})
        made_of["base_run"] = str(about.get("mlflow_run", ""))
    tags = lineage(stage, **made_of)
    with open_run(stage, folder, tags=tags, session=session()) as run:
        _describe_run(run, stage, settings, tags, token_set)
        if first:
            log_again(run, folder, journal)
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
            raise KeyboardInterrupt("stopped; its checkpoint is kept, run it again to go on")
        about = {"stage": stage, "mlflow_run": run.run_id, **tags}
        state = trainer.averaged_state()
        figures = {k: v for k, v in report.validation.items() if isinstance(v, int | float)}
        if first:
            _publish(output, model.config, state, trained_tokenizer, about)
            _loss_plot(stage)
            say(f"loss {report.loss:.4f} after {report.steps} steps, {report.seconds:.0f} s")
            log_checkpoint(run, stage, output, report.steps, figures)
        trainer.parallel.barrier()
    return {
        "mlflow_run": run.run_id,
        "mlflow_path": run.path,
        "parameters": sum(p.numel() for p in model.parameters()),
        "steps": report.steps,
        "tokens": report.tokens,
        "tokens_per_second": round(report.tokens / max(report.seconds, 1e-9), 1),
        "training_seconds": round(report.seconds, 1),
        "precision": report.precision,
        "loss": report.loss,
        **{k: round(v, 5) for k, v in figures.items()},
    }


def _start(
    stage: str,
    settings: Settings,
    config: TrainingConfig,
    token_set: TokenSet,
    trained_tokenizer: Tokenizer,
) -> tuple[HavocModel, dict[str, float]]:
    """The model a stage starts from and the weights of the groups it reads."""
    if stage == "finetune":
        model = load_model(places.BASE)
        model.predict_only(trained_tokenizer.reserved_ids)
        rows = {group: token_set.rows(group) for group in ("pairs", "long_pairs")}
        return model, {group: float(n) for group, n in rows.items()}  # each pair as often as any
    shape = replace(settings.model, vocab_size=trained_tokenizer.vocab_size)
    model = HavocModel.from_config(shape)
    model.initialize(config.seed)
    return model, {k: w for k, w in settings.data.weights.items() if k in token_set.groups}


def _identity(
    stage: str,
    config: TrainingConfig,
    model: HavocModel,
    weights: Mapping[str, float],
    token_set: TokenSet,
) -> dict[str, Any]:
    """What a run depends on. ``after`` is the result that the ledger had when the run began: a run that was killed
    after its last step, before it was recorded, is finished by the next; once recorded, the next one starts afresh.
    """
    return {
        "tokens": token_set.fingerprint,
        "config": config.to_dict(),
        "model": model.config.to_dict(),
        "weights": dict(weights),
        "base": _base_hash(stage),
        "after": [o.get("md5") for o in lock_entry(stage).get("outs", [])],
    }


def _describe_run(
    run: Any, stage: str, settings: Settings, tags: Mapping[str, str], token_set: TokenSet
) -> None:
    """What two runs are compared by: recipe, sizes, and, as parameters too, data, code and environment."""
    run.log_params(
        {
            "profile": settings.profile,
            **{f"lineage.{k.split('.')[-1]}": v for k, v in tags.items()},
            **{f"data.weights.{k}": v for k, v in sorted(settings.data.weights.items())},
        }
    )
    run.log_dataset(
        f"tokens/{stage}",
        token_set.fingerprint,
        "training",
        str(token_set.folder),
        {"rows": {g: token_set.rows(g) for g in token_set.groups}, "seq_len": token_set.seq_len},
    )
    run.log_dataset("data", data_hash(), "source", str(places.DATA), {"ledger": "data.dvc"})


def log_again(run: Any, folder: Path, journal: Path) -> None:
    """Give the run the figures that the journal has and a kill kept from it; those it has are passed over."""
    newest, _ = newest_valid(folder)
    if newest is None or not journal.exists():
        return
    for line in journal.read_text(encoding="utf-8").splitlines():
        try:
            record = json.loads(line)
        except ValueError:  # the line that the kill cut short
            continue
        figures = {k: v for k, v in record.items() if k != "step" and v is not None}
        if record["step"] <= newest.step:
            run.log_metrics(figures, record["step"])


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


def _start_afresh_if_other(folder: Path, journal: Path, identity: Mapping[str, Any]) -> None:
    """Checkpoints and figures of a run with other data, recipe or start are of no use to this one."""
    path = folder / "identity.json"
    text = json.dumps(identity, sort_keys=True)
    if folder.exists() and (not path.exists() or path.read_text() != text):
        shutil.rmtree(folder)
    if (
        newest_valid(folder)[0] is None
    ):  # a run from step 0: the curve would show this one and the last
        journal.unlink(missing_ok=True)
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
