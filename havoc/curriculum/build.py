"""The ``curriculum`` step: request/program pairs, held-out splits and worked lessons, as JSONL.

Chunks are seeded by their number, so that the bytes do not depend on how many processes make them.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
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

    The bytes do not depend on ``processes``.

    Parameters
    ----------
    pairs : request/program pairs for training.
    heldout : pairs of each held-out split: phrasings, and combinations of options, never trained on.
    lessons_per_operation : worked lessons (request, program, conclusion) of each operation.
    """
    unfinished = output.with_name(output.name + ".partial")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    dropped: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    with _workers(processes) as submit:
        # What takes longest in one piece goes first: the chunks of pairs fill the other processes.
        worked = submit(_worked_lessons, unfinished / LESSONS, lessons_per_operation, seed)
        held = {
            name: submit(_chunk, (seed, split, 0, heldout))
            for name, split in ((PHRASING, "phrasing"), (COMBINATION, "combination"))
        }
        chunks = [
            submit(_chunk, (seed, "train", i, min(CHUNK, pairs - i * CHUNK)))
            for i in range(-(-pairs // CHUNK))
        ]
        with (unfinished / PAIRS).open("w", encoding="utf-8") as out:
            for done, chunk in enumerate(chunks, 1):
                lines, lost = chunk()
                for line in lines:
                    counts[json.loads(line)["lesson"]] += 1
                    out.write(line + "\n")
                dropped.update(lost)
                progress(f"{min(done * CHUNK, pairs)} of {pairs} pairs")
        for name, split_made in held.items():
            lines, _ = split_made()
            (unfinished / name).write_text("".join(x + "\n" for x in lines), encoding="utf-8")
        worked_lessons = worked()
    covered = {
        t for x in all_lessons() for t in operations() if t in x.program or t in (x.long or "")
    }
    report = {
        "pairs": pairs,
        "heldout": {"phrasing": heldout, "combination": heldout},
        "worked_lessons": worked_lessons,
        "lessons": len(counts),
        "operations": len(operations()),
        "operations_covered": len(covered),
        "operations_not_covered": sorted(set(operations()) - covered),
        "misaligned": sum(dropped.values()),
        "misaligned_most": dict(dropped.most_common(20)),
        "pairs_by_lesson": dict(sorted(counts.items())),
    }
    (unfinished / "report.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    shutil.rmtree(output, ignore_errors=True)
    unfinished.rename(output)
    return report


@contextmanager
def _workers(processes: int) -> Iterator[Callable[..., Callable[[], Any]]]:
    """Give a function that starts work and returns what waits for its result; in this process if there is one only."""
    if processes <= 1:
        yield partial
        return
    with ProcessPoolExecutor(processes) as pool:
        try:
            yield lambda function, *given: pool.submit(function, *given).result
        except BaseException:  # else what was not begun would be done before the error is told
            pool.shutdown(wait=False, cancel_futures=True)
            raise


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
