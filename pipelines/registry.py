"""The model registry: every evaluated model a version, the alias ``champion`` moved only by the gates."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from typing import Any

from havoc.tracking import MlflowLogger, tracking_uri
from pipelines import places

MODEL = "havoc"
# What may not fall below the champion's figure, and by how much it may (noise of a small set).
GATES = {
    "programs.phrasing.result": 0.02,
    "programs.combination.result": 0.02,
    "requests.dev.share": 0.02,
}


def failed_gates(new: Mapping[str, float], champion: Mapping[str, float]) -> list[str]:
    """The gates that ``new`` fails against the champion's figures."""
    return [
        f"{name} {new.get(name, 0):.4f} is below the champion's {champion[name]:.4f}"
        for name, slack in GATES.items()
        if name in champion and new.get(name, 0.0) < champion[name] - slack
    ]


def register_model(run: Any, figures: Mapping[str, float]) -> dict[str, Any]:
    """Register the finished model as a version and decide on the alias; the reason is kept as a tag."""
    if not isinstance(run, MlflowLogger):
        return {"moved": False, "reason": "not tracked: no version registered"}
    import mlflow
    from mlflow.exceptions import MlflowException

    os.environ.setdefault("MLFLOW_TRACKING_URI", tracking_uri())
    client = mlflow.MlflowClient(tracking_uri())
    with contextlib.suppress(MlflowException):  # it is there already
        client.create_registered_model(MODEL)
    run.log_artifact(places.INSTRUCT)
    source = f"{client.get_run(run.run_id).info.artifact_uri}/{places.INSTRUCT.name}"
    version = client.create_model_version(MODEL, source, run_id=run.run_id)
    client.set_registered_model_alias(MODEL, "challenger", version.version)
    try:
        current = client.get_model_version_by_alias(MODEL, "champion")
        champion = dict(client.get_run(current.run_id).data.metrics) if current.run_id else {}
    except MlflowException:
        current, champion = None, {}
    failed = failed_gates(figures, champion)
    if failed:
        reason = f"version {version.version} is not champion: " + "; ".join(failed)
    else:
        against = (
            f"no worse than version {current.version}"
            if current is not None
            else "the first version"
        )
        reason = f"version {version.version} is champion: {against}"
        client.set_registered_model_alias(MODEL, "champion", version.version)
    client.set_model_version_tag(MODEL, version.version, "decision", reason)
    return {"version": str(version.version), "moved": not failed, "reason": reason}
