"""The corpus built by many workers: the rules in parallel, on datatrove's executors; the same bytes as by one.

What looks at one document alone (nearly all of the work) runs a file a time in as many tasks as there are
workers: here, on Slurm or on Ray. What remembers the documents before, the duplicate finder, then reads only
their signatures, in the order in which one process would have met them, so that the same documents stay. Last,
the shards are written, each by one task. The folder ``<output>.work`` holds what is done: a build that was
stopped goes on file by file.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from havoc.config import DataConfig, config_path
from havoc.corpus.build import (
    ALIKE_ON_PURPOSE,
    EXAMPLE_CHARACTERS,
    EXAMPLES_PER_RULE,
    SCHEMA,
    SHARD_CHARACTERS,
    Alone,
    CorpusReport,
    duplicate_finder,
    nothing_left,
    put_in_place,
    write_shard,
)
from havoc.corpus.contamination import Decontaminator
from havoc.corpus.documents import DOMAINS, Document, cut, read_file, readable_files
from havoc.corpus.duplicates import exact_key
from havoc.disk import sync, write_whole
from havoc.errors import InputError, nearest
from havoc.options import Options, from_mapping, option, read_yaml

ROWS = 256  # documents held at a time by a task that reads
# What the duplicate finder needs of a document: no text but its beginning, for the report.
SIGNATURES = pa.schema(
    [
        *((n, pa.string()) for n in ("id", "source", "domain", "title", "licence", "text")),
        ("characters", pa.int64()),
        ("key", pa.binary()),
        ("sketch", pa.binary()),
    ]
)
POLL_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class Executor(Options):
    """Where the tasks run."""

    kind: Literal["local", "slurm", "ray"] = option(
        "local", "processes here, array jobs of Slurm, or actors of the Ray cluster of RAY_ADDRESS"
    )
    tasks: int = option(2, "parts that the files of data/ are dealt out to", ge=1)
    workers: int = option(-1, "most tasks at a time; -1 for all", ge=-1)

    def check(self) -> None:
        if self.workers == 0:
            raise InputError("workers: at least 1, or -1 for all tasks at a time")


@dataclass(frozen=True)
class Work:
    """All that a task has to know; it goes to other machines, which see the same folders."""

    data: Path
    folder: Path
    config: DataConfig
    evaluation_files: tuple[Path, ...]
    shard_characters: int

    def files(self) -> list[tuple[str, Path]]:
        """Domain and path of every file, in the order in which one process reads them."""
        return [(d, p) for d in DOMAINS for p in readable_files(self.data / d)]

    def part(self, number: int, kind: str) -> Path:
        return self.folder / "parts" / f"{number:06d}.{kind}"


def load_executor(name: str) -> tuple[Executor, dict[str, Any]]:
    """Read a file of ``configs/executors``, by name or path: what runs, and datatrove's own options.

    Examples
    --------
    >>> load_executor("local")[0].kind
    'local'
    """
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        path = config_path("executors", name)
    values = read_yaml(path)
    further = values.pop("options", None) or {}
    if not isinstance(further, dict):
        raise InputError(f"{path}: options: expected 'name: value' pairs, got {further!r}")
    return from_mapping(Executor, values, where=str(path)), further


def spread_corpus(
    data: Path,
    output: Path,
    executor: Executor,
    options: dict[str, Any] | None = None,
    *,
    evaluation_files: Sequence[Path] = (),
    config: DataConfig | None = None,
    shard_characters: int = SHARD_CHARACTERS,
    progress: Callable[[str], None] = lambda message: None,
) -> dict[str, Any]:
    """Do what ``build_corpus`` does, by tasks of an executor; the shards and the report are the same bytes.

    Parameters
    ----------
    data, output : Path
        As for ``build_corpus``. On more than one machine both lie on a file system that all of them see.
    executor, options : Executor, dict
        Where tasks run, and further options of datatrove's executor of that kind, as it names them.
    evaluation_files, config, progress
        As for ``build_corpus``.
    shard_characters : int
        Size of a shard.

    Raises
    ------
    InputError
        datatrove is missing, an option is unknown, a task failed (the line names its log), or no document passed.
    """
    config = config or DataConfig()
    work = Work(
        data.resolve(),
        output.resolve().with_name(output.name + ".work"),
        config,
        tuple(p.resolve() for p in evaluation_files),
        shard_characters,
    )
    forbidden = Decontaminator.from_files(evaluation_files, config.decontamination_words)
    _open(work, executor)
    for task in (Rules(work), Duplicates(work), Shards(work)):
        progress(f"{task.name}: {executor.kind}")
        _run(work, task, executor, options or {})
    report = _report(work, work.folder / "report.json")
    if not report.kept:
        shutil.rmtree(work.folder)
        raise nothing_left(data, report)
    shards = sorted(p.name for p in (work.folder / "corpus").iterdir())
    summary = report.as_dict() | {"evaluation_requests": forbidden.count, "shards": shards}
    put_in_place(work.folder / "corpus", output, summary)
    shutil.rmtree(work.folder)
    progress(f"{summary['documents_kept']} of {summary['documents_read']} documents kept")
    return summary


def _open(work: Work, executor: Executor) -> None:
    """Keep the folder of a build of the same data, rules and tasks; else begin it anew."""
    stated = [
        [p.relative_to(work.data).as_posix(), p.stat().st_size, p.stat().st_mtime_ns]
        for _, p in work.files()
    ]
    requests = [hashlib.sha256(p.read_bytes()).hexdigest() for p in work.evaluation_files]
    asked = [stated, requests, work.config.to_dict(), work.shard_characters, executor.tasks]
    told = json.dumps(asked, indent=1) + "\n"
    record = work.folder / "work.json"
    if not record.is_file() or record.read_text() != told:
        shutil.rmtree(work.folder, ignore_errors=True)
        (work.folder / "parts").mkdir(parents=True)
        (work.folder / "corpus").mkdir()
        write_whole(record, told)


def _run(work: Work, task: Task, executor: Executor, options: dict[str, Any]) -> None:
    """Run a task in all its parts and wait for them."""
    logs = work.folder / "logs" / task.name
    logs.mkdir(parents=True, exist_ok=True)
    tasks = executor.tasks if task.parallel else 1
    why = ""
    with _stderr_in(logs / "executor.log"):
        runner = _runner(executor, options, [task], tasks, logs)
        try:
            runner.run()
            _wait(runner)
        except Exception as error:  # datatrove passes on whatever a task or a scheduler raised
            traceback.print_exc()
            why = f" ({error})".splitlines()[0]
    left = runner.get_incomplete_ranks(skip_completed=True)
    if left:
        raise InputError(
            f"{task.name}: {len(left)} of {tasks} tasks did not end{why}; see {logs}; "
            "the same command goes on with them"
        )


def _runner(
    executor: Executor, options: dict[str, Any], pipeline: list[Any], tasks: int, logs: Path
) -> Any:
    try:
        from datatrove import executor as kinds
    except ModuleNotFoundError:
        raise InputError(
            "executors of the corpus need datatrove; run pip install 'havoc[ingest]'"
        ) from None
    made = {
        "local": kinds.LocalPipelineExecutor,
        "slurm": kinds.SlurmPipelineExecutor,
        "ray": kinds.RayPipelineExecutor,
    }[executor.kind]
    if executor.kind == "slurm":
        options = {"job_name": f"havoc-{logs.name}", **options}
    workers = min(executor.workers, tasks) if executor.workers > 0 else -1
    own = {"pipeline": pipeline, "tasks": tasks, "workers": workers, "logging_dir": str(logs)}
    try:
        return made(**own, **options)
    except TypeError as error:
        known = made.__init__.__code__.co_varnames
        wrong = next((o for o in options if o not in known), None)
        meant = nearest(wrong, known) if wrong else ""
        raise InputError(
            f"executor {executor.kind}: {str(error).split('__init__() ')[-1]}{meant}"
        ) from None


def _wait(runner: Any) -> None:
    """Wait for jobs that were only handed in: until all tasks ended, or Slurm knows the job no more."""
    job = getattr(runner, "job_id", None)
    while job not in (None, -1) and runner.get_incomplete_ranks(skip_completed=True):
        asked = ["squeue", "--noheader", "--jobs", str(job)]
        known = subprocess.run(asked, capture_output=True, text=True)
        if not known.stdout.strip():
            return
        time.sleep(POLL_SECONDS)


@contextmanager
def _stderr_in(log: Path) -> Iterator[None]:
    """Send what this process and its children write to stderr to a file: datatrove logs dozens of lines a task."""
    sys.stderr.flush()
    kept = os.dup(2)
    with log.open("a") as stream, redirect_stderr(stream):
        os.dup2(stream.fileno(), 2)
        try:
            _log_to(stream)
            yield
        finally:
            _log_to(None)
            os.dup2(kept, 2)
            os.close(kept)


def _log_to(stream: TextIO | None) -> None:
    """Where loguru, which only datatrove uses here, writes: it keeps the stderr that it once found."""
    try:
        from loguru import logger
    except ModuleNotFoundError:  # nor is datatrove there, which is said elsewhere
        return
    logger.remove()
    if stream is not None:
        logger.add(stream)


@dataclass(frozen=True)
class Task:
    """What datatrove calls, once for each rank."""

    work: Work
    name = ""
    parallel = True

    def __call__(self, data: Any, rank: int, world_size: int) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class Rules(Task):
    """The rules for one document alone, its key and its sketch: a file of ``data/`` at a time."""

    name = "rules"

    def __call__(self, data: Any, rank: int, world_size: int) -> None:
        work = self.work
        forbidden = Decontaminator.from_files(
            work.evaluation_files, work.config.decontamination_words
        )
        for number, (domain, path) in enumerate(work.files()):
            if number % world_size == rank and not work.part(number, "json").exists():
                _judge_file(work, forbidden, number, domain, path)


def _judge_file(
    work: Work, forbidden: Decontaminator, number: int, domain: str, path: Path
) -> None:
    """Write the documents of a file that pass, their signatures, and last the report that says it is done."""
    report = CorpusReport()
    alone, finder = Alone(forbidden, work.config), duplicate_finder(work.config)

    def quarantine(where: Path, why: str) -> None:
        report.quarantined.append({"file": where.relative_to(work.data).as_posix(), "reason": why})

    name = path.relative_to(work.data / domain).as_posix()
    # The documents as they are; the report's own rows are cut short, and hold what the finder needs.
    texts, signatures = work.part(number, "texts"), work.part(number, "signatures")
    with pq.ParquetWriter(texts, SCHEMA) as kept, pq.ParquetWriter(signatures, SIGNATURES) as seen:
        rows: list[Document] = []
        for whole in read_file(path, domain, name=name, quarantine=quarantine):
            for raw in cut(whole, work.config.max_chars):
                document = alone.passed(raw, report)
                if document is not None:
                    rows.append(document)
                if len(rows) >= ROWS:
                    _write(rows, kept, seen, finder)
        _write(rows, kept, seen, finder)
    sync(texts)
    sync(signatures)
    told = {f.name: getattr(report, f.name) for f in fields(report)}
    write_whole(work.part(number, "json"), json.dumps(told, ensure_ascii=False))


def _write(rows: list[Document], kept: Any, seen: Any, finder: Any) -> None:
    if not rows:
        return
    names = SCHEMA.names
    kept.write_table(pa.table({n: [getattr(d, n) for d in rows] for n in names}, schema=SCHEMA))
    table = {n: [getattr(d, n) for d in rows] for n in names if n != "text"}
    table["text"] = [d.text[:EXAMPLE_CHARACTERS] for d in rows]
    table["characters"] = [len(d.text) for d in rows]
    table["key"] = [exact_key(d.text) for d in rows]
    table["sketch"] = [
        None if d.source in ALIKE_ON_PURPOSE else finder.sketch(d.text) for d in rows
    ]
    seen.write_table(pa.table(table, schema=SIGNATURES))
    rows.clear()


def _report(work: Work, path: Path) -> CorpusReport:
    """A report from its file: counters are counters again."""
    told = json.loads(path.read_text())
    report = CorpusReport()
    for name, value in told.items():
        setattr(
            report, name, Counter(value) if isinstance(getattr(report, name), Counter) else value
        )
    return report


def _add(report: CorpusReport, part: CorpusReport) -> None:
    """Count a file's documents to those before it, as if one process had read on."""
    for name in (f.name for f in fields(report)):
        mine, other = getattr(report, name), getattr(part, name)
        if isinstance(mine, Counter):
            mine.update(other)
        elif isinstance(mine, list):
            mine.extend(other)
        else:
            for rule, examples in other.items():
                mine[rule] = [*mine.get(rule, []), *examples][:EXAMPLES_PER_RULE]


@dataclass(frozen=True)
class Duplicates(Task):
    """One task, for it remembers: which documents repeat one before, and in which shard the others come."""

    name = "duplicates"
    parallel = False

    def __call__(self, data: Any, rank: int, world_size: int) -> None:
        work = self.work
        report, finder = CorpusReport(), duplicate_finder(work.config)
        plan: list[list[tuple[int, int]]] = []  # by shard: file and row in it
        characters = (
            work.shard_characters
        )  # of the shard being filled: the first document opens one
        for number in range(len(work.files())):
            _add(report, _report(work, work.part(number, "json")))
            for row, (document, more) in enumerate(_signatures(work.part(number, "signatures"))):
                size = more["characters"]
                if (same := finder.exact_of(document.id, more["key"])) is not None:
                    report.remove("exact duplicate", document, size, of=same)
                elif more["sketch"] is not None and (
                    like := finder.near_of(document.id, more["sketch"])
                ):
                    near = {"of": like[0], "similarity": round(like[1], 3)}
                    report.remove("near duplicate", document, size, **near)
                else:
                    report.keep(document, size)
                    if characters >= work.shard_characters:
                        plan.append([])
                        characters = 0
                    plan[-1].append((number, row))
                    characters += size
        told = {f.name: getattr(report, f.name) for f in fields(report)}
        write_whole(work.folder / "plan.json", json.dumps(plan))
        write_whole(work.folder / "report.json", json.dumps(told, ensure_ascii=False))


def _signatures(path: Path) -> Iterator[tuple[Document, dict[str, Any]]]:
    for batch in pq.ParquetFile(path).iter_batches():
        for row in batch.to_pylist():
            document = Document(**{n: row[n] for n in SCHEMA.names})
            yield document, row


@dataclass(frozen=True)
class Shards(Task):
    """The shards of the corpus, each by one task."""

    name = "shards"

    def __call__(self, data: Any, rank: int, world_size: int) -> None:
        work = self.work
        plan = json.loads((work.folder / "plan.json").read_text())
        for number, rows in enumerate(plan):
            if number % world_size == rank:
                # A task that was stopped writes its shards again: they count when all tasks ended.
                write_shard(work.folder / "corpus", number, list(_rows(work, rows)))


def _rows(work: Work, wanted: list[list[int]]) -> Iterator[Document]:
    """The documents named by file and row, which ascend."""
    by_file: dict[int, list[int]] = {}
    for number, row in wanted:
        by_file.setdefault(number, []).append(row)
    for number, rows in by_file.items():
        chosen, first = set(rows), 0
        for batch in pq.ParquetFile(work.part(number, "texts")).iter_batches():
            inside = [r - first for r in range(first, first + len(batch)) if r in chosen]
            for row in batch.take(inside).to_pylist():
                yield Document(**row)
            first += len(batch)
