"""Dagster and DVC are one truth: the same steps, the same edges, the same parameters."""

from __future__ import annotations

import shutil
from pathlib import Path

import dagster as dg
import pytest
import yaml

from pipelines.definitions import defs
from pipelines.dvc_stage import graph
from pipelines.profile import params_of
from pipelines.steps import STEPS, main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _at_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return defs()


def test_assets_and_edges_are_the_stages_of_dvc_yaml(definitions: dg.Definitions) -> None:
    assets = definitions.resolve_asset_graph()
    edges = {
        key.to_user_string(): {p.to_user_string() for p in assets.get(key).parent_keys} - {"data"}
        for key in assets.materializable_asset_keys
        if key.to_user_string() != "raw_text"  # reads data/ domain by domain, writes nothing
    }
    assert edges == graph()


def test_every_stage_is_a_step_and_runs_the_same_command() -> None:
    stages = yaml.safe_load(Path("dvc.yaml").read_text())["stages"]
    assert set(stages) == set(STEPS) - {"data"}
    for name, stage in stages.items():
        assert stage["cmd"] == f"python -m pipelines.steps {name}"


def test_params_are_those_of_the_active_profile() -> None:
    params = yaml.safe_load(Path("params.yaml").read_text())
    assert params == params_of(params["profile"])


def test_named_dependencies_exist() -> None:
    params = yaml.safe_load(Path("params.yaml").read_text())
    for name, stage in yaml.safe_load(Path("dvc.yaml").read_text())["stages"].items():
        for dep in stage["deps"]:
            for key, value in params.items():
                dep = dep.replace("${" + key + "}", str(value))
            if not dep.startswith(("artifacts", "data")):
                assert Path(dep).exists(), (name, dep)


def test_string_selections_parse(definitions: dg.Definitions) -> None:
    """DVC's pin of antlr4 breaks every selection string unless three packages are pinned (pyproject.toml)."""
    assets = definitions.resolve_asset_graph()
    every = dg.AssetSelection.from_string("*").resolve(assets)
    assert {k.to_user_string() for k in every} >= set(graph())
    grouped = dg.AssetSelection.from_string("group:model").resolve(assets)
    assert {k.to_user_string() for k in grouped} == {"pretrain", "finetune", "evaluate", "bento"}


def test_the_pipeline_job_holds_every_asset(definitions: dg.Definitions) -> None:
    job = definitions.resolve_job_def("pipeline")
    assert {k.to_user_string() for k in job.asset_layer.selected_asset_keys} == set(graph())


def test_an_unknown_step_is_refused_with_the_nearest_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["tokeniser"]) == 2
    assert "did you mean 'tokenizer'" in capsys.readouterr().err


def test_a_step_without_its_input_says_which_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy("params.yaml", tmp_path)
    monkeypatch.setenv("HAVOC_CONFIGS", str(ROOT / "configs"))
    monkeypatch.chdir(tmp_path)
    assert main(["corpus"]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
