"""What a stage names as its code is what it runs: no less, lest a change is missed; no more, lest it trains again."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
# Where each step's work begins; what these import, and what that imports, is what the step runs.
ENTRY = {
    "corpus": ("havoc.corpus.build",),
    "curriculum": ("havoc.curriculum.build",),
    "tokenizer": ("pipelines.text", "havoc.tools"),
    "tokens": ("pipelines.text",),
    "pair_tokens": ("pipelines.text",),
    "pretrain": ("pipelines.training",),
    "finetune": ("pipelines.training",),
    "rag_index": ("havoc.corpus.build", "havoc.rag.index"),
    "evaluate": ("pipelines.evaluation",),
    "bento": ("pipelines.packaging", "havoc.serving.bento"),
}
# These decide nothing of what a step writes: messages, places, what is told to MLflow and how a step is run; the
# values of havoc.config come from the YAML files, which are dependencies and hold every value.
NO_EFFECT = (
    "havoc.config",
    "havoc.errors",
    "havoc.options",
    "havoc.provenance",
    "havoc.seal",
    "havoc.registry",
    "havoc.tracking",
    "havoc.training.journal",
    "havoc.training.profiling",
    "havoc.training.progress",
    "pipelines.checks",
    "pipelines.figures",
    "pipelines.models",
    "pipelines.places",
    "pipelines.profile",
    "pipelines.provenance",
    "pipelines.traces",
)
# Imported with a module that is run, but never called by these steps.
NOT_RUN = {
    "tokenizer": ("pipelines.pairs",),
    "tokens": ("havoc.dsl", "havoc.tools", "pipelines.pairs"),
    "pair_tokens": ("havoc.dsl", "havoc.tools"),
    "pretrain": ("havoc.corpus.", "havoc.model.cache", "havoc.tokenizer.training"),
    "finetune": ("havoc.corpus.", "havoc.model.cache", "havoc.tokenizer.training"),
    "evaluate": ("havoc.serving", "havoc.training", "pipelines.training"),
}
# ... apart from these, which they do call.
RUN_AFTER_ALL = {
    "pretrain": ("havoc.corpus.loader", "havoc.corpus.tokens", "havoc.corpus.packing"),
    "finetune": ("havoc.corpus.loader", "havoc.corpus.tokens", "havoc.corpus.packing"),
    "evaluate": ("havoc.serving.runtime",),
}

MODULES = {
    ".".join(parts[:-1] if parts[-1] == "__init__" else parts): path
    for top in ("havoc", "pipelines")
    for path in (ROOT / top).rglob("*.py")
    for parts in [path.relative_to(ROOT).with_suffix("").parts]
}


@cache
def stages() -> dict:
    return yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]


def code_of(stage: str) -> list[str]:
    return [d for d in stages()[stage]["deps"] if d.startswith(("havoc", "pipelines"))]


@cache
def imported(module: str) -> frozenset[str]:
    """Modules of ours that a module names in an import, wherever it stands."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join(
                [*(above if node.level else []), *([node.module] if node.module else [])]
            )
            names = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        found.update(known(names))
    return frozenset(found)


def known(names: list[str]) -> Iterator[str]:
    for name in names:
        for candidate in (name, name.rpartition(".")[0]):
            if candidate in MODULES:
                yield candidate
                break


@cache
def run_by(stage: str) -> frozenset[str]:
    """The modules that a step runs and that may change what it writes."""

    def passed_over(module: str) -> bool:
        if module.startswith(RUN_AFTER_ALL.get(stage, ("-",))):
            return False
        return module.startswith((*NO_EFFECT, *NOT_RUN.get(stage, ())))

    seen: set[str] = set()
    todo = list(ENTRY[stage])
    while todo:
        module = todo.pop()
        if module in seen or (passed_over(module) and module not in ENTRY[stage]):
            continue
        seen.add(module)
        todo += imported(module)
    return frozenset(
        m for m in seen if MODULES[m].stat().st_size > 400 or "__init__" not in str(MODULES[m])
    )


def path_of(module: str) -> str:
    return MODULES[module].relative_to(ROOT).as_posix()


def covered(path: str, dependency: str) -> bool:
    return path == dependency or path.startswith(dependency + "/")


@pytest.mark.parametrize("stage", ENTRY)
def test_every_module_that_a_step_runs_is_a_dependency(stage: str) -> None:
    missing = [
        path_of(m)
        for m in sorted(run_by(stage))
        if not any(covered(path_of(m), d) for d in code_of(stage))
    ]
    assert not missing, f"dvc.yaml, {stage}: add {', '.join(missing)} to deps"


@pytest.mark.parametrize("stage", ENTRY)
def test_every_dependency_on_code_is_run(stage: str) -> None:
    paths = {path_of(m) for m in run_by(stage)} | {"havoc/registry.py", "pipelines/models.py"}
    idle = [d for d in code_of(stage) if not any(covered(p, d) for p in paths)]
    assert not idle, f"dvc.yaml, {stage}: {', '.join(idle)} would make it stale for nothing"


@pytest.mark.parametrize("stage", ["pretrain", "finetune"])
def test_training_names_single_modules(stage: str) -> None:
    assert all(d.endswith(".py") for d in code_of(stage)), "a whole package trains too often"


@pytest.mark.parametrize("stage", ENTRY)
def test_every_configuration_that_a_step_reads_is_a_dependency(stage: str) -> None:
    """``settings.data`` in the code of a step means configs/data/... in its stage."""
    kinds = {"data", "model", "pretrain", "finetune", "inference", "rag", "srs", "tools"}
    read = settings_read(stage) & kinds
    named = {dep.split("${")[1].split("}")[0] for dep in stages()[stage]["deps"] if "${" in dep}
    assert read <= named, f"dvc.yaml, {stage}: configurations {read - named} are missing"


def settings_read(stage: str) -> set[str]:
    """Names X of ``settings.X`` in the function of a step and in the function of pipelines that it calls."""
    functions = {}
    for module in ("steps", "text", "launching", "training", "evaluation", "packaging"):
        for node in ast.parse((ROOT / "pipelines" / f"{module}.py").read_text()).body:
            if isinstance(node, ast.FunctionDef):
                functions[node.name] = node
    seen: set[str] = set()
    todo, found = [stage], set()
    while todo:
        name = todo.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        for node in ast.walk(functions[name]):
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "settings":
                found.add(node.attr)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                todo.append(node.func.id)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "getattr":
                found.add(stage)
    # train_model serves both stages: the model's shape and the weights of domains are the base's alone
    return found - ({"model", "data"} if stage == "finetune" else set())


def test_no_stage_depends_on_compiled_code() -> None:
    assert "__pycache__/" in (ROOT / ".dvcignore").read_text().splitlines()


def test_a_copy_of_the_figures_stands_in_metrics_and_the_report_in_outs() -> None:
    for name, stage in stages().items():
        assert stage["metrics"] == [f"artifacts/metrics/{name}.json"]
        assert f"artifacts/reports/{name}.json" in stage["outs"]
