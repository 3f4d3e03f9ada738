"""The registered model loaded back by MLflow alone, in another process and folder, answers a request.

Needs a trained planner: the project's own, or that of the project which HAVOC_TRAINED names.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_project import ROOT

pytest.importorskip("mlflow")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
TRAINED = Path(os.environ.get("HAVOC_TRAINED", ROOT)) / "artifacts"
REQUEST = (
    "Design a Box-Behnken DOE for temperature 150-200 degC, pressure 1-5 bar "
    "and time 10-30 min with 3 center points"
)
ASK = """
import json, sys

def main():
    import mlflow
    model = mlflow.pyfunc.load_model("models:/havoc@champion")
    import havoc
    print(json.dumps([havoc.__file__, *model.predict([sys.argv[1]])]))

if __name__ == "__main__":  # the programs of answers run in processes of their own, which read this file
    main()
"""


@pytest.mark.skipif(not (TRAINED / "model/instruct").exists(), reason="no trained planner here")
def test_the_registered_model_answers_where_only_mlflow_knows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from havoc.tracking import open_run
    from pipelines.models import register

    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    project.mkdir()
    elsewhere.mkdir()
    for name in ("havoc", "pipelines", "configs", "benchmarks", "requirements-serve.txt"):
        (project / name).symlink_to(ROOT / name)
    (project / "artifacts").symlink_to(TRAINED)
    monkeypatch.chdir(project)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{project}/mlflow.db")
    monkeypatch.setenv("HAVOC_SYSTEM_METRICS", "off")
    with open_run("evaluate") as run:
        decision = register(run, {}, "laptop")
    assert decision["moved"], decision
    (elsewhere / "ask.py").write_text(ASK)
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    asked = subprocess.run(
        [sys.executable, "ask.py", REQUEST],
        cwd=elsewhere, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert asked.returncode == 0, asked.stderr
    code, answer = json.loads(asked.stdout.splitlines()[-1])
    assert "/artifacts/code/havoc/" in code  # the code that the model was registered with
    document = json.loads(answer)
    assert document["status"] == "answered"
    assert "doe.box_behnken" in document["program"]
    assert document["results"][0]["values"]["runs"] == 15
