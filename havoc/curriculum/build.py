"""The ``curriculum`` step: request/program pairs, held-out splits and worked lessons, as JSONL.

Chunks are seeded by their number, so that the bytes do not depend on how many processes make them.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from havoc.curriculum.generator import Example, all_lessons, examples
from havoc.dsl.executor import conclusion_text, run_text
from havoc.dsl.planning import lexicalise
from havoc.errors import InputError
from havoc.tools.operation import operations

CHUNK = 2000
PAIRS, PHRASING, COMBINATION, LESSONS = (
    "pairs.jsonl",
    "heldout_phrasing.jsonl",
    "heldout_combination.jsonl",
    "lessons.jsonl",
)


def build_curriculum(
    output: Path,
    *,
    pairs: int,
    heldout: int,
    lessons_per_operation: int,
    seed: int = 0,
    processes: int = 1,
    progress: Callable[[str], None] = lambda message: None,
) -> dict[str, Any]:
    """Write the curriculum under ``output``, replaced as a whole at the end; return its report.

    Parameters
    ----------
    pairs : request/program pairs for training.
    heldout : pairs of each held-out split: phrasings, and combinations of options, never trained on.
    lessons_per_operation : worked lessons (request, program, conclusion) of each operation.
    """
    partial = output.with_name(output.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    jobs = [(seed, "train", i, min(CHUNK, pairs - i * CHUNK)) for i in range(-(-pairs // CHUNK))]
    dropped: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    with (partial / PAIRS).open("w", encoding="utf-8") as out:
        for done, (lines, lost) in enumerate(_chunks(jobs, processes), 1):
            for line in lines:
                counts[json.loads(line)["lesson"]] += 1
                out.write(line + "\n")
            dropped.update(lost)
            progress(f"{min(done * CHUNK, pairs)} of {pairs} pairs")
    for name, split in ((PHRASING, "phrasing"), (COMBINATION, "combination")):
        with (partial / name).open("w", encoding="utf-8") as out:
            for lines, _ in _chunks([(seed, split, 0, heldout)], 1):
                out.writelines(line + "\n" for line in lines)
    worked = _worked_lessons(partial / LESSONS, lessons_per_operation, seed)
    covered = {
        t for x in all_lessons() for t in operations() if t in x.program or t in (x.long or "")
    }
    report = {
        "pairs": pairs,
        "heldout": {"phrasing": heldout, "combination": heldout},
        "worked_lessons": worked,
        "lessons": len(counts),
        "operations": len(operations()),
        "operations_covered": len(covered),
        "operations_not_covered": sorted(set(operations()) - covered),
        "misaligned": sum(dropped.values()),
        "misaligned_most": dict(dropped.most_common(20)),
        "pairs_by_lesson": dict(sorted(counts.items())),
    }
    (partial / "report.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    shutil.rmtree(output, ignore_errors=True)
    partial.rename(output)
    return report


def _chunks(
    jobs: list[tuple[int, str, int, int]], processes: int
) -> Iterator[tuple[list[str], Counter[str]]]:
    if processes <= 1 or len(jobs) == 1:
        yield from map(_chunk, jobs)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(_chunk, jobs)


def _chunk(job: tuple[int, str, int, int]) -> tuple[list[str], Counter[str]]:
    seed, split, number, n = job
    dropped: Counter[str] = Counter()
    lines = []
    for i, e in enumerate(examples(all_lessons(), f"{seed}:{split}:{number}", n, dropped, split)):
        lines.append(
            json.dumps(
                _record(e, f"{split}-{number}-{i}", with_tables=split != "train"),
                ensure_ascii=False,
            )
        )
    return lines, dropped


def _record(e: Example, id: str, with_tables: bool) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": id,
        "lesson": e.lesson,
        "text": e.text,
        "program": " ".join(e.program),
    }
    if with_tables:  # what is evaluated by execution needs the request and its files again
        record["request"] = e.request
        record["tables"] = {
            name: {"names": list(t.names), "rows": t.rows()} for name, t in e.attached.items()
        }
    return record


def _worked_lessons(path: Path, per_operation: int, seed: int) -> int:
    """Requests with their program and conclusion, computed, as text to pretrain on."""
    made: Counter[str] = Counter()
    wanted = per_operation * len(operations())
    if not wanted:
        path.write_text("")
        return 0
    with path.open("w", encoding="utf-8") as out:
        for e in examples(all_lessons(), f"{seed}:worked", 3 * wanted, split="train"):
            name = next((t[4:-1] for t in e.program if t.startswith("<op:")), None)
            if name is None or made[name] >= per_operation:
                continue
            text = _worked(e)
            if text is not None:
                made[name] += 1
                record = {
                    "id": f"lesson-{name}-{made[name]}",
                    "title": operations()[name].summary,
                    "text": text,
                }
                out.write(json.dumps(record, ensure_ascii=False) + "\n")
    return sum(made.values())


def _worked(e: Example) -> str | None:
    try:
        program = lexicalise(e.program, e.grounded)
        execution = run_text(program, files=e.attached)
    except InputError:
        return None
    if not execution.passed:
        return None
    conclusions = " ".join(conclusion_text(s.result) for s in execution.steps)
    return f"{e.request}\n\n{program}\n{conclusions}\n"
