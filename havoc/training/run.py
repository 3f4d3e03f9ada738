"""A whole run on token shards: what ``havoc train`` does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from safetensors.torch import save_file

from havoc.config import HavocConfig, Settings, TrainingConfig
from havoc.corpus.loader import MixtureLoader, batches_once
from havoc.corpus.tokens import TokenSet
from havoc.errors import InputError
from havoc.model import HavocModel, load_model, save_model
from havoc.model.directory import read_description
from havoc.model.lora import adapter_state
from havoc.provenance import training_lineage
from havoc.tokenizer import Tokenizer
from havoc.tracking import RunLogger, open_run
from havoc.training.data import to_device
from havoc.training.feasible import refuse_impossible
from havoc.training.parallel import data_place
from havoc.training.progress import TrainingReport
from havoc.training.trainer import Trainer, Validator, mean_loss

STAGE = "train"
MOST_KEPT = 2_000_000_000  # bytes of a model that is copied to MLflow


def train_on_shards(
    settings: Settings,
    tokens: Path,
    tokenizer: Path,
    output: Path,
    *,
    init: Path | None = None,
    resume: bool = True,
    allow_mismatch: bool = False,
    allow_memory: bool = False,
    vocab_size_asked: bool = False,
) -> TrainingReport:
    """Train on token shards; checkpoints, log and the finished model go to ``output``.

    Parameters
    ----------
    init
        Model folder or checkpoint to start from; without it weights are drawn from the seed.
    resume
        Go on from the newest checkpoint of ``output``; without it a used folder is refused.
    allow_mismatch, allow_memory
        Pass over a difference in data or tokenizer, or a memory estimate above what is free.
    vocab_size_asked
        Refuse a tokenizer, or a model to start from, with another number of pieces than
        ``settings.model``; otherwise theirs is taken.

    Raises
    ------
    InputError
        If parts do not go together: before any work starts.
    """
    config = settings.pretrain
    pieces, shards = Tokenizer.load(tokenizer), TokenSet(tokens)
    if init is None:
        shape = settings.model.replace(vocab_size=pieces.vocab_size)
    else:
        model = load_model(init)
        shape = model.config
        if pieces.vocab_size > shape.vocab_size:
            raise InputError(
                f"{tokenizer}: {pieces.vocab_size} pieces, but the model of {init} has"
                f" {shape.vocab_size}"
            )
    asked = settings.model.vocab_size
    if vocab_size_asked and asked != shape.vocab_size:
        raise InputError(
            f"vocab_size: {asked}, but {init or tokenizer} has {shape.vocab_size} pieces"
        )
    found = str(shards.manifest["tokenizer"] or pieces.sha256)
    if found != pieces.sha256 and not allow_mismatch:
        raise InputError(
            f"{tokens} were made with another tokenizer than {tokenizer}"
            " (--allow-mismatch goes on all the same)"
        )
    refuse_impossible(
        shape,
        config,
        seq_len=shards.seq_len,
        vocab_size=shape.vocab_size if init else int(shards.manifest["vocab_size"]),
        allow_memory=allow_memory,
    )
    if init is None:
        model = HavocModel.from_config(shape, seed=config.seed)
    loader = _loader(settings, shards)
    facts = {"tokenizer_sha256": pieces.sha256}
    tags = _lineage(shape, config, loader, shards, pieces, init)
    with open_run(STAGE, output, tags=tags) as logger:
        logger.log_params({f"lineage.{k.split('.')[-1]}": v for k, v in tags.items()})
        logger.log_dataset(
            f"tokens/{STAGE}",
            shards.fingerprint,
            "training",
            str(tokens),
            {"rows": {g: shards.rows(g) for g in shards.groups}, "seq_len": shards.seq_len},
        )
        trainer = Trainer(
            model,
            config,
            loader,
            output,
            logger=logger,
            facts=facts,
            validate=group_validator(shards, config.batch_size, config.eval_batches),
            allow_mismatch=allow_mismatch,
        )
        report = trainer.train(resume=resume)
        if report.stopped == "finished":
            about = {"stage": STAGE, "mlflow_run": logger.run_id, **tags, **facts}
            _save(trainer, output / "model", pieces, about, logger)
    return report


def _keep(model: Path, logger: RunLogger) -> None:
    """The finished model with its run in MLflow, or only where it lies if it is large."""
    size = sum(f.stat().st_size for f in model.iterdir())
    logger.set_tags({"model": str(model.resolve())})
    if size <= MOST_KEPT:
        logger.log_artifact(model)


def _save(
    trainer: Trainer, folder: Path, pieces: Tokenizer, about: dict[str, Any], logger: RunLogger
) -> None:
    """Write the finished model, its tokenizer and, where there are any, its adapters; every process calls it."""
    state = trainer.averaged_state()
    if not trainer.parallel.first:
        return
    save_model(folder, trainer.model.config, state, about)
    pieces.save(folder)
    if trainer.config.lora_rank:
        adapters = {n: w.contiguous() for n, w in adapter_state(trainer.model).items()}
        save_file(adapters, folder / "adapter.safetensors")
    _keep(folder, logger)


def _lineage(
    shape: HavocConfig,
    config: TrainingConfig,
    loader: MixtureLoader,
    shards: TokenSet,
    pieces: Tokenizer,
    init: Path | None,
) -> dict[str, str]:
    """What the run is made of; of its recipe a digest, whatever the names in ``configs`` were."""
    about = read_description(init).get("about", {}) if init else {}
    recipe = {"model": shape.to_dict(), "training": config.to_dict(), "shares": loader.shares}
    return training_lineage(
        STAGE,
        shards.folder,
        shards.fingerprint,
        recipe,
        tokenizer=pieces.sha256,
        base_run=str(about.get("mlflow_run", "")),
    )


def _loader(settings: Settings, shards: TokenSet) -> MixtureLoader:
    rank, size = data_place(settings.pretrain)
    groups = sorted(g for g in shards.groups if shards.rows(g, "train"))
    return MixtureLoader(
        shards,
        {g: settings.data.weights.get(g, 1.0) for g in groups},
        batch_size=settings.pretrain.batch_size,
        seed=settings.pretrain.seed,
        rank=rank,
        world_size=size,
    )


def group_validator(shards: TokenSet, batch_size: int, limit: int) -> Validator:
    """Return a validator: loss and, where bytes were counted, bits per byte of each group."""
    import math

    def validate(model: HavocModel) -> dict[str, float]:
        figures = {}
        for group in shards.groups:
            if not shards.rows(group, "validation"):
                continue
            batches = batches_once(shards, group, "validation", batch_size, limit)
            device = model.norm.weight.device
            loss = mean_loss(model, [to_device(b, device) for b in batches])
            figures[f"{group}.loss"] = loss
            figures[f"{group}.perplexity"] = math.exp(min(loss, 50.0))
            parts = shards.manifest["groups"][group]["parts"]["validation"]
            size, count = (sum(p[k] for p in parts) for k in ("bytes", "tokens"))
            if size and shards.manifest["groups"][group]["mode"] == "stream":
                figures[f"{group}.bits_per_byte"] = loss / math.log(2) * count / size
        return figures

    return validate
