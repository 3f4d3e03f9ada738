"""Models in MLflow: those that training makes, with signature and example, and the versions of the registry."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from havoc.provenance import data_hash, git_commit
from havoc.registry import Registry, logged_by, model_name
from havoc.tracking import MlflowLogger, patiently, tracking_uri
from pipelines import places
from pipelines.provenance import artifact_hashes, requests_digest

CODE = Path("pipelines/answering.py")
REQUIREMENTS = Path("requirements-serve.txt")
EXAMPLE_TEXT = ["The variance of a sum of independent variables is"]
EXAMPLE_REQUEST = ["mean and standard deviation of 5.1 4.9 5.0 5.2 4.8"]


def weights_sha256(folder: Path) -> str:
    """SHA-256 of the weights of a model folder."""
    with (folder / "model.safetensors").open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def log_checkpoint(
    run: Any, stage: str, folder: Path, step: int, figures: Mapping[str, float]
) -> str:
    """Keep the weights of a training run as a logged model, with the step and its validation figures."""
    if not isinstance(run, MlflowLogger):
        return ""
    weights = weights_sha256(folder)
    model_id = _logged_before(run, stage, weights) or _log_pyfunc(
        run,
        name=stage,
        artifacts={"model": folder},
        config={"kind": "text"},
        example=EXAMPLE_TEXT,
        step=step,
        tags={"stage": stage, "weights": weights},
        code=False,
    )
    from mlflow.entities import Metric

    clean = {k.replace("@", "_at_"): float(v) for k, v in figures.items()}
    for key, value in clean.items():
        entry = Metric(
            key, value, int(1000 * time.time()), step, model_id=model_id, run_id=run.run_id
        )
        patiently(partial(run.client.log_batch, run.run_id, metrics=[entry]))
    return model_id


def _logged_before(run: MlflowLogger, name: str, weights: str) -> str:
    """The model of these weights that this run logged before it was stopped, whole; else nothing.

    One that was not finished is taken away: nothing would ever finish it.
    """
    own = patiently(lambda: run.client.get_run(run.run_id))
    found = patiently(lambda: logged_by(run.client, own))
    for model in found:
        if model.name == name and str(model.status) == "PENDING":
            patiently(partial(run.client.delete_logged_model, model.model_id))
    whole = (m for m in found if m.name == name and str(m.status) == "READY")
    return next((str(m.model_id) for m in whole if m.tags.get("weights") == weights), "")


def register(run: Any, figures: Mapping[str, float], profile: str) -> dict[str, Any]:
    """Register the evaluated model with the stack around it, and let the gates decide on the champion.

    A model that was evaluated before keeps its version: evaluating again makes no second one.
    """
    if not isinstance(run, MlflowLogger):
        return {"moved": False, "reason": "not tracked: no version registered"}
    registry = Registry(model_name(profile))
    registry.ensure()
    weights = weights_sha256(places.INSTRUCT)
    known = next((v for v in registry.versions() if v.tags.get("weights") == weights), None)
    if known is None:
        model_id = _log_pyfunc(
            run,
            name="havoc",
            artifacts={"model": places.INSTRUCT, "index": places.RAG},
            config={"kind": "answers", "profile": profile},
            example=EXAMPLE_REQUEST,
            step=0,
            tags={"weights": weights},
            code=True,
        )
        number = patiently(
            lambda: registry.client.create_model_version(
                registry.name,
                f"models:/{model_id}",
                run_id=run.run_id,
                model_id=model_id,
                tags={"weights": weights},  # at once: killed here, the next run finds the version
            )
        ).version
    else:
        number = known.number
    tags = {
        "weights": weights,
        "git": git_commit(),
        "data": data_hash(),
        "evaluated_on": requests_digest(),
        "evaluation_run": run.run_id,
        **{f"dvc.{k.removeprefix('artifacts/')}": v for k, v in artifact_hashes().items()},
    }
    for key, value in tags.items():
        patiently(
            partial(registry.client.set_model_version_tag, registry.name, str(number), key, value)
        )
    return registry.decide(int(number), figures, requests_digest())


def note_bento(profile: str, number: str, tag: str) -> None:
    """Write on a version which bento carries it: what to serve after a promotion or a rollback."""
    registry = Registry(model_name(profile))
    patiently(lambda: registry.client.set_model_version_tag(registry.name, number, "bento", tag))


def _log_pyfunc(
    run: MlflowLogger,
    *,
    name: str,
    artifacts: Mapping[str, Path],
    config: Mapping[str, Any],
    example: list[str],
    step: int,
    tags: Mapping[str, str],
    code: bool,
) -> str:
    """Log a model as code with its artifacts; the id of the logged model.

    ``code`` puts this version of the packages beside it, so that it loads where HAVOC is not installed.
    """
    import mlflow
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    mlflow.set_tracking_uri(tracking_uri())
    logging.getLogger("mlflow").setLevel(logging.ERROR)  # hints for notebooks
    text = Schema([ColSpec("string")])
    with mlflow.start_run(run_id=run.run_id, nested=mlflow.active_run() is not None):
        info = patiently(
            lambda: mlflow.pyfunc.log_model(
                name=name,
                python_model=str(CODE),
                artifacts={k: str(v) for k, v in artifacts.items()},
                model_config=dict(config),
                signature=ModelSignature(inputs=text, outputs=text),
                input_example=example,
                pip_requirements=str(REQUIREMENTS),
                code_paths=["havoc", "configs"] if code else None,
                tags=dict(tags),
                step=step,
                model_type="havoc",
            )
        )
    # leaving the block ended the run, which its owner has not done with
    patiently(lambda: run.client.update_run(run.run_id, status="RUNNING"))
    return str(info.model_id)
