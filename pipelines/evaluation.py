"""The ``evaluate`` step: language, programs, requests, retrieval; report, MLflow run, champion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from havoc.config import Settings
from havoc.corpus.tokens import TokenSet
from havoc.evaluation.programs import measure_programs
from havoc.evaluation.report import summary, write_report
from havoc.evaluation.requests import measure_requests
from havoc.inference.planner import Planner
from havoc.model.directory import load_model, read_description
from havoc.provenance import data_hash, lineage
from havoc.serving.runtime import load_runtime
from havoc.tracking import open_run
from pipelines import places
from pipelines.models import register
from pipelines.provenance import requests_digest, session
from pipelines.traces import trace_requests
from pipelines.training import group_loss


def evaluate_all(settings: Settings, say: Callable[[str], None]) -> dict[str, Any]:
    """Measure everything, write the report, log it, and move the champion if the gates pass."""
    planner = Planner.load(places.INSTRUCT)
    stack = load_runtime(places.INSTRUCT, places.RAG, settings.profile).need_stack()
    sizes = settings.pipeline
    metrics: dict[str, Any] = {
        "language": _language(settings),
        "programs": measure_programs(
            planner, sizes.evaluation_pairs, beam=settings.srs.candidates, progress=say
        ),
        "retrieval": _retrieval(settings),
        "requests": {p.stem: measure_requests(p, stack, say) for p in places.request_files()},
    }
    write_report(places.EVALUATION, metrics)
    places.PLOTS.mkdir(parents=True, exist_ok=True)
    rows = [
        f"{r['confidence']},{r['right']},{r['n']}"
        for r in metrics["programs"]["calibration"]["table"]
    ]
    (places.PLOTS / "calibration.csv").write_text("\n".join(["confidence,right,n", *rows]) + "\n")
    flat = {
        **summary(metrics),
        "programs.pairs": sizes.evaluation_pairs,
        **{f"requests.{k}.count": v["requests"] for k, v in metrics["requests"].items()},
    }
    about = read_description(places.INSTRUCT).get("about", {})
    tags = lineage("evaluate", model_run=str(about.get("mlflow_run", "")))
    with open_run("evaluate", tags=tags, session=session()) as run:
        run.log_params(
            {"profile": settings.profile, **{f"lineage.{k}": v for k, v in tags.items()}}
        )
        run.log_dataset(
            "benchmarks/requests", requests_digest(), "evaluation", str(places.REQUESTS), {}
        )
        run.log_dataset("data", data_hash(), "source", str(places.DATA), {"ledger": "data.dvc"})
        run.log_metrics({k: float(v) for k, v in flat.items()}, 0)
        run.log_artifact(places.EVALUATION)
        trace_requests(run, stack, settings.pipeline.traced_requests)
        decision = register(run, flat, settings.profile)
    say(decision["reason"])
    return {**flat, "champion": decision, "mlflow_run": run.run_id, "mlflow_path": run.path}


def _language(settings: Settings) -> dict[str, float]:
    """Perplexity and bits per byte of the base model, by domain."""
    model = load_model(places.BASE)
    tokens = TokenSet(places.TOKENS)
    figures: dict[str, float] = {}
    with torch.no_grad():
        for group in tokens.groups:
            figures.update(
                group_loss(
                    model,
                    tokens,
                    group,
                    settings.pretrain.batch_size,
                    settings.pipeline.evaluation_batches,
                )
            )
    return {k: v for k, v in figures.items() if not k.endswith(".loss")}


def _retrieval(settings: Settings) -> dict[str, float]:
    """Recall and reciprocal rank of summary-to-body queries, on an index without the summaries."""
    import tempfile
    from pathlib import Path

    from havoc.corpus.build import read_corpus
    from havoc.rag.index import Index, build_index
    from havoc.rag.quality import known_items, measure

    items, documents = known_items(read_corpus(places.CORPUS), sizes_of(settings))
    with tempfile.TemporaryDirectory() as folder:
        lexical = settings.rag.replace(embedder="none")
        build_index(Path(folder) / "index", documents, config=lexical)
        return dict(measure(Index(Path(folder) / "index", config=lexical), items))


def sizes_of(settings: Settings) -> int:
    """How many retrieval queries the profile affords."""
    return min(500, max(50, settings.pipeline.evaluation_pairs))
