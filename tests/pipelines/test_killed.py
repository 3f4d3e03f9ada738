"""Every step of a tiny pipeline killed early, midway and late: the next run ends as if it had never been stopped.

The steps are the real ones, on a model of some thousand weights. A step is killed (SIGKILL, nothing is told) at a
random moment of its work; the seed of the moments is printed, and HAVOC_KILL_SEED repeats them.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from small_project import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
SEED = int(os.environ.get("HAVOC_KILL_SEED", random.SystemRandom().randrange(10**6)))
MOMENTS = {"early": (0.02, 0.35), "midway": (0.35, 0.7), "late": (0.7, 0.99)}
STEPS = (
    "data", "corpus", "curriculum", "tokenizer", "tokens", "pair_tokens", "pretrain", "finetune",
    "rag_index", "evaluate", "bento",
)  # fmt: skip
IN_PLACE = (
    "evaluate",
    "bento",
)  # written file by file; nobody reads them before the report is there
SHAPE = {
    "d_model": 32, "num_layers": 1, "num_heads": 2, "num_kv_heads": 1, "head_dim": 16,
    "mlp_hidden_dim": 48,
}  # fmt: skip
TRAINING = {"checkpoint_every": 4, "log_every": 1, "num_threads": 1, "batch_size": 4}
PARAMS = {
    "corpus_documents": 40, "corpus_bytes": 400_000, "lessons_per_operation": 1, "pairs": 150,
    "heldout_pairs": 20, "evaluation_pairs": 3, "evaluation_batches": 1, "traced_requests": 1,
    "pretrain_steps": 18, "finetune_steps": 18, "bits_per_byte_bar": 30,
}  # fmt: skip
# What differs between two runs that nobody stopped: times, names of runs and of bentos.
CHANCE = re.compile(
    r"seconds|_per_second|latency|_ms\b|mlflow|bento|^model$|megabytes|version|p50|p95"
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The pipeline run without a stop: by step the project before it, its seconds, and what it made."""
    print(f"HAVOC_KILL_SEED={SEED}")
    folder = tmp_path_factory.mktemp("whole")
    project = folder / "project"
    _make(project)
    known: dict[str, dict[str, Any]] = {}
    for name in STEPS:
        before = folder / name
        shutil.copytree(project, before, symlinks=True)
        process = _start(project, name)
        began = time.monotonic()
        output = process.communicate()[0]
        assert process.returncode == 0, f"{name}: {output}"
        known[name] = {
            "before": before,
            "seconds": time.monotonic() - began,
            "made": made(project, name),
        }
    return known


def _make(project: Path) -> None:
    project.mkdir()
    shutil.copytree(ROOT / "configs", project / "configs")
    _edit(project / "configs/model/havoc_nano.yaml", SHAPE)
    _edit(project / "configs/training/smoke_training.yaml", TRAINING)
    text = (ROOT / "params.yaml").read_text()
    smoke = yaml.safe_load((ROOT / "configs/pipeline/smoke.yaml").read_text())
    params = {**yaml.safe_load(text), **smoke, **PARAMS, "profile": "smoke"}
    (project / "params.yaml").write_text(yaml.safe_dump(params, sort_keys=False))
    for name in ("constraints.txt", "data.dvc", "requirements-serve.txt", "bentofile.yaml"):
        shutil.copy(ROOT / name, project)
    for name in ("havoc", "pipelines", "frontend", "pyproject.toml", "README.md", "LICENSE"):
        (project / name).symlink_to(ROOT / name)
    (project / "docs").mkdir()
    (project / "docs/handbook").symlink_to(ROOT / "docs/handbook")
    requests = project / "benchmarks/requests"
    requests.mkdir(parents=True)
    for path in (ROOT / "benchmarks/requests").glob("*.jsonl"):
        (requests / path.name).write_text("".join(path.read_text().splitlines(True)[:3]))


def _edit(path: Path, values: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **values}))


def _start(project: Path, name: str) -> subprocess.Popen[str]:
    """Start a step; return once its work begins, the imports of the command behind it."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "HAVOC_CONFIGS": str(project / "configs"),
        "MLFLOW_TRACKING_URI": f"sqlite:///{project}/mlflow.db",
        "BENTOML_HOME": str(project / "bentoml"),
        "HAVOC_SYSTEM_METRICS": "off",
        "HAVOC_PIPELINE_RUN": "one",
        "OMP_NUM_THREADS": "1",
    }
    environment.pop("HAVOC_TRACKING", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines.steps", name],
        cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    return process


def made(project: Path, name: str) -> dict[str, str]:
    """Hash by path of everything that a step wrote, without what differs by chance."""
    outs = ["data"] if name == "data" else _outs(name)
    found = {}
    for out in outs:
        for path in _files(project / out):
            found[str(path.relative_to(project))] = hashlib.sha256(_essence(path)).hexdigest()
    if name == "rag_index":  # LanceDB draws the names of its files
        kept = {k: v for k, v in found.items() if "artifacts/rag/" not in k or "manifest" in k}
        return {k: v for k, v in kept.items() if not k.endswith((".manifest", ".txn"))}
    return found


def _outs(name: str) -> list[str]:
    stage = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"][name]
    entries = [e for key in ("outs", "metrics", "plots") for e in stage.get(key, [])]
    return [next(iter(e)) if isinstance(e, dict) else e for e in entries]


def _files(path: Path) -> Iterator[Path]:
    yield from sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def _essence(path: Path) -> bytes:
    if path.suffix == ".json":
        return json.dumps(_lasting(json.loads(path.read_text())), sort_keys=True).encode()
    if path.suffix == ".csv":
        return b"\n".join(b",".join(r.split(b",")[:2]) for r in path.read_bytes().split(b"\n"))
    if path.suffix == ".bento":
        return _archive(path)
    if path.suffix in (".html", ".svg", ".png", ".md"):  # the figures of the JSON beside them
        return path.name.encode()
    return path.read_bytes()


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _lasting(v) for k, v in value.items() if not CHANCE.search(k)}
    return [_lasting(v) for v in value] if isinstance(value, list) else value


def _archive(path: Path) -> bytes:
    """Code, weights and the index's rows of a bento."""
    digest = hashlib.sha256()
    with tarfile.open(path) as archive:
        for member in sorted(
            archive.getmembers(), key=lambda m: re.sub(r"[0-9a-z]{16}", "", m.name)
        ):
            if (
                member.name.endswith((".py", ".safetensors", ".yaml"))
                and "bento.yaml" not in member.name
            ):
                stream = archive.extractfile(member)
                if stream is not None and "model.yaml" not in member.name:
                    digest.update(stream.read())
    return digest.digest()


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("name", STEPS)
def test_a_killed_step_run_again_ends_as_if_it_had_not_been(
    name: str, moment: str, whole: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    known = whole[name]
    project = tmp_path / "project"
    shutil.copytree(known["before"], project, symlinks=True)
    share = random.Random(f"{SEED} {name} {moment}").uniform(*MOMENTS[moment])
    process = _start(project, name)
    time.sleep(share * known["seconds"])
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    report = project / f"artifacts/reports/{name}.json"
    if process.returncode == 0 or report.exists():  # it was quicker, or had just ended
        assert made(project, name) == known["made"]
    elif name not in IN_PLACE:
        _whole_or_absent(project, name, known["made"])

    again = _start(project, name)
    output = again.communicate()[0]
    assert again.returncode == 0, output
    assert made(project, name) == known["made"]
    assert not list((project / "artifacts").rglob("*.partial"))
    if name in ("pretrain", "finetune"):
        _each_figure_once(project, name)
    if name == "evaluate":
        _one_version(project)


def _whole_or_absent(project: Path, name: str, made_whole: dict[str, str]) -> None:
    for out in ["data"] if name == "data" else _outs(name):
        if (project / out).exists():
            for path in _files(project / out):
                key = str(path.relative_to(project))
                if key in made_whole:
                    assert hashlib.sha256(_essence(path)).hexdigest() == made_whole[key], key
            if (
                name == "data"
            ):  # a folder of the user's, filled file by file; each is whole or absent
                continue
            expected = {k for k in made_whole if k == out or k.startswith(f"{out}/")}
            here = {str(p.relative_to(project)) for p in _files(project / out)}
            assert expected <= here, f"{out} is half-written"


def _each_figure_once(project: Path, name: str) -> None:
    """The run in MLflow was continued: one run, every step's loss once."""
    import sqlite3

    connection = sqlite3.connect(project / "mlflow.db")
    runs = connection.execute(
        "SELECT run_uuid, status FROM runs WHERE name = ? ORDER BY start_time", (name,)
    ).fetchall()
    assert runs[-1][1] == "FINISHED"
    steps = connection.execute(
        "SELECT step FROM metrics WHERE run_uuid = ? AND key = 'loss' ORDER BY step", runs[-1][:1]
    ).fetchall()
    connection.close()
    assert [s for (s,) in steps] == list(range(1, PARAMS[f"{name}_steps"] + 1))


def _one_version(project: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(project / "mlflow.db")
    [(versions,)] = connection.execute("SELECT count(*) FROM model_versions").fetchall()
    aliases = connection.execute("SELECT alias FROM registered_model_aliases").fetchall()
    connection.close()
    assert versions == 1
    assert ("champion",) in aliases
