"""The ``bento`` step: model and index into BentoML's store, then the bento, tagged with where all came from."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from havoc.config import Settings
from havoc.errors import InputError
from havoc.model.directory import read_description
from havoc.tracking import open_run
from pipelines import places
from pipelines.provenance import lineage


def build_bento(settings: Settings, say: Callable[[str], None]) -> dict[str, Any]:
    """Build the bento of the champion; refused while the last evaluation did not pass its gates."""
    os.environ.setdefault("BENTOML_DO_NOT_TRACK", "True")
    import bentoml

    from havoc.serving.bento import MODEL_NAME

    evaluation = json.loads((places.METRICS / "evaluate.json").read_text())
    decision = evaluation.get("champion", {})
    if decision.get("moved") is False and "version" in decision:
        raise InputError(f"nothing is packaged: {decision['reason']}")
    about = {k: str(v) for k, v in read_description(places.INSTRUCT).get("about", {}).items()}
    labels = {k.replace(".", "_"): _label(v) for k, v in about.items()}
    with bentoml.models.create(MODEL_NAME, labels=labels, metadata=about) as entry:
        shutil.copytree(places.INSTRUCT, Path(entry.path) / "model")
        shutil.copytree(places.RAG, Path(entry.path) / "index")
    say(f"model {entry.tag}")
    bento = bentoml.bentos.build_bentofile("bentofile.yaml", labels=labels, build_ctx=".")
    say(f"bento {bento.tag}")
    with open_run("bento", tags=lineage("bento", tag=str(bento.tag), model=str(entry.tag))) as run:
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
        "version": decision.get("version", ""),
    }
    places.BENTO.mkdir(parents=True, exist_ok=True)
    (places.BENTO / "bento.json").write_text(json.dumps(report, indent=1) + "\n")
    return report


def _label(value: str) -> str:
    """BentoML's labels take 63 characters of a small alphabet."""
    clean = "".join(ch if ch.isalnum() or ch in "-_." else "-" for ch in value)
    return clean[:63].strip("-_.") or "none"
