"""Which code, data and environment a result is of: git, DVC hashes, versions."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import yaml

import havoc
from havoc.tracking import SESSION
from pipelines import places


def git_commit() -> str:
    """The commit, with ``-dirty`` where tracked files differ from it; "unknown" outside a checkout."""
    try:
        commit = subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        ).stdout.strip()
        changed = subprocess.run(
            ["git", "status", "--porcelain", "--untracked-files=no", "--", "havoc", "pipelines", "configs"],
            capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return commit + ("-dirty" if changed else "")


def data_hash() -> str:
    """DVC's hash of ``data/``, as ``data.dvc`` records it."""
    path = Path("data.dvc")
    if not path.exists():
        return "unknown"
    outs: list[dict[str, Any]] = yaml.safe_load(path.read_text()).get("outs", [])
    return str(outs[0].get("md5", "unknown")) if outs else "unknown"


def lineage(stage: str, **more: str) -> dict[str, str]:
    """Tags of a run, prefixed by stage where they are the stage's own."""
    lock = Path("constraints.txt")
    return {
        "havoc": havoc.__version__,
        "git": git_commit(),
        "data": data_hash(),
        "environment": hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
        if lock.exists()
        else "unknown",
        **{f"{stage}.{k}": v for k, v in more.items()},
    }


def lock_entry(stage: str) -> dict[str, Any]:
    """What ``dvc.lock`` records of a stage; empty before its first run."""
    path = Path("dvc.lock")
    stages = (yaml.safe_load(path.read_text()) or {}).get("stages", {}) if path.exists() else {}
    return dict(stages.get(stage, {}))


def artifact_hashes() -> dict[str, str]:
    """DVC's hash of each artifact that ``dvc.lock`` records, by path; metrics and plots left out."""
    path = Path("dvc.lock")
    stages = (yaml.safe_load(path.read_text()) or {}).get("stages", {}) if path.exists() else {}
    shown = ("artifacts/metrics", "artifacts/plots")
    return {
        out["path"]: str(out.get("md5", ""))
        for stage in stages.values()
        for out in stage.get("outs", [])
        if not out["path"].startswith(shown)
    }


def requests_digest() -> str:
    """A digest of the evaluation's request files: figures compare only on the same."""
    digest = hashlib.sha256()
    for path in places.request_files():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def session() -> str:
    """What the runs of one invocation share: that of the driver, else of the ``dvc`` process above this one."""
    given = re.sub(r"[^\w.-]", "", os.environ.get(SESSION, ""))
    if given:
        return given
    try:
        import psutil

        above = psutil.Process().parents()
        drivers = [p for p in above if any("dvc" in Path(w).name for w in p.cmdline()[:4])]
        top = drivers[-1] if drivers else psutil.Process()
        return f"{top.pid}-{int(top.create_time())}"
    except (ImportError, OSError, psutil.Error):
        return str(os.getpid())
