"""``havoc trace``: the chain from an answer to the commit, on a real repository, registry and model folder."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tiny_model import SHAPE

from havoc.config import HavocConfig
from havoc.dsl.executor import run_text
from havoc.errors import InputError
from havoc.lineage import Chain, trace
from havoc.model import HavocModel, save_model
from havoc.seal import seal

pytest.importorskip("mlflow")
PINS = "numpy==2.0\n"
DATA = "0123456789abcdef0123456789abcdef.dir"
PROGRAM = "t = stats.t_test_one(x=[5.1, 4.9, 5.0, 5.2], target=5)\n"


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A committed repository with a model that was trained, evaluated, registered and packaged from it."""
    from havoc.registry import Registry
    from havoc.tracking import open_run

    root = tmp_path_factory.mktemp("plant")
    patch = pytest.MonkeyPatch()
    patch.chdir(root)
    patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{root}/mlflow.db")
    patch.setenv("BENTOML_HOME", str(root / "bentoml"))
    patch.setenv("HAVOC_SYSTEM_METRICS", "off")
    (root / "constraints.txt").write_text(PINS)
    (root / "data.dvc").write_text(yaml.safe_dump({"outs": [{"md5": DATA, "path": "data"}]}))
    commit = _commit(root)
    environment = hashlib.sha256(PINS.encode()).hexdigest()[:16]
    tags = {"git": commit, "data": DATA, "environment": environment}
    with open_run("finetune", tags=tags) as run:
        pass
    folder = root / "artifacts/model/instruct"
    config = HavocConfig(vocab_size=260, **SHAPE)  # type: ignore[arg-type]
    model = HavocModel.from_config(config)
    save_model(folder, config, model.state_dict(), {"mlflow_run": run.run_id, **tags})
    weights = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    lock = {
        "stages": {"finetune": {"outs": [{"path": "artifacts/model/instruct", "md5": "aa.dir"}]}}
    }
    (root / "dvc.lock").write_text(yaml.safe_dump(lock))
    registry = Registry("havoc")
    registry.ensure()
    with open_run("evaluate", tags={**tags, "evaluate.model_run": run.run_id}) as evaluation:
        pass
    made = registry.client.create_model_version("havoc", folder.as_uri(), evaluation.run_id)
    for key, value in {"weights": weights, "dvc.model/instruct": "aa.dir"}.items():
        registry.client.set_model_version_tag("havoc", made.version, key, value)
    registry.decide(int(made.version), {}, "r")
    _bento(root, folder, {"mlflow_run": run.run_id, **tags})
    patch.undo()
    return {"root": str(root), "run": run.run_id, "weights": weights, "commit": commit}


def _commit(root: Path) -> str:
    def git(*arguments: str) -> str:
        named = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        command = ["git", *named, *arguments]
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout

    git("init", "-q")
    git("add", "constraints.txt", "data.dvc")
    git("commit", "-q", "-m", "What the model is of")
    return git("rev-parse", "HEAD").strip()


def _bento(root: Path, model: Path, labels: dict[str, str]) -> None:
    """What BentoML keeps of a bento and its model: two folders and a description."""
    entry = root / "bentoml/models/havoc_lm/v1/model"
    entry.mkdir(parents=True)
    (entry / "model.safetensors").write_bytes((model / "model.safetensors").read_bytes())
    folder = root / "bentoml/bentos/havoc/b1"
    folder.mkdir(parents=True)
    described = {
        "name": "havoc",
        "version": "b1",
        "labels": labels,
        "models": [{"tag": "havoc_lm:v1"}],
        "creation_time": "2026-01-01T00:00:00",
    }
    (folder / "bento.yaml").write_text(yaml.safe_dump(described))
    (folder.parent / "latest").write_text("b1")


@pytest.fixture(autouse=True)
def _there(plant: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    root = plant["root"]
    monkeypatch.chdir(root)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{root}/mlflow.db")
    monkeypatch.setenv("BENTOML_HOME", f"{root}/bentoml")


def answer(
    plant: dict[str, str], folder: Path, change: Callable[[dict], None] | None = None
) -> Path:
    document: dict[str, Any] = {
        "status": "answered",
        "answer": "",
        **run_text(PROGRAM).to_json(),
        "provenance": {
            "model": f"havoc-instruct@{plant['weights'][:12]}",
            "mlflow_run": plant["run"],
            "git": plant["commit"],
            "data": DATA,
            "index": "none",
        },
    }
    document = seal(document, "is it 5?")
    if change:
        change(document)
    path = folder / "answer.json"
    path.write_text(json.dumps(document))
    return path


def states(chain: Chain) -> dict[str, str]:
    return {link.kind: link.state for link in chain.links}


def test_an_answer_is_followed_to_version_runs_artifacts_data_commit_and_environment(
    plant: dict[str, str], tmp_path: Path
) -> None:
    chain = trace(str(answer(plant, tmp_path)))
    assert states(chain) == {
        "answer": "verified",
        "model version": "verified",
        "MLflow run": "verified",
        "weights": "verified",
        "artifact model/instruct": "verified",
        "data": "verified",
        "git commit": "verified",
        "environment": "verified",
    }
    assert chain.complete
    runs = [link.detail for link in chain.links if link.kind == "MLflow run"]
    assert runs == ["finetune, finished", "evaluate, finished"]
    [version] = [link for link in chain.links if link.kind == "model version"]
    assert "champion" in version.detail


def test_a_bento_a_run_a_version_and_a_folder_lead_to_the_same_commit(
    plant: dict[str, str],
) -> None:
    sources = ["havoc:b1", "havoc:latest", plant["run"], "models:/havoc@champion"]
    for source in [*sources, "models:/havoc/1", "artifacts/model/instruct"]:
        chain = trace(source)
        [commit] = [link for link in chain.links if link.kind == "git commit"]
        assert (commit.value, commit.state) == (plant["commit"], "verified"), source


def test_an_archive_of_a_bento_is_read_without_unpacking_it(plant: dict[str, str]) -> None:
    with tarfile.open("moved.bento", "w:gz") as archive:
        archive.add("bentoml/bentos/havoc/b1/bento.yaml", "bento.yaml")
    chain = trace("moved.bento")
    assert states(chain)["git commit"] == "verified"


def test_a_changed_answer_breaks_the_chain_at_the_answer(
    plant: dict[str, str], tmp_path: Path
) -> None:
    def change(document: dict[str, Any]) -> None:
        document["results"][0]["values"]["p_value"] = 0.04

    chain = trace(str(answer(plant, tmp_path, change)))
    assert [link.kind for link in chain.broken] == ["answer"]


def test_a_run_that_says_other_data_breaks_the_chain_there(
    plant: dict[str, str], tmp_path: Path
) -> None:
    def change(document: dict[str, Any]) -> None:
        document["provenance"]["data"] = "f" * 32 + ".dir"
        document["provenance"] = seal(document)["provenance"]

    chain = trace(str(answer(plant, tmp_path, change)))
    assert "data" in [link.kind for link in chain.broken]


def test_other_weights_in_the_bento_are_found_out(plant: dict[str, str]) -> None:
    weights = Path("bentoml/models/havoc_lm/v1/model/model.safetensors")
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    try:
        chain = trace("havoc:b1")
        assert states(chain)["model version"] == "missing"
    finally:
        weights.write_bytes(whole)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("nowhere.json", "is no file here"),
        ("havoc:unknown", "it has havoc:b1"),
        ("models:/havoc@chmpion", "did you mean 'champion'"),
        ("models:/havoc", "expected models:/NAME@ALIAS"),
    ],
)
def test_what_is_not_there_is_refused_in_one_line(source: str, told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        trace(source)
    assert "\n" not in str(caught.value)
