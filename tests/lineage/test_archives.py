"""A bento's archive is followed to the weights inside it; data are those that the corpus was built of."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from havoc.errors import InputError
from havoc.lineage import trace
from havoc.provenance import data_hash
from havoc.verification import verify

WEIGHTS = b"some weights"
MODEL = {"tag": "havoc_lm:abc", "module": ""}


def archive(path: Path, described: dict[str, Any]) -> Path:
    files = {
        "bento.yaml": yaml.safe_dump({"name": "havoc", "version": "xyz", **described}).encode(),
        "models/havoc_lm/abc/model/model.safetensors": WEIGHTS,
    }
    with tarfile.open(path, "w") as file:
        for name, content in files.items():
            member = tarfile.TarInfo(f"./{name}")
            member.size = len(content)
            file.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize(
    "described",
    [{"models": [], "services": [{"name": "havoc", "models": [MODEL]}]}, {"models": [MODEL]}],
    ids=["spec 2", "spec 1"],
)
def test_the_weights_inside_an_archive_are_hashed(
    described: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/none.db")
    chain = trace(str(archive(tmp_path / "havoc.bento", described)))
    [link] = [link for link in chain.links if link.kind == "model in the bento"]
    assert link.state == "verified"
    assert link.value == hashlib.sha256(WEIGHTS).hexdigest()


def test_data_are_those_of_the_corpus_and_not_of_an_older_record(tmp_path: Path) -> None:
    (tmp_path / "data.dvc").write_text(
        yaml.safe_dump({"outs": [{"md5": "old.dir", "path": "data"}]})
    )
    assert data_hash(tmp_path) == "old.dir"
    # as Dagster leaves it: it runs the step, data.dvc stays as it was
    built = {"stages": {"corpus": {"deps": [{"path": "data", "md5": "new.dir"}]}}}
    (tmp_path / "dvc.lock").write_text(yaml.safe_dump(built))
    assert data_hash(tmp_path) == "new.dir"


def test_a_question_back_holds_nothing_to_verify() -> None:
    asked = {"status": "needs_clarification", "program": "t = table(x=[1, 2])", "results": []}
    with pytest.raises(InputError, match="status is 'needs_clarification'"):
        verify(asked)
