"""Traces of the reasoning stack in MLflow: a span for each stage, with what it was given, what it gave and its time."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from havoc.evaluation.scoring import read_requests, score
from havoc.srs.pipeline import stages
from havoc.srs.state import Request, Stack
from havoc.tools.table_io import read_table
from havoc.tracking import MlflowLogger, tracking_uri
from pipelines import places

KINDS = {
    "ground": "RETRIEVER",
    "plan": "LLM",
    "execute": "TOOL",
    "audit": "EVALUATOR",
    "answer": "PARSER",
}


def trace_requests(run: Any, stack: Stack, most: int) -> int:
    """Answer the first ``most`` requests of each file once more and log a trace of each, with its verdict.

    The verdict (right or not, and why) is an assessment of the trace, as MLflow's evaluations have them.
    """
    if not isinstance(run, MlflowLogger):
        return 0
    rows: list[dict[str, Any]] = []
    for path in places.request_files():
        for record in read_requests(path)[:most]:
            rows.append(_trace_one(run, stack, record, path.parent))
    if rows:
        columns = {key: [row[key] for row in rows] for key in rows[0]}
        run.client.log_table(run.run_id, columns, "evaluation/requests.json")
    return len(rows)


def _trace_one(
    run: MlflowLogger, stack: Stack, record: Mapping[str, Any], folder: Path
) -> dict[str, Any]:
    import mlflow
    from mlflow.entities import AssessmentSource

    mlflow.set_tracking_uri(tracking_uri())
    text = str(record.get("request", ""))
    root = mlflow.start_span_no_context(
        "answer",
        span_type="AGENT",
        inputs={"request": text},
        tags={"request": str(record.get("id"))},
        metadata={"mlflow.sourceRun": run.run_id},
        experiment_id=run.client.get_run(run.run_id).info.experiment_id,
    )
    try:
        document = traced(root, Request(text, _tables(record, folder)), stack)
    except Exception as error:  # one request's fault must not end the evaluation
        root.record_exception(error)
        document = {"status": "failed", "answer": str(error), "results": [], "program": ""}
    root.set_attribute("program", document.get("program", ""))
    root.end(outputs={"status": document["status"], "answer": document["answer"]})
    verdict = score(dict(record), document)
    mlflow.flush_trace_async_logging()
    mlflow.log_feedback(
        trace_id=root.trace_id,
        name="right",
        value=bool(verdict.passed),
        rationale=verdict.why or None,
        source=AssessmentSource(source_type="CODE", source_id="benchmarks/requests"),
    )
    return {
        "id": str(record.get("id")),
        "kind": verdict.kind,
        "request": text,
        "status": document["status"],
        "right": bool(verdict.passed),
        "why": verdict.why,
        "program": document.get("program", ""),
        "trace": root.trace_id,
    }


def traced(root: Any, request: Request, stack: Stack) -> dict[str, Any]:
    """Answer a request, each stage a span under ``root``; the answer object."""
    import mlflow

    given: dict[str, Any] = {"request": request.text, "tables": sorted(request.tables)}
    began = time.time_ns()
    document: dict[str, Any] = {}
    for event in stages(request, stack):
        if event.status == "started":
            began = time.time_ns()
        elif event.stage == "done":
            document = event.data
        elif event.status == "finished":
            span = mlflow.start_span_no_context(
                event.stage,
                span_type=KINDS.get(event.stage, "CHAIN"),
                parent_span=root,
                inputs=given,
                start_time_ns=began,
            )
            told = json.loads(json.dumps(event.data, default=str))
            span.end(outputs=told, end_time_ns=began + int(1e6 * event.ms))
            given = told or given
    return document


def _tables(record: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    names = record.get("data") or []
    paths = [folder / n for n in (names if isinstance(names, list) else [names])]
    return {p.name: read_table(p) for p in paths}
