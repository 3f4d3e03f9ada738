"""A project with the real graph (``dvc.yaml``, ``params.yaml``) whose steps only digest what they read.

Everything that decides what is stale is real: DVC, its ledger, Dagster, the assets and the sensor. A step takes a
few hundredths of a second instead of minutes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.definitions.data_version import CachingStaleStatusResolver, StaleStatus
from dagster._core.loader import LoadingContextForTest

from pipelines import checks

ROOT = Path(__file__).resolve().parents[2]
STEP = """
import hashlib, json, pathlib, re, sys
name = sys.argv[1]
params = json.loads(pathlib.Path("params.json").read_text()) if pathlib.Path("params.json").exists() else {}
stage = json.loads(pathlib.Path("graph.json").read_text())[name]
text = pathlib.Path("params.yaml").read_text()
digest = hashlib.sha256(name.encode())
for key in stage["params"]:
    digest.update((re.search(rf"^ *{key.split('.')[-1]}: (.*)$", text, re.M) or [""])[0].encode())
for dep in stage["deps"]:
    dep = re.sub(r"\\$\\{(\\w+)\\}", lambda m: re.search(rf"^{m[1]}: (.*)$", text, re.M)[1], dep)
    path = pathlib.Path(dep)
    files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    for file in files:
        digest.update(file.read_bytes())
for out in stage["outs"]:
    path = pathlib.Path(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix:
        path.write_text("{}" if "metrics" in out or "reports" in out else "step,loss\\n0,1\\n")
    else:
        path.mkdir(exist_ok=True)
        (path / "content").write_text(digest.hexdigest())
if pathlib.Path("FAIL").exists() and pathlib.Path("FAIL").read_text() == name:
    logs = pathlib.Path("logs/steps"); logs.mkdir(parents=True, exist_ok=True)
    (logs / f"{name}.failure").write_text(f"{name}: the disk is full (0 MB free): make room and run it again\\n")
    sys.exit(1)
"""


@contextmanager
def inside(folder: Path, **environment: str) -> Iterator[Path]:
    """The project written to ``folder``, which is the working one meanwhile, without checks of its results."""
    make_project(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(checks, "CHECKS", {})  # they look into results, of which there are none here
        for name, value in environment.items():
            patch.setenv(name, value)
        yield folder


def make_project(folder: Path) -> None:
    """Write the project, its data recorded by ``data.dvc``, nothing run yet."""
    import json

    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
    text = (ROOT / "dvc.yaml").read_text()
    text = text.replace("python -m pipelines.steps", f"{sys.executable} step.py")
    (folder / "dvc.yaml").write_text(text)
    (folder / "step.py").write_text(STEP)
    for name in ("params.yaml", "constraints.txt", ".dvcignore"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "configs", folder / "configs")
    graph = {}
    for name, stage in stages.items():
        outs = [
            next(iter(o)) if isinstance(o, dict) else o
            for key in ("outs", "metrics", "plots")
            for o in stage.get(key, [])
        ]
        graph[name] = {"deps": stage["deps"], "outs": outs, "params": stage.get("params", [])}
        for dep in stage["deps"]:
            path = folder / dep
            if dep.startswith(("artifacts", "configs", "data")) or path.exists():
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix:
                path.write_text(f"# {dep}\n")
            else:
                path.mkdir(exist_ok=True)
                (path / "module.py").write_text(f"# {dep}\n")
    (folder / "graph.json").write_text(json.dumps(graph))
    for domain in ("math", "stats", "engineering", "general"):
        (folder / "data" / domain).mkdir(parents=True)
        (folder / "data" / domain / "a.txt").write_text(f"{domain}\n" * 9)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    (folder / ".gitignore").write_text("/artifacts/\n/data\n/logs/\n")
    from dvc.repo import Repo

    before = Path.cwd()
    os.chdir(folder)
    try:
        Repo.init(".").close()
        with Repo(".") as repo:
            repo.config["core"]["analytics"] = False
            repo.add("data")
    finally:
        os.chdir(before)


def fresh_definitions() -> dg.Definitions:
    """The definitions loaded anew, as a new process or Reload in the UI does."""
    for name in [
        n for n in sys.modules if n.startswith("pipelines.defs") or n == "pipelines.assets"
    ]:
        del sys.modules[name]
    from pipelines.definitions import defs

    return defs()


def stale_in_dvc() -> set[str]:
    """Stages that DVC would run: those it names, and those downstream of them."""
    from dvc.repo import Repo

    from pipelines.dvc_stage import graph

    with Repo(".") as repo:
        named = {name for name in repo.status() if not name.endswith(".dvc")}
    return set(_with_downstream(named, graph()))


def _with_downstream(names: set[str], upstream: dict[str, set[str]]) -> Iterator[str]:
    found = set(names)
    while more := {n for n, ups in upstream.items() if ups & found} - found:
        found |= more
    yield from found


def stale_in_dagster(instance: dg.DagsterInstance) -> set[str]:
    """Assets that Dagster shows as stale or missing, by definitions loaded now, and those downstream of them."""
    from pipelines.dvc_stage import graph

    resolver = CachingStaleStatusResolver(
        instance=instance,
        asset_graph=fresh_definitions().resolve_asset_graph(),
        loading_context=LoadingContextForTest(instance),
    )
    shown = {
        name
        for name in graph()
        if resolver.get_status(dg.AssetKey([name])) is not StaleStatus.FRESH
    }
    return set(_with_downstream(shown, graph()))
