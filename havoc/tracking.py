"""Run logging: the small protocol that training, evaluation and packaging write to."""

from __future__ import annotations

import importlib.util
import math
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol


class RunLogger(Protocol):
    """Where a run's parameters, metrics and files go."""

    @property
    def run_id(self) -> str:
        """Name under which the run can be continued; empty where there is none."""

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Record what the run was started with."""

    def log_metrics(self, metrics: Mapping[str, float], step: int) -> None:
        """Record figures of one step."""

    def set_tags(self, tags: Mapping[str, str]) -> None:
        """Record what the run is of: code, data, stage."""

    def log_artifact(self, path: Path) -> None:
        """Keep a file or folder with the run."""


class NullLogger:
    """Keeps nothing."""

    run_id = ""

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Do nothing."""

    def log_metrics(self, metrics: Mapping[str, float], step: int) -> None:
        """Do nothing."""

    def set_tags(self, tags: Mapping[str, str]) -> None:
        """Do nothing."""

    def log_artifact(self, path: Path) -> None:
        """Do nothing."""


# ---- MLflow behind the protocol -----------------------------------------------------------------

DEFAULT_URI = "sqlite:///mlflow.db"
EXPERIMENT = "havoc"
_NOT_IN_NAMES = re.compile(r"[^\w\-. :/]")  # what MLflow refuses in a metric's name
FLUSH_EVERY = (
    600  # metrics held before one call writes them: 1.3 ms a step against 10 ms unbuffered
)


class MlflowLogger:
    """One MLflow run; metrics are buffered and written in batches.

    Parameters
    ----------
    client : mlflow.MlflowClient
    run_id : the run, new or continued.
    """

    def __init__(self, client: Any, run_id: str) -> None:
        self._client, self._run_id = client, run_id
        self._metrics: list[Any] = []

    @property
    def run_id(self) -> str:
        return self._run_id

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Log parameters once: a continued run has them already."""
        from mlflow.entities import Param

        known = self._client.get_run(self._run_id).data.params
        new = [Param(k, str(v)[:500]) for k, v in params.items() if k not in known]
        self._client.log_batch(self._run_id, params=new)

    def log_metrics(self, metrics: Mapping[str, float], step: int) -> None:
        from mlflow.entities import Metric

        now = int(time.time() * 1000)
        self._metrics += [
            Metric(_NOT_IN_NAMES.sub("_", k), float(v), now, step)
            for k, v in metrics.items()
            if math.isfinite(float(v))
        ]
        if len(self._metrics) >= FLUSH_EVERY:
            self.flush()

    def set_tags(self, tags: Mapping[str, str]) -> None:
        from mlflow.entities import RunTag

        self._client.log_batch(self._run_id, tags=[RunTag(k, str(v)) for k, v in tags.items()])

    def log_artifact(self, path: Path) -> None:
        self.flush()
        if path.is_dir():
            self._client.log_artifacts(self._run_id, str(path), path.name)
        elif path.exists():
            self._client.log_artifact(self._run_id, str(path))

    def flush(self) -> None:
        """Write the buffered metrics."""
        for start in range(0, len(self._metrics), 900):
            self._client.log_batch(self._run_id, metrics=self._metrics[start : start + 900])
        self._metrics.clear()


@contextmanager
def open_run(
    name: str, folder: Path | None = None, *, tags: Mapping[str, str] | None = None
) -> Iterator[Any]:
    """An MLflow run under ``MLFLOW_TRACKING_URI`` (default: SQLite in the working folder), or a NullLogger.

    With ``folder``, the run's id is kept there, and a run that was interrupted is continued. Without the mlflow
    package, or with ``HAVOC_TRACKING=off``, nothing is logged.
    """
    if os.environ.get("HAVOC_TRACKING") == "off" or importlib.util.find_spec("mlflow") is None:
        yield NullLogger()
        return
    client, run_id = _open(name, folder, tags or {})
    logger = MlflowLogger(client, run_id)
    status = "FAILED"
    try:
        yield logger
        status = "FINISHED"
    except KeyboardInterrupt:
        status = "KILLED"
        raise
    finally:
        logger.flush()
        client.set_terminated(run_id, status)


def tracking_uri() -> str:
    """Where runs are logged."""
    return os.environ.get("MLFLOW_TRACKING_URI", DEFAULT_URI)


def _open(name: str, folder: Path | None, tags: Mapping[str, str]) -> tuple[Any, str]:
    import mlflow
    from mlflow.exceptions import MlflowException

    client = mlflow.MlflowClient(tracking_uri())
    note = folder / "mlflow_run" if folder else None
    if note is not None and note.exists():
        run_id = note.read_text().strip()
        try:
            client.update_run(run_id, status="RUNNING")
            client.set_tag(run_id, "resumed", "true")
            return client, run_id
        except MlflowException:
            note.unlink()  # the run is not on this server: start another
    experiment = client.get_experiment_by_name(EXPERIMENT)
    experiment_id = experiment.experiment_id if experiment else _new_experiment(client)
    run = client.create_run(experiment_id, run_name=name, tags={"stage": name, **tags})
    if note is not None:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(run.info.run_id)
    return client, run.info.run_id


def _new_experiment(client: Any) -> str:
    location = (
        None if not tracking_uri().startswith("sqlite") else Path("mlruns").absolute().as_uri()
    )
    return str(client.create_experiment(EXPERIMENT, artifact_location=location))
