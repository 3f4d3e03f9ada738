"""Running a DVC stage in this process, and what Dagster wants to know of it.

DVC owns the graph and the record of what is current (``dvc.lock``). Both drivers go through here, so that they
always agree, whichever of them ran a step.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines import places


@dataclass(frozen=True)
class StageRun:
    """What became of one stage."""

    name: str
    ran: bool
    in_sync: bool
    code_version: str
    data_version: str
    outputs: Mapping[str, str]
    report: Mapping[str, Any]


def graph(path: Path = Path("dvc.yaml")) -> dict[str, set[str]]:
    """Stage -> the stages whose outputs it reads, as ``dvc.yaml`` says."""
    stages: dict[str, Any] = yaml.safe_load(path.read_text())["stages"]
    made = {
        _path(o): name
        for name, s in stages.items()
        for key in ("outs", "metrics")
        for o in s.get(key, [])
    }
    found: dict[str, set[str]] = {}
    for name, stage in stages.items():
        found[name] = {
            maker
            for dep in stage.get("deps", [])
            for out, maker in made.items()
            if _inside(dep, out)
        }
    return found


def _path(entry: Any) -> str:
    return next(iter(entry)) if isinstance(entry, dict) else str(entry)


def _inside(dep: str, out: str) -> bool:
    return dep == out or dep.startswith(out + "/") or out.startswith(dep + "/")


def run_stage(name: str, force: bool = False) -> StageRun:
    """Bring one stage up to date through DVC's API (only this stage: its inputs are taken as they are)."""
    from dvc.repo import Repo

    with Repo(".") as repo:
        ran = repo.reproduce(targets=[name], single_item=True, force=force)
    return stage_state(name, ran=bool(ran))


def stage_state(name: str, ran: bool = False) -> StageRun:
    """What DVC records of a stage now."""
    from dvc.repo import Repo

    with Repo(".") as repo:
        in_sync = not repo.status(targets=[name])
    lock = (
        yaml.safe_load(Path("dvc.lock").read_text())["stages"].get(name, {})
        if Path("dvc.lock").exists()
        else {}
    )
    outputs = {
        o["path"]: str(o["md5"])
        for o in lock.get("outs", [])
        if not o["path"].startswith("artifacts/metrics")
    }
    report_path = places.METRICS / f"{name}.json"
    report = json.loads(report_path.read_text()) if report_path.exists() else {}
    return StageRun(name, ran, in_sync, _code_version(lock), _digest(outputs), outputs, report)


def _code_version(lock: Mapping[str, Any]) -> str:
    """A digest of the command, the parameters and the code that a stage was last run with."""
    code = {
        d["path"]: d["md5"]
        for d in lock.get("deps", [])
        if not d["path"].startswith(("artifacts", "data"))
    }
    return _digest({"cmd": lock.get("cmd", ""), "params": lock.get("params", {}), "code": code})


def current_code_version(name: str) -> str:
    """A digest of the command, parameters and code as they are now, cheap enough for loading definitions."""
    stage = yaml.safe_load(Path("dvc.yaml").read_text())["stages"][name]
    params = yaml.safe_load(Path("params.yaml").read_text())
    digest = hashlib.md5(stage["cmd"].encode(), usedforsecurity=False)
    digest.update(
        json.dumps({k: params.get(k) for k in stage.get("params", [])}, sort_keys=True).encode()
    )
    for dep in stage.get("deps", []):
        for key, value in params.items():
            dep = dep.replace("${" + key + "}", str(value))
        path = Path(dep)
        if dep.startswith(("artifacts", "data")) or not path.exists():
            continue
        files = (
            [path]
            if path.is_file()
            else sorted(p for p in path.rglob("*") if p.suffix in (".py", ".yaml", ".jsonl"))
        )
        for file in files:
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _digest(value: Mapping[str, Any]) -> str:
    return hashlib.md5(
        json.dumps(value, sort_keys=True).encode(), usedforsecurity=False
    ).hexdigest()


def data_status() -> tuple[str, bool]:
    """The hash of ``data/`` as it is, and whether it is what ``data.dvc`` records (works without any cache)."""
    from dvc.repo import Repo

    with Repo(".") as repo:
        stage = next(s for s in repo.index.stages if s.path_in_repo == "data.dvc")
        out = stage.outs[0]
        if not Path("data").exists():
            return "missing", False
        same = not out.changed_checksum()
        return str(out.get_hash().value), same
