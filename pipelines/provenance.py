"""What the ledger says a result is of; code, data and environment are told by ``havoc.provenance``."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Any

import yaml

from havoc.tracking import SESSION
from pipelines import places


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
