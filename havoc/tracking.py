"""Run logging: the small protocol that training, evaluation and packaging write to."""

from __future__ import annotations

import importlib.util
import json
import math
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from havoc.errors import first_line


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
    path = ""

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Do nothing."""

    def log_metrics(self, metrics: Mapping[str, float], step: int) -> None:
        """Do nothing."""

    def set_tags(self, tags: Mapping[str, str]) -> None:
        """Do nothing."""

    def log_artifact(self, path: Path) -> None:
        """Do nothing."""

    def log_dataset(
        self, name: str, digest: str, context: str, source: str, facts: Mapping[str, Any]
    ) -> None:
        """Do nothing."""


# ---- MLflow behind the protocol -----------------------------------------------------------------

DEFAULT_URI = "sqlite:///mlflow.db"
EXPERIMENT = "havoc"
SESSION = "HAVOC_PIPELINE_RUN"  # set by whoever drives several steps: their runs get one parent
PARENT_TAG = "mlflow.parentRunId"
_NOT_IN_NAMES = re.compile(r"[^\w\-. :/]")  # what MLflow refuses in a metric's name
# One call writes many metrics: 1.3 ms of CPU a step against 10 ms unbuffered.
FLUSH_EVERY, FLUSH_SECONDS = 600, 20.0
SYSTEM_SECONDS = 15.0  # between two samples of the machine
PATIENCE_SECONDS = 120.0  # how long a server may be away before a run gives up on it
_OUR_FAULT = frozenset(
    {
        "INVALID_PARAMETER_VALUE",
        "RESOURCE_DOES_NOT_EXIST",
        "RESOURCE_ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "BAD_REQUEST",
    }
)
T = TypeVar("T")


class TrackingAway(RuntimeError):
    """The tracking server did not answer for as long as a run waits for it."""


def patiently(call: Callable[[], T], seconds: float | None = None) -> T:
    """Call the tracking server, waiting while it is away; a mistake of ours is raised at once.

    Raises
    ------
    TrackingAway
        If it did not answer for ``seconds`` (default ``PATIENCE_SECONDS``).
    """
    until = time.monotonic() + (PATIENCE_SECONDS if seconds is None else seconds)
    pause = 1.0
    while True:
        try:
            return call()
        except Exception as error:
            if getattr(error, "error_code", "") in _OUR_FAULT or not _is_outage(error):
                raise
            if time.monotonic() + pause > until:
                raise TrackingAway(
                    f"MLflow at {tracking_uri()} does not answer ({first_line(error)}); "
                    "start it and run this again: nothing that was done is lost"
                ) from error
            time.sleep(pause)
            pause = min(2 * pause, 15.0)


def _is_outage(error: Exception) -> bool:
    from mlflow.exceptions import MlflowException

    return isinstance(error, MlflowException | OSError)  # requests' errors are OSErrors


class MlflowLogger:
    """One MLflow run; metrics are buffered and written in batches.

    A server that is away for a while costs nothing: metrics wait in the buffer. A figure of a step that the
    run has already, because it was killed after it was written, is not written twice.

    Parameters
    ----------
    client : mlflow.MlflowClient
    run_id : the run, new or continued.
    resumed : whether the run is continued.
    lineage : names of the tags that the run was opened with; nothing that is told later replaces them.
    """

    def __init__(
        self, client: Any, run_id: str, resumed: bool = False, lineage: Iterable[str] = ()
    ) -> None:
        self._client, self._run_id, self._lineage = client, run_id, frozenset(lineage)
        self._metrics: list[Any] = []
        self._seen: dict[str, int] | None = {} if not resumed else None
        self._flushed = time.monotonic()
        self._try_again = 0.0  # when, after the server did not answer

    @property
    def run_id(self) -> str:
        return self._run_id

    @property
    def path(self) -> str:
        """Where the run is in MLflow's UI, below the server's address."""
        run = patiently(lambda: self._client.get_run(self._run_id))
        return f"#/experiments/{run.info.experiment_id}/runs/{self._run_id}"

    @property
    def client(self) -> Any:
        """The MLflow client, for what the protocol has no word for."""
        return self._client

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Log parameters once: a continued run has them already."""
        from mlflow.entities import Param

        known = patiently(lambda: self._client.get_run(self._run_id)).data.params
        new = [Param(k, str(v)[:500]) for k, v in params.items() if k not in known]
        for start in range(0, len(new), 100):
            part = new[start : start + 100]
            patiently(partial(self._client.log_batch, self._run_id, params=part))

    def log_metrics(self, metrics: Mapping[str, float], step: int) -> None:
        from mlflow.entities import Metric

        seen = self._seen = self._last_steps() if self._seen is None else self._seen
        now = int(time.time() * 1000)
        for key, value in metrics.items():
            name = _NOT_IN_NAMES.sub("_", key)
            if math.isfinite(float(value)) and seen.get(name, -1) < step:
                self._metrics.append(Metric(name, float(value), now, step))
                seen[name] = step
        moment = time.monotonic()
        due = len(self._metrics) >= FLUSH_EVERY or moment - self._flushed > FLUSH_SECONDS
        if self._metrics and due and moment >= self._try_again:
            self.flush(wait=False)

    def _last_steps(self) -> dict[str, int]:
        """The last step that the run has of each metric."""
        keys = patiently(lambda: self._client.get_run(self._run_id)).data.metrics
        return {
            key: max(
                m.step
                for m in patiently(partial(self._client.get_metric_history, self._run_id, key))
            )
            for key in keys
            if not key.startswith("system/")
        }

    def set_tags(self, tags: Mapping[str, str]) -> None:
        from mlflow.entities import RunTag

        entries = [RunTag(k, str(v)) for k, v in tags.items() if k not in self._lineage]
        patiently(lambda: self._client.log_batch(self._run_id, tags=entries))

    def log_artifact(self, path: Path) -> None:
        self.flush()
        if path.is_dir():
            patiently(lambda: self._client.log_artifacts(self._run_id, str(path), path.name))
        elif path.exists():
            patiently(lambda: self._client.log_artifact(self._run_id, str(path)))

    def log_dataset(
        self, name: str, digest: str, context: str, source: str, facts: Mapping[str, Any]
    ) -> None:
        """Record what was read: name, hash (its first 36 characters are kept), what for, and figures."""
        from mlflow.entities import Dataset, DatasetInput, InputTag

        dataset = Dataset(
            name=name,
            digest=digest[:36],
            source_type="local",
            source=json.dumps({"uri": source}),
            profile=json.dumps(dict(facts), default=str),
        )
        entry = DatasetInput(dataset, [InputTag("mlflow.data.context", context)])
        patiently(lambda: self._client.log_inputs(self._run_id, [entry]))

    def flush(self, wait: bool = True) -> None:
        """Write the buffered metrics; without ``wait`` a server that is away is tried again later."""
        self._flushed = time.monotonic()
        while self._metrics:
            part = self._metrics[:900]
            try:
                patiently(
                    partial(self._client.log_batch, self._run_id, metrics=part),
                    None if wait else 0.0,
                )
            except TrackingAway:
                if wait:
                    raise
                # each attempt may last until its time-out: the training must not wait for one every step
                self._try_again = time.monotonic() + FLUSH_SECONDS
                return
            del self._metrics[: len(part)]


@contextmanager
def open_run(
    name: str,
    folder: Path | None = None,
    *,
    tags: Mapping[str, str] | None = None,
    session: str | None = None,
) -> Iterator[Any]:
    """An MLflow run under ``MLFLOW_TRACKING_URI`` (default: SQLite in the working folder), or a NullLogger.

    Parameters
    ----------
    name
        Of the run; also its tag ``stage``.
    folder
        Keeps the run's id, and a run that was interrupted is continued.
    tags
        What it is made of.
    session
        Runs of one session have one parent, a run named ``pipeline``.

    Without the mlflow package, or with ``HAVOC_TRACKING=off``, nothing is logged.
    """
    if os.environ.get("HAVOC_TRACKING") == "off" or importlib.util.find_spec("mlflow") is None:
        yield NullLogger()
        return
    # MLflow's own patience (minutes a call) would hold up the training loop; ``patiently`` waits instead.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "15")
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    client, run_id, resumed = patiently(lambda: _open(name, folder, tags or {}, session))
    logger = MlflowLogger(client, run_id, resumed, tags or ())
    status = "FAILED"
    try:
        with _machine(run_id):
            yield logger
        status = "FINISHED"
    except KeyboardInterrupt:
        status = "KILLED"
        raise
    finally:
        _close(logger, status)


def _close(logger: MlflowLogger, status: str) -> None:
    """Write what is left; after a failure the failure is the news, not that MLflow is away too."""
    client, run_id = logger.client, logger.run_id
    wait = None if status == "FINISHED" else 5.0
    try:
        logger.flush(wait=status == "FINISHED")
        patiently(lambda: client.set_terminated(run_id, status), wait)
        parent = patiently(lambda: client.get_run(run_id), wait).data.tags.get(PARENT_TAG)
        if parent:
            patiently(lambda: client.set_terminated(parent, status), wait)
    except TrackingAway:
        if status == "FINISHED":
            raise


@contextmanager
def _machine(run_id: str) -> Iterator[None]:
    """CPU, memory, disk and network of the machine while the run lasts; HAVOC_SYSTEM_METRICS=off for none."""
    if os.environ.get("HAVOC_SYSTEM_METRICS") == "off" or not importlib.util.find_spec("psutil"):
        yield
        return
    from mlflow.system_metrics.system_metrics_monitor import SystemMetricsMonitor

    monitor = SystemMetricsMonitor(
        run_id, sampling_interval=SYSTEM_SECONDS, resume_logging=True, tracking_uri=tracking_uri()
    )
    monitor.start()
    try:
        yield
    finally:
        monitor.finish()


def tracking_uri() -> str:
    """Where runs are logged."""
    return os.environ.get("MLFLOW_TRACKING_URI", DEFAULT_URI)


def _open(
    name: str, folder: Path | None, tags: Mapping[str, str], session: str | None
) -> tuple[Any, str, bool]:
    """The client, the run's id, and whether the run is continued."""
    import mlflow
    from mlflow.exceptions import MlflowException

    mlflow.set_tracking_uri(tracking_uri())
    client = mlflow.MlflowClient(tracking_uri())
    note = folder / "mlflow_run" if folder else None
    if note is not None and note.exists():
        run_id = note.read_text().strip()
        try:
            client.update_run(run_id, status="RUNNING")
            client.set_tag(run_id, "resumed", "true")
            return client, run_id, True
        except MlflowException as error:
            if error.error_code != "RESOURCE_DOES_NOT_EXIST":
                raise
            note.unlink()  # the run is not on this server: start another
    experiment = client.get_experiment_by_name(EXPERIMENT)
    experiment_id = experiment.experiment_id if experiment else _new_experiment(client)
    above = {PARENT_TAG: _parent(client, experiment_id, session, tags)} if session else {}
    run = client.create_run(experiment_id, run_name=name, tags={"stage": name, **tags, **above})
    if note is not None:
        note.parent.mkdir(parents=True, exist_ok=True)
        draft = note.with_suffix(".tmp")
        draft.write_text(run.info.run_id)
        draft.replace(note)
    return client, run.info.run_id, False


def _parent(client: Any, experiment_id: str, session: str, tags: Mapping[str, str]) -> str:
    """The run above those of a session: found by its tag, made by the first."""
    found = client.search_runs(
        [experiment_id], f"tags.session = '{session}' and tags.stage = 'pipeline'", max_results=1
    )
    if found:
        client.update_run(found[0].info.run_id, status="RUNNING")
        return str(found[0].info.run_id)
    shared = {k: v for k, v in tags.items() if "." not in k}
    run = client.create_run(
        experiment_id,
        run_name="pipeline",
        tags={"stage": "pipeline", "session": session, **shared},
    )
    return str(run.info.run_id)


def _new_experiment(client: Any) -> str:
    location = (
        None if not tracking_uri().startswith("sqlite") else Path("mlruns").absolute().as_uri()
    )
    return str(client.create_experiment(EXPERIMENT, artifact_location=location))
