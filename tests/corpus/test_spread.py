"""The corpus by datatrove's executors: byte for byte what one process makes, whatever happens on the way."""

from __future__ import annotations

import json
import os
import random
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from havoc.corpus import spread
from havoc.corpus.build import build_corpus
from havoc.corpus.spread import Executor, load_executor, spread_corpus
from havoc.errors import InputError

pytest.importorskip("datatrove")
ROOT = Path(__file__).parents[2]
SHARD = 20_000
ONE = Executor(kind="local", tasks=3, workers=1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Files of every domain: documents that stay, repeats within and across files, bad rows, a planted request."""
    words = "control chart limit sample variance factor response design level block run error mean"
    known = [*words.split(), "the", "of", "and", "is"]

    def text(seed: int, length: int = 90) -> str:
        chance = random.Random(seed)
        drawn = (chance.choice(known) + chance.choice("abcdefgh") for _ in range(length))
        return f"Note {seed} of the plant and what is in it. " + " ".join(drawn)

    folder = tmp_path / "data"
    for domain, start in (("math", 0), ("stats", 40), ("engineering", 80), ("general", 120)):
        (folder / domain).mkdir(parents=True)
        for part in range(2):
            rows = [{"id": f"{domain}{n}", "text": text(n)} for n in range(start, start + 20)]
            rows += [{"id": f"again{domain}{part}", "text": text(start + 3).upper()}]
            rows += [{"id": f"near{domain}{part}", "text": text(5) + f" Signed {domain}."}]
            rows += [{"text": "short"}, {"source": "lessons", "text": text(7) + f" {domain}"}]
            start += 15  # five documents of the next file were in this one
            lines = [json.dumps(r) for r in rows]
            (folder / domain / f"part{part}.jsonl").write_text("\n".join([*lines, "{broken"]))
    (folder / "stats" / "book.md").write_text("# A book\n\n" + text(500, 400) + "\n" + text(501))
    (folder / "general" / "torn.parquet").write_bytes(b"PAR1 torn")
    return folder


def requests(folder: Path) -> list[Path]:
    path = folder / "requests.jsonl"
    first = json.loads((folder / "data/math/part0.jsonl").read_text().splitlines()[0])
    path.write_text(json.dumps({"id": "Q1", "request": first["text"][:200]}) + "\n")
    return [path]


def content(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


@pytest.fixture
def alone(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What one process makes of the data, in several shards."""
    monkeypatch.setattr("havoc.corpus.build.SHARD_CHARACTERS", SHARD)
    build_corpus(data, tmp_path / "alone", evaluation_files=requests(tmp_path))
    made = content(tmp_path / "alone")
    report = json.loads(made["report.json"])
    removed = {rule for rule, r in report["removed"].items() if r["documents"]}
    assert {"short", "contaminated", "exact duplicate", "near duplicate"} <= removed
    assert len(report["shards"]) > 2
    assert len(report["quarantined"]) == 9
    return made


def build(data: Path, executor: Executor, **options: Any) -> dict[str, bytes]:
    folder = data.parent / "spread"
    spread_corpus(
        data,
        folder,
        executor,
        options,
        evaluation_files=requests(data.parent),
        shard_characters=SHARD,
    )
    assert not (data.parent / "spread.work").exists()
    return content(folder)


def test_tasks_make_the_bytes_of_one_process(data: Path, alone: dict[str, bytes]) -> None:
    assert build(data, ONE) == alone


@pytest.mark.slow  # starts processes that import everything anew
def test_worker_processes_make_the_bytes_of_one_process(
    data: Path, alone: dict[str, bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    assert build(data, Executor(kind="local", tasks=2)) == alone
    assert capfd.readouterr().err == ""


def test_a_build_that_failed_midway_goes_on_and_judges_no_file_twice(
    data: Path, alone: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    whole, judged = spread._judge_file, []

    def until_the_fourth(work: Any, forbidden: Any, number: int, *rest: Any) -> None:
        if len(judged) == 3:
            raise OSError("no space left on device")
        judged.append(number)
        whole(work, forbidden, number, *rest)

    monkeypatch.setattr(spread, "_judge_file", until_the_fourth)
    with pytest.raises(InputError, match=r"rules: . of 3 tasks did not end \(no space left") as one:
        build(data, ONE)
    assert "\n" not in str(one.value)
    assert capfd.readouterr().err == ""
    assert not (data.parent / "spread").exists()

    def others(work: Any, forbidden: Any, number: int, *rest: Any) -> None:
        assert number not in judged
        whole(work, forbidden, number, *rest)

    monkeypatch.setattr(spread, "_judge_file", others)
    assert build(data, ONE) == alone


def test_changed_data_begin_anew(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any) -> None:
        raise OSError("stopped")

    with monkeypatch.context() as patched:
        patched.setattr(spread, "write_shard", fail)
        with pytest.raises(InputError, match="shards: "):
            build(data, ONE)
    (data / "stats" / "part1.jsonl").unlink()
    made = build(data, ONE)
    monkeypatch.setattr("havoc.corpus.build.SHARD_CHARACTERS", SHARD)
    evaluation = data.parent / "requests.jsonl"
    build_corpus(data, data.parent / "alone", evaluation_files=[evaluation])
    assert made == content(data.parent / "alone")


SBATCH = """#!{python}
# What Slurm does with an array job, one task after another: `sbatch [OPTIONS] SCRIPT`.
import os, re, subprocess, sys
script = open(sys.argv[-1]).read()
found = re.search(r"#SBATCH --array=0-(\\d+)", script)
for task in range(int(found[1]) + 1):
    environment = dict(
        os.environ, SLURM_ARRAY_TASK_ID=str(task), RUN_OFFSET="0", SLURM_NODELIST="node1",
        SLURM_CPUS_PER_TASK="1", SLURM_MEM_PER_CPU="2048",
    )
    if "merge_stats" not in script:
        subprocess.run(["bash", sys.argv[-1]], env=environment, check=False, stdout=2)
print("Submitted batch job 7")
"""


@pytest.mark.slow
def test_slurm_gets_array_jobs_that_make_the_bytes_of_one_process(
    data: Path, alone: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scheduler is played; script, pickled tasks and the command that runs them are real."""
    commands = tmp_path / "bin"
    commands.mkdir()
    played = {
        "sbatch": SBATCH.replace("{python}", sys.executable),
        "squeue": "#!/bin/sh\n",
        "scontrol": "#!/bin/sh\necho node1\n",
    }
    for name, text in played.items():
        (commands / name).write_text(text)
        (commands / name).chmod(stat.S_IRWXU)
    path = f"{commands}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    monkeypatch.setenv("PATH", path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    slurm = Executor(kind="slurm", tasks=2)
    assert build(data, slurm, time="1:00:00", partition="cpu", with_srun=False) == alone


def test_an_unknown_option_of_an_executor_is_named(data: Path) -> None:
    with pytest.raises(
        InputError, match=r"executor slurm: .*'partitions'; did you mean 'partition'"
    ):
        build(data, Executor(kind="slurm"), time="1:00:00", partitions="cpu")


@pytest.mark.parametrize("name", ["local", "slurm", "ray"])
def test_every_executor_that_comes_with_havoc_can_be_read(name: str) -> None:
    executor, options = load_executor(name)
    assert executor.kind == name
    assert executor.tasks > 1
    assert (name == "slurm") == ("partition" in options)


def test_nothing_left_is_said_as_by_one_process(tmp_path: Path) -> None:
    (tmp_path / "data" / "math").mkdir(parents=True)
    (tmp_path / "data" / "math" / "a.txt").write_text("Short.")
    with pytest.raises(InputError, match="no document passed the filters"):
        spread_corpus(tmp_path / "data", tmp_path / "corpus", ONE)
    assert [p.name for p in tmp_path.iterdir()] == ["data"]
