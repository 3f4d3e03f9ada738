"""Which code, data and environment a run is of: the commit, DVC's hash of the data, the lock of the packages."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

import havoc

UNKNOWN = "unknown"
CODE = ("havoc", "pipelines", "configs")  # changes elsewhere make a checkout no other program
ROOT = Path(__file__).resolve().parents[1]  # of the checkout, where this is one


def git_commit(folder: Path = Path()) -> str:
    """The commit, with ``-dirty`` where tracked files differ from it; "unknown" outside a checkout."""

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], capture_output=True, text=True, check=True, cwd=folder
        ).stdout.strip()

    try:
        commit = git("rev-parse", "HEAD")
        changed = git("status", "--porcelain", "--untracked-files=no", "--", *CODE)
    except (OSError, subprocess.CalledProcessError):
        return UNKNOWN
    return commit + ("-dirty" if changed else "")


def data_hash(folder: Path = Path()) -> str:
    """DVC's hash of the ``data/`` that the corpus was last built of; before the first build, what ``data.dvc`` records.

    Dagster runs the steps without bringing ``data.dvc`` up to date, so that the two may differ.
    """
    ledger = folder / "dvc.lock"
    stages = (yaml.safe_load(ledger.read_text()) or {}).get("stages", {}) if ledger.exists() else {}
    read = {d["path"]: d.get("md5") for d in stages.get("corpus", {}).get("deps", [])}
    if read.get("data"):
        return str(read["data"])
    path = folder / "data.dvc"
    if not path.exists():
        return UNKNOWN
    outs: list[dict[str, Any]] = yaml.safe_load(path.read_text()).get("outs", [])
    return str(outs[0].get("md5", UNKNOWN)) if outs else UNKNOWN


def environment_lock(folder: Path = Path()) -> str:
    """The first digits of the SHA-256 of ``constraints.txt``."""
    path = folder / "constraints.txt"
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.exists() else UNKNOWN


def config_digest(config: Mapping[str, Any]) -> str:
    """The first digits of the SHA-256 of a configuration's canonical JSON."""
    text = json.dumps(config, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def lineage(stage: str, **more: str) -> dict[str, str]:
    """Tags of a step's run in the project's root, prefixed by stage where they are the stage's own."""
    return {
        "havoc": havoc.__version__,
        "git": git_commit(),
        "data": data_hash(),
        "environment": environment_lock(),
        **{f"{stage}.{k}": v for k, v in more.items()},
    }


def training_lineage(
    stage: str, tokens: Path, fingerprint: str, config: Mapping[str, Any], **more: str
) -> dict[str, str]:
    """Tags of a training that no step of the pipeline made, from whatever folder it was started.

    Commit and lock are those of the checkout whose code runs. DVC's hash of the data is given only where the shards
    are those that the project around them built: of any others the fingerprint is all that is known.
    """
    project = next((p for p in tokens.resolve().parents if (p / "data.dvc").exists()), None)
    built = project is not None and tokens.resolve().is_relative_to(project / "artifacts")
    home = ROOT if (ROOT / ".git").exists() else None
    return {
        "havoc": havoc.__version__,
        "git": git_commit(home) if home else UNKNOWN,
        "data": data_hash(project) if project is not None and built else UNKNOWN,
        "environment": environment_lock(ROOT),
        "config": config_digest(config),
        **{f"{stage}.{k}": v for k, v in {"tokens": fingerprint, **more}.items() if v},
    }
