"""A training over several processes: started by torchrun from the step and from the Dagster asset, stopped, told of."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml
from small_project import ROOT, fresh_definitions
from tiny_model import make_shards

from havoc.config import load_settings
from havoc.errors import InputError
from pipelines import launching

SHAPE = {
    "d_model": 32, "num_layers": 1, "num_heads": 2, "num_kv_heads": 1, "head_dim": 16,
    "mlp_hidden_dim": 48, "max_seq_len": 16,
}  # fmt: skip
SLOW = pytest.mark.slow  # start torch in three processes
pytestmark = pytest.mark.timeout(3600)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """The step ``pretrain`` in two processes, below a launcher that is a script of Python."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HAVOC_CONFIGS", str(ROOT / "configs"))
    settings = load_settings("smoke", {"pipeline": {"training_processes": 2}})

    def train(script: str) -> dict[str, Any]:
        monkeypatch.setenv("HAVOC_TORCHRUN", shlex.join([sys.executable, "-c", script]))
        return launching.train("pretrain", settings, lambda line: None)

    return train


def test_what_the_first_process_reports_is_the_steps_report(shell: Callable[..., Any]) -> None:
    script = (
        "import json, sys; stage, n, folder = sys.argv[-3:]\n"
        "open(folder + '/result.json', 'w').write(json.dumps({'stage': stage, 'given': n}))"
    )
    assert shell(script) == {"stage": "pretrain", "given": "2", "processes": 2}


FAILS = """
import json, sys
for rank, (when, bad, line) in enumerate({failures!r}):
    said = {{"time": when, "input": bad, "line": line}}
    open(sys.argv[-1] + f"/failure-{{rank}}.json", "w").write(json.dumps(said))
sys.exit(1)
"""


@pytest.mark.parametrize(
    ("failures", "kind", "line"),
    [
        (
            [(2.0, False, "RuntimeError: peer"), (1.0, True, "shard damaged")],
            InputError,
            "shard damaged",
        ),
        (
            [(1.0, False, "OSError: No space left on device"), (2.0, False, "RuntimeError: peer")],
            RuntimeError,
            "OSError: No space left on device",
        ),
        ([], RuntimeError, "a process was lost (torchrun ended with 1)"),
    ],
)
def test_the_line_is_that_of_the_process_that_failed_first(
    failures: list[Any], kind: type[Exception], line: str, shell: Callable[..., Any]
) -> None:
    with pytest.raises(kind) as caught:
        shell(FAILS.format(failures=failures))
    assert str(caught.value).startswith(line)


def test_a_result_of_the_last_time_is_not_this_ones(
    shell: Callable[..., Any], tmp_path: Path
) -> None:
    left = tmp_path / "logs/steps/pretrain.processes"
    left.mkdir(parents=True)
    (left / "result.json").write_text("{}")
    with pytest.raises(RuntimeError, match="a process was lost"):
        shell("pass")


def test_a_launcher_that_is_not_there_is_said(
    shell: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shlex, "join", lambda words: "no-such-launcher --nodes=8")
    with pytest.raises(InputError, match=r"HAVOC_TORCHRUN: .*: no-such-launcher"):
        shell("")


def test_another_number_of_processes_than_the_profiles_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each process adds its batch: another number of them is another training."""
    monkeypatch.setenv("WORLD_SIZE", "4")
    monkeypatch.setattr(launching, "_prctl", None)  # this process shall outlive its own parent
    assert launching.main("pretrain", 2, tmp_path) == 2
    said = json.loads((tmp_path / "failure-0.json").read_text())
    assert said["line"] == "HAVOC_TORCHRUN starts 4 processes, training_processes is 2"
    assert said["input"]


def make_project(folder: Path, steps: int) -> None:
    """The real stage ``pretrain`` on a few rows, in two processes."""
    ignore = shutil.ignore_patterns("__pycache__", "*.so", "phrasings")
    for name in ("havoc", "pipelines", "configs"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    for name in ("dvc.yaml", "constraints.txt", ".dvcignore", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    shutil.copy(ROOT / "requirements-serve.txt", folder)
    _edit(folder / "configs/model/havoc_nano.yaml", SHAPE)
    _edit(
        folder / "configs/training/smoke_training.yaml",
        {"checkpoint_every": 5, "log_every": 1, "num_threads": 1, "batch_size": 2, "seq_len": 16,
         "max_steps": 100_000},
    )  # fmt: skip
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    smoke = yaml.safe_load((ROOT / "configs/pipeline/smoke.yaml").read_text())
    params |= {**smoke, "profile": "smoke", "training_processes": 2}
    params |= {"pretrain_steps": steps, "bits_per_byte_bar": 30}
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    make_shards(folder / "artifacts/tokens/pretrain", folder / "artifacts/tokenizer")
    (folder / ".gitignore").write_text("/artifacts/\n/logs/\n/checkpoints/\n")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    command = [sys.executable, "-m", "dvc", "init", "-q"]
    subprocess.run(command, cwd=folder, check=True)


def _edit(path: Path, values: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **values}))


def environment(folder: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("HAVOC_TRACKING", "HAVOC_TORCHRUN")}
    return kept | {
        "PYTHONPATH": str(folder),
        "MLFLOW_TRACKING_URI": f"sqlite:///{folder}/mlflow.db",
        "HAVOC_SYSTEM_METRICS": "off",
        "HAVOC_NATIVE": "off",
        "OMP_NUM_THREADS": "1",
    }


def report_of(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "artifacts/reports/pretrain.json").read_text()))


def losses_in_mlflow(folder: Path) -> list[int]:
    import sqlite3

    connection = sqlite3.connect(folder / "mlflow.db")
    found = connection.execute("SELECT step FROM metrics WHERE key = 'loss' ORDER BY step")
    steps = [step for (step,) in found]
    connection.close()
    return steps


@SLOW
def test_the_asset_trains_in_two_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_project(tmp_path, steps=12)
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("HAVOC_TRACKING", "HAVOC_TORCHRUN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    with dg.DagsterInstance.ephemeral() as instance:
        run = (
            fresh_definitions()
            .resolve_job_def("pipeline")
            .execute_in_process(instance=instance, asset_selection=[dg.AssetKey("pretrain")])
        )
    assert run.success
    assert {c.check_name for c in run.get_asset_check_evaluations() if c.passed} == {
        "dvc_in_sync", "base_loss_fell", "base_under_the_bar",
    }  # fmt: skip
    report = report_of(tmp_path)
    assert (report["processes"], report["steps"]) == (2, 12)
    # each of the two adds its batch
    training = yaml.safe_load((tmp_path / "configs/training/smoke_training.yaml").read_text())
    assert report["tokens"] == 12 * 2 * 2 * 16 * training["gradient_accumulation_steps"]
    assert "2 processes" in (tmp_path / "logs/pretrain/train.log").read_text()
    assert (tmp_path / "checkpoints/pretrain/checkpoint_step_12/shards/.metadata").exists()
    assert losses_in_mlflow(tmp_path) == list(range(1, 13))
    from havoc.model import load_model

    saved = load_model(tmp_path / "checkpoints/pretrain/checkpoint_step_12").state_dict()
    final = load_model(tmp_path / "artifacts/model/base").state_dict()
    assert all((saved[name] == weight).all() for name, weight in final.items())


@SLOW
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["told", "killed"])
def test_stopped_in_the_middle_it_goes_on_and_leaves_no_process(
    number: signal.Signals, tmp_path: Path
) -> None:
    make_project(tmp_path, steps=120)
    command = [sys.executable, "-m", "pipelines.steps", "pretrain"]
    place = {"cwd": tmp_path, "env": environment(tmp_path), "text": True}
    step = subprocess.Popen(command, **place, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # type: ignore[call-overload]
    wait_for(lambda: any((tmp_path / "checkpoints/pretrain").glob("checkpoint_step_*")), step)
    step.send_signal(number)
    _, said = step.communicate(timeout=900)
    if number == signal.SIGTERM:
        assert step.returncode == 130
        assert said.strip() == "pretrain: stopped; its checkpoint is kept, run it again to go on"
    wait_for(lambda: not processes_of(tmp_path))

    params = yaml.safe_load((tmp_path / "params.yaml").read_text())
    stopped_at = max(
        int(p.name.rpartition("_")[2])
        for p in (tmp_path / "checkpoints/pretrain").glob("checkpoint_step_*")
    )
    assert 5 <= stopped_at < params["pretrain_steps"]
    again = subprocess.run(command, **place, capture_output=True)  # type: ignore[call-overload]
    assert again.returncode == 0, again.stderr
    log = (tmp_path / "logs/pretrain/train.log").read_text()
    assert f"resumed from step {stopped_at}" in log
    assert losses_in_mlflow(tmp_path) == list(range(1, 121))


def wait_for(done: Callable[[], bool], process: subprocess.Popen[str] | None = None) -> None:
    until = time.monotonic() + 900
    while not done():
        assert process is None or process.poll() is None, process.communicate()
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)


def processes_of(folder: Path) -> list[int]:
    """The processes of this user whose working folder is the project."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if (path / "cwd").resolve() == folder.resolve() and (path / "cmdline").read_bytes():
                found.append(int(path.name))
        except OSError:
            continue
    return found
