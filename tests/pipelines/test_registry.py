"""The champion is moved by gates or by a person, always with a reason, and back in one command. And runs: an outage
of the server loses nothing, a continued run doubles nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from havoc import tracking
from havoc.errors import InputError
from havoc.registry import Registry, failed_gates
from havoc.tracking import TrackingAway, open_run

mlflow = pytest.importorskip("mlflow")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('mlflow')}/mlflow.db"


@pytest.fixture(autouse=True)
def _here(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", database)
    monkeypatch.setenv("HAVOC_SYSTEM_METRICS", "off")
    monkeypatch.chdir(tmp_path)


def registry_with(name: str, *figures: dict[str, float], requests: str = "r1") -> Registry:
    """A registry whose versions have been through the gates in their order."""
    registry = Registry(name)
    registry.ensure()
    for number, values in enumerate(figures, 1):
        with open_run("evaluate") as run:
            run.log_metrics(values, 0)
        version = registry.client.create_model_version(name, f"file:/{name}/{number}", run.run_id)
        registry.client.set_model_version_tag(name, version.version, "evaluated_on", requests)
        registry.decide(int(version.version), values, requests)
    return registry


def figures(share: float, n: float = 10_000.0) -> dict[str, float]:
    return {
        "programs.phrasing.result": share,
        "programs.combination.result": share,
        "programs.pairs": n,
        "requests.dev.share": share,
        "requests.dev.count": n,
    }


def test_a_worse_challenger_is_not_champion_and_the_reason_says_by_how_much() -> None:
    registry = registry_with("worse", figures(0.9), figures(0.8))
    champion, challenger = registry.get("champion"), registry.get("challenger")
    assert (champion.number, challenger.number) == (1, 2)
    assert (
        "programs.phrasing.result 0.8000 is below the champion's 0.9000"
        in (challenger.tags["decision"])
    )


def test_a_better_challenger_is_champion() -> None:
    registry = registry_with("better", figures(0.8), figures(0.9))
    assert registry.get("champion").number == 2
    assert [m.version for m in registry.history()] == [1, 2]
    assert registry.history()[-1].by == "gates"


@pytest.mark.parametrize(
    ("new", "n", "fails"),
    [(0.885, 10_000, False), (0.87, 10_000, True), (0.87, 100, False), (0.6, 100, True)],
)
def test_a_gate_allows_two_hundredths_and_chance_but_no_more(
    new: float, n: float, fails: bool
) -> None:
    assert bool(failed_gates(figures(new, n), figures(0.9, n))) is fails


def test_the_noise_of_a_gate_is_that_of_two_proportions() -> None:
    """statsmodels as the oracle: just inside and just outside of its one-sided 5 % level."""
    from statsmodels.stats.proportion import proportions_ztest

    n, old = 400, 0.9
    for new in (0.84, 0.85, 0.86, 0.87):
        _, p = proportions_ztest([new * n, old * n], [n, n], alternative="smaller", prop_var=False)
        unpooled = failed_gates(figures(new, n), figures(old, n))
        if abs(p - 0.05) > 0.01:  # the test pools the variance, the gate does not
            assert bool(unpooled) is bool(p < 0.05)


def test_a_champion_measured_on_other_requests_is_not_compared() -> None:
    registry = registry_with("other", figures(0.9))
    with open_run("evaluate") as run:
        run.log_metrics(figures(0.5), 0)
    version = registry.client.create_model_version("other", "file:/x", run.run_id)
    decision = registry.decide(int(version.version), figures(0.5), "r2")
    assert decision["moved"]
    assert "other requests" in decision["reason"]


def test_promoting_and_rolling_back_keep_the_reason_and_who() -> None:
    registry = registry_with("moves", figures(0.9), figures(0.8), figures(0.7))
    registry.promote("challenger", "right on the plant's own requests", by="ada")
    assert registry.get("champion").number == 3
    move = registry.rollback("control charts got slower", by="bob")
    assert move.version == registry.get("champion").number == 1
    assert move.reason == "rolled back from version 3: control charts got slower"
    registry.promote(2, "try the second", by="ada")
    registry.promote(3, "and the third", by="ada")
    assert registry.rollback("no", by="bob").version == 2
    assert registry.rollback("no", by="bob").version == 1
    with pytest.raises(InputError, match="first champion"):
        registry.rollback("no")


@pytest.mark.parametrize(
    ("move", "told"),
    [
        (lambda r: r.promote(2, " "), "needs a reason"),
        (lambda r: r.promote(9, "why"), "there is no version '9'"),
        (lambda r: r.promote(1, "why"), "is the champion already"),
        (lambda r: r.rollback(""), "needs a reason"),
    ],
)
def test_bad_moves_are_refused_in_one_line(move: Callable[[Registry], Any], told: str) -> None:
    name = "refused"
    registry = Registry(name)
    if not registry.versions():
        registry_with(name, figures(0.9), figures(0.8))
    with pytest.raises(InputError, match=told):
        move(registry)


def test_the_commands_list_promote_and_roll_back() -> None:
    registry_with("cli", figures(0.9), figures(0.8))

    def havoc(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "havoc", "models", *arguments, "--name", "cli"]
        return subprocess.run(command, capture_output=True, text=True)

    assert "version 2 is the champion of 'cli': why not" in (
        havoc("promote", "2", "--reason", "why not").stdout
    )
    assert "version 1 is the champion" in havoc("rollback", "--reason", "because").stdout
    refused = havoc("promote", "7", "--reason", "x")
    assert (refused.returncode, len(refused.stderr.strip().splitlines())) == (2, 1)


# ---- runs ---------------------------------------------------------------------------------------


def history(run_id: str, key: str = "loss") -> list[int]:
    return [m.step for m in mlflow.MlflowClient().get_metric_history(run_id, key)]


class Away:
    """A client that fails as MLflow's does while its server is away, then works."""

    def __init__(self, client: Any, failures: int) -> None:
        self._client, self.left = client, failures

    def log_batch(self, *arguments: Any, **named: Any) -> None:
        if self.left:
            self.left -= 1
            raise mlflow.exceptions.MlflowException("connection refused")
        self._client.log_batch(*arguments, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def test_an_outage_loses_no_figure_and_does_not_stop_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tracking, "FLUSH_EVERY", 1)
    monkeypatch.setattr(tracking, "FLUSH_SECONDS", 0.0)
    with open_run("train") as run:
        run._client = Away(run._client, failures=5)
        for step in range(10):
            run.log_metrics({"loss": 1.0 / (step + 1)}, step)
    assert history(run.run_id) == list(range(10))


def test_a_server_that_is_away_is_not_asked_at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """An attempt may last until its time-out, and the training waits for it."""
    monkeypatch.setattr(tracking, "FLUSH_EVERY", 5)
    with open_run("train") as run:
        away = run._client = Away(run._client, failures=100)
        for step in range(100):
            run.log_metrics({"loss": float(step)}, step)
        assert away.left == 99
        away.left = 0
    assert history(run.run_id) == list(range(100))


def test_a_server_that_stays_away_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracking, "PATIENCE_SECONDS", 0.5)

    def train() -> None:
        with open_run("train") as run:
            run._client = Away(run._client, failures=10_000)
            run.log_metrics({"loss": 1.0}, 0)

    with pytest.raises(TrackingAway, match="does not answer"):
        train()


def test_a_continued_run_has_each_figure_once(tmp_path: Path) -> None:
    runs: list[Any] = []

    def train(first: int, last: int, killed: bool) -> None:
        with open_run("train", tmp_path / "run") as run:
            runs.append(run)
            for step in range(first, last):
                run.log_metrics({"loss": float(step)}, step)
            if killed:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(0, 6, killed=True)
    train(3, 9, killed=False)  # from the checkpoint at step 3 on
    assert runs[0].run_id == runs[1].run_id
    assert history(runs[0].run_id) == list(range(9))


def test_what_a_kill_kept_from_the_run_comes_from_the_journal(tmp_path: Path) -> None:
    import torch

    from havoc.training.checkpoints import write_checkpoint
    from pipelines.training import log_again

    folder = tmp_path / "run"
    with open_run("train", folder) as run:
        run.log_metrics({"loss": 0.0}, 0)
    write_checkpoint(folder, 3, {"model": {"w": torch.zeros(1)}}, {"training_state": {}}, {})
    lines = [json.dumps({"step": s, "loss": float(s)}) for s in range(6)]
    (tmp_path / "metrics.jsonl").write_text("\n".join([*lines, '{"step": 6, "lo']) + "\n")
    with open_run("train", folder) as again:
        log_again(again, folder, tmp_path / "metrics.jsonl")
        again.log_metrics({"loss": 4.0}, 4)
    assert history(run.run_id) == [0, 1, 2, 3, 4]


def test_runs_of_one_session_stand_under_one_pipeline_run() -> None:
    with open_run("pretrain", session="s1") as first, open_run("finetune", session="s1") as second:
        pass
    client = mlflow.MlflowClient()
    parents = {client.get_run(r.run_id).data.tags["mlflow.parentRunId"] for r in (first, second)}
    assert len(parents) == 1
    parent = client.get_run(parents.pop())
    assert parent.info.run_name == "pipeline"
    assert parent.info.status == "FINISHED"
