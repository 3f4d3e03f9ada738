"""The ``bento`` step: model and index into BentoML's store, then the bento, tagged with where all came from."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from havoc.config import Settings
from havoc.errors import InputError
from havoc.model.directory import read_description
from havoc.provenance import lineage
from havoc.registry import Registry, model_name
from havoc.tracking import open_run
from pipelines import places
from pipelines.models import note_bento
from pipelines.provenance import session


def build_bento(settings: Settings, say: Callable[[str], None]) -> dict[str, Any]:
    """Build the bento of the champion; refused while the last evaluation did not pass its gates."""
    os.environ.setdefault("BENTOML_DO_NOT_TRACK", "True")
    import bentoml

    from havoc.serving.bento import MODEL_NAME

    evaluation = json.loads((places.REPORTS / "evaluate.json").read_text())
    decision = evaluation.get("champion", {})
    failed = [
        c["detail"]
        for name, c in evaluation.get("checks", {}).items()
        if not c["passed"] and not (name == "not_below_champion" and chosen(decision, settings))
    ]
    if failed:
        raise InputError(f"nothing is packaged: {'; '.join(failed)}")
    about = {k: str(v) for k, v in read_description(places.INSTRUCT).get("about", {}).items()}
    labels = {k.replace(".", "_"): _label(v) for k, v in about.items()}
    with bentoml.models.create(MODEL_NAME, labels=labels, metadata=about) as entry:
        shutil.copytree(places.INSTRUCT, Path(entry.path) / "model")
        shutil.copytree(places.RAG, Path(entry.path) / "index")
    say(f"model {entry.tag}")
    bento = bentoml.bentos.build_bentofile("bentofile.yaml", labels=labels, build_ctx=".")
    say(f"bento {bento.tag}")
    places.BENTO.mkdir(parents=True, exist_ok=True)
    archive = places.BENTO / "havoc.bento"  # with the model in it: what DVC keeps, pushes and pulls
    partial = archive.with_name("partial.bento")
    partial.unlink(missing_ok=True)
    bentoml.export_bento(str(bento.tag), str(partial.resolve()))
    partial.replace(archive)
    tags = lineage("bento", tag=str(bento.tag), model=str(entry.tag))
    with open_run("bento", tags=tags, session=session()) as run:
        run.log_params(
            {
                "bento": str(bento.tag),
                "model": str(entry.tag),
                **{f"lineage.{k}": v for k, v in about.items()},
            }
        )
    report = {
        "bento": str(bento.tag),
        "model": str(entry.tag),
        "labels": labels,
        "megabytes": round(archive.stat().st_size / 1e6, 2),
        "version": decision.get("version", ""),
        "mlflow_run": run.run_id,
        "mlflow_path": run.path,
    }
    if run.run_id and decision.get("version"):
        note_bento(settings.profile, str(decision["version"]), str(bento.tag))
    (places.BENTO / "bento.json").write_text(json.dumps(report, indent=1) + "\n")
    return report


def chosen(decision: Mapping[str, Any], settings: Settings) -> bool:
    """Whether somebody made the version the champion although it did not pass the gates by itself."""
    champion = Registry(model_name(settings.profile)).champion()
    return champion is not None and str(champion.number) == str(decision.get("version"))


def _label(value: str) -> str:
    """BentoML's labels take 63 characters of a small alphabet."""
    clean = "".join(ch if ch.isalnum() or ch in "-_." else "-" for ch in value)
    return clean[:63].strip("-_.") or "none"
