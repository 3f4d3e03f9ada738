"""Which code, data and environment a result is of: git, DVC hashes, versions."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Any

import yaml

import havoc


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
