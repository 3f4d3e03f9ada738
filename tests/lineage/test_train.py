"""``havoc train`` by hand: its run says what it was made of, and ``havoc trace`` follows it to the commit."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

import pytest
import yaml
from tiny_model import SENTENCES, make_shards

from havoc import cli, provenance
from havoc.corpus.tokens import TokenSet
from havoc.lineage import trace
from havoc.model.directory import read_description
from havoc.tokenizer import Tokenizer

pytest.importorskip("mlflow")
PINS = "numpy==2.0\n"
DATA = "0123456789abcdef0123456789abcdef.dir"
RECIPE = {
    "model.d_model": 16, "model.num_layers": 1, "model.num_heads": 2, "model.num_kv_heads": 1,
    "model.head_dim": 8, "model.mlp_hidden_dim": 16, "model.max_seq_len": 16,
    "training.batch_size": 2, "training.gradient_accumulation_steps": 1, "training.max_steps": 2,
    "training.warmup_steps": 1, "training.use_amp": "false", "training.device": "cpu",
    "training.max_seconds": 1000, "training.seq_len": 16, "training.optimizer": "adamw",
    "training.eval_every": 0, "training.compile": "false",
}  # fmt: skip


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A committed project with token shards; the commit."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HAVOC_TRACKING", raising=False)
    monkeypatch.setenv("HAVOC_SYSTEM_METRICS", "off")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    monkeypatch.setattr(provenance, "ROOT", tmp_path)
    (tmp_path / "constraints.txt").write_text(PINS)
    (tmp_path / "data.dvc").write_text(yaml.safe_dump({"outs": [{"md5": DATA, "path": "data"}]}))
    make_shards(tmp_path / "artifacts/tokens/pretrain", tmp_path / "artifacts/tokenizer")
    git("init", "-q")
    git("add", "constraints.txt", "data.dvc")
    git("commit", "-qm", "What the model is of")
    return git("rev-parse", "HEAD").strip()


def git(*arguments: str) -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    return subprocess.run(
        ["git", *who, *arguments], capture_output=True, text=True, check=True
    ).stdout


def train(*words: object, **changes: object) -> str:
    """Train by the command; the id of its run, as the finished model names it."""
    options = [x for k, v in {**RECIPE, **changes}.items() for x in (f"--{k}", v)]
    assert cli._status([str(w) for w in ("train", *words, *options)]) == 0
    output = Path(
        str(words[words.index("--output") + 1]) if "--output" in words else "checkpoints/run"
    )
    return str(read_description(output / "model")["about"]["mlflow_run"])


def test_the_finished_model_lies_with_its_run(
    checkout: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from havoc.registry import Registry
    from havoc.training import run as training_run

    client = Registry().client
    run_id = train()
    kept = {f.path: f.file_size for f in client.list_artifacts(run_id, "model")}
    model = Path("checkpoints/run/model")
    assert kept == {f"model/{f.name}": f.stat().st_size for f in model.iterdir()}
    monkeypatch.setattr(training_run, "MOST_KEPT", 10)
    large = train("--output", "large")
    assert client.list_artifacts(large) == []
    assert client.get_run(large).data.tags["model"] == str(Path("large/model").resolve())


def test_a_run_names_data_tokens_commit_recipe_and_environment(
    checkout: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from havoc.registry import Registry

    run_id = train()
    run = Registry().client.get_run(run_id)
    tokens = TokenSet(Path("artifacts/tokens/pretrain")).fingerprint
    tokenizer = Tokenizer.load(Path("artifacts/tokenizer")).sha256
    tags = {k: run.data.tags[k] for k in ("git", "data", "environment", "stage")}
    assert tags == {
        "git": checkout,
        "data": DATA,
        "environment": hashlib.sha256(PINS.encode()).hexdigest()[:16],
        "stage": "train",
    }
    assert (run.data.tags["train.tokens"], run.data.tags["train.tokenizer"]) == (tokens, tokenizer)
    assert run.data.params["lineage.config"] == run.data.tags["config"]
    assert run.data.params["training.max_steps"] == "2"
    assert [d.dataset.digest for d in run.inputs.dataset_inputs] == [tokens[:36]]

    capsys.readouterr()
    assert cli._status(["trace", run_id]) == 0
    shown = capsys.readouterr().out
    for value in (run_id, tokens, DATA, checkout, tags["environment"], run.data.tags["config"]):
        assert value in shown
    states = {link.kind: link.state for link in trace(run_id).links}
    verified = ("MLflow run", "tokens", "data", "git commit", "environment")
    assert {k: states[k] for k in verified} == dict.fromkeys(verified, "verified")
    folder = {link.kind: link.value for link in trace("checkpoints/run/model").links}
    assert (folder["MLflow run"], folder["git commit"]) == (run_id, checkout)


def test_another_recipe_and_a_start_from_a_model_are_told(checkout: str) -> None:
    from havoc.registry import Registry

    first = train()
    second = train("--init", "checkpoints/run/model", "--output", "checkpoints/next")
    third = train("--output", "checkpoints/third", **{"training.learning_rate": 0.001})
    runs = [Registry().client.get_run(r).data.tags for r in (first, second, third)]
    assert runs[1]["train.base_run"] == first
    assert runs[0]["config"] == runs[1]["config"] != runs[2]["config"]
    found = [link.value for link in trace(second).links if link.kind == "MLflow run"]
    assert found == [second, first]


def test_shards_of_another_place_do_not_get_the_hash_of_this_projects_data(
    checkout: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from havoc.registry import Registry

    elsewhere = tmp_path_factory.mktemp("elsewhere")
    make_shards(elsewhere / "tokens", elsewhere / "tokenizer", SENTENCES[:30])
    run_id = train("--tokens", elsewhere / "tokens", "--tokenizer", elsewhere / "tokenizer")
    tags = Registry().client.get_run(run_id).data.tags
    assert tags["data"] == "unknown"
    assert tags["train.tokens"] == TokenSet(elsewhere / "tokens").fingerprint
    states = {link.kind: link.state for link in trace(run_id).links}
    assert (states["tokens"], states["data"]) == ("recorded", "missing")


def test_code_that_no_commit_has_is_marked(checkout: str) -> None:
    Path("havoc").mkdir()
    Path("havoc/module.py").write_text("x = 1\n")
    git("add", "havoc")
    git("commit", "-qm", "Code")
    Path("havoc/module.py").write_text("x = 2\n")
    run_id = train()
    [commit] = [link for link in trace(run_id).links if link.kind == "git commit"]
    assert commit.value.endswith("-dirty")
    assert commit.state == "missing"
    assert json.loads(json.dumps(trace(run_id).to_json()))["complete"] is False


def test_what_is_told_later_does_not_replace_what_a_run_was_opened_with(checkout: str) -> None:
    """The trainer's facts have a ``data`` of their own: the fingerprint of the shards."""
    from havoc.tracking import open_run

    folder = Path("runs/one")
    for _ in range(2):  # opened, and continued
        with open_run("finetune", folder, tags={"data": DATA}) as run:
            run.set_tags({"data": "a fingerprint", "code": "1"})
    tags = run.client.get_run(run.run_id).data.tags
    assert (tags["data"], tags["code"]) == (DATA, "1")
