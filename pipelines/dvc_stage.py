"""Running a DVC stage in this process, and what Dagster wants to know of it.

DVC owns the graph and the record of what is current (``dvc.lock``). Both drivers go through here, so that they
always agree, whichever of them ran a step: Dagster's code version of an asset is made of the very hashes that DVC
compares, and its data version of the outputs that other stages read.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from havoc.tracking import SESSION
from pipelines import places

ROOT_DATA = "data"


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


class StageFailed(RuntimeError):
    """A step that did not succeed; the message is the one line that it gave."""

    def __init__(self, line: str, tail: str, report: Mapping[str, Any]) -> None:
        super().__init__(line)
        self.tail, self.report = tail, report


def graph(path: Path = Path("dvc.yaml")) -> dict[str, set[str]]:
    """Stage -> the stages whose outputs it reads, as ``dvc.yaml`` says."""
    stages: dict[str, Any] = yaml.safe_load(path.read_text())["stages"]
    made = {out: name for name, stage in stages.items() for out in _outs(stage)}
    return {
        name: {
            maker
            for dep in stage.get("deps", [])
            for out, maker in made.items()
            if _inside(dep, out)
        }
        for name, stage in stages.items()
    }


def ordered(upstream: Mapping[str, set[str]]) -> list[str]:
    """The stages, each after those it reads from."""
    order: list[str] = []
    while len(order) < len(upstream):
        order += [n for n, ups in upstream.items() if n not in order and ups <= set(order)]
    return order


def _outs(stage: Mapping[str, Any]) -> Iterator[str]:
    for key in ("outs", "metrics", "plots"):
        for entry in stage.get(key, []):
            yield next(iter(entry)) if isinstance(entry, dict) else str(entry)


def _inside(dep: str, out: str) -> bool:
    return dep == out or dep.startswith(out + "/") or out.startswith(dep + "/")


def read_outputs(name: str, path: Path = Path("dvc.yaml")) -> list[str]:
    """The outputs of a stage that other stages read; its first one where nobody reads any.

    Seconds and run ids stand in reports and metrics: they must not make anything stale that does not read them.
    """
    stages: dict[str, Any] = yaml.safe_load(path.read_text())["stages"]
    deps = [d for stage in stages.values() for d in stage.get("deps", [])]
    outs = list(_outs(stages[name]))
    return [out for out in outs if any(_inside(d, out) for d in deps)] or outs[:1]


def run_stage(name: str, force: bool = False, session: str = "") -> StageRun:
    """Bring one stage up to date through DVC's API (only this stage: its inputs are taken as they are).

    Raises
    ------
    StageFailed
        With the one line that the step gave.
    """
    from dvc.exceptions import DvcException
    from dvc.repo import Repo

    with _environment(session):
        try:
            with Repo(".") as repo:
                ran = repo.reproduce(targets=[name], single_item=True, force=force)
        except DvcException as error:
            raise _failure(name, error) from error
    return stage_state(name, ran=bool(ran))


@contextmanager
def _environment(session: str) -> Iterator[None]:
    """The step's python is this one, whatever PATH says, and its runs in MLflow belong to this session."""
    before = {key: os.environ.get(key) for key in ("PATH", SESSION)}
    folder = str(Path(sys.executable).parent)
    if folder not in os.environ.get("PATH", "").split(os.pathsep)[:1]:
        os.environ["PATH"] = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"
    if session:
        os.environ[SESSION] = session
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value


def _failure(name: str, error: Exception) -> StageFailed:
    """What the step said of its failure, else what DVC says."""
    said, log = places.STEP_LOGS / f"{name}.failure", places.STEP_LOGS / f"{name}.log"
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    line = said.read_text().strip() if said.exists() else f"{name}: {cause}"
    if "exited with" not in str(cause):  # it was not the step that failed: DVC itself refused
        line = f"{name}: {' '.join(str(cause).split())}"
    tail = "\n".join(log.read_text().splitlines()[-30:]) if log.exists() else ""
    return StageFailed(line, tail, _report(name))


def _report(name: str) -> dict[str, Any]:
    path = places.REPORTS / f"{name}.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}


def stage_state(name: str, ran: bool = False) -> StageRun:
    """What DVC records of a stage now."""
    from dvc.repo import Repo

    with Repo(".") as repo:
        in_sync = not repo.status(targets=[name])
    lock = lock_of(name)
    outputs = {o["path"]: str(o["md5"]) for o in lock.get("outs", [])}
    read = read_outputs(name)
    version = _digest({path: outputs[path] for path in read if path in outputs}) if outputs else ""
    return StageRun(
        name, ran, in_sync, recorded_code_version(lock), version, outputs, _report(name)
    )


def lock_of(name: str) -> dict[str, Any]:
    """The entry of a stage in ``dvc.lock``; empty before its first run."""
    path = Path("dvc.lock")
    stages = (yaml.safe_load(path.read_text()) or {}).get("stages", {}) if path.exists() else {}
    return dict(stages.get(name, {}))


def recorded_code_version(lock: Mapping[str, Any]) -> str:
    """A digest of the command, the parameters and the code that a stage was last run with."""
    if not lock:
        return ""
    code = {d["path"]: str(d["md5"]) for d in lock.get("deps", []) if _is_code(d["path"])}
    params = {k: v for values in lock.get("params", {}).values() for k, v in values.items()}
    return _digest({"cmd": lock.get("cmd", ""), "params": params, "code": code})


def current_code_versions() -> dict[str, str]:
    """For each stage, the same digest of command, parameters and code as they are now, by DVC's own hashes."""
    from dvc.dependency.param import ParamsDependency
    from dvc.repo import Repo

    versions = {}
    with Repo(".") as repo:
        for stage in repo.index.stages:
            if not getattr(stage, "name", None):
                continue
            params: dict[str, Any] = {}
            code: dict[str, str] = {}
            for dep in stage.deps:
                if isinstance(dep, ParamsDependency):
                    params.update(dep.read_params())
                elif _is_code(dep.def_path):
                    code[dep.def_path] = str(dep.get_hash().value) if dep.exists else "missing"
            versions[stage.name] = _digest({"cmd": stage.cmd, "params": params, "code": code})
    return versions


def _is_code(path: str) -> bool:
    return path != ROOT_DATA and not path.startswith((f"{places.ARTIFACTS}/", f"{ROOT_DATA}/"))


def _digest(value: Mapping[str, Any]) -> str:
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def data_status() -> tuple[str, bool]:
    """The hash of ``data/`` as it is, and whether it is what ``data.dvc`` records (works without any cache)."""
    from dvc.repo import Repo

    with Repo(".") as repo:
        stage = next(s for s in repo.index.stages if s.path_in_repo == "data.dvc")
        out = stage.outs[0]
        if not Path(ROOT_DATA).exists():
            return "missing", False
        same = not out.changed_checksum()
        return str(out.get_hash().value), same
