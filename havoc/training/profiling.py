"""torch's profiler over a few steps, on request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch.profiler import ProfilerActivity, profile, schedule

from havoc.training.journal import Journal

WARMUP = 3  # steps in which kernels are compiled and memory is first touched


@contextmanager
def profiled(steps: int, folder: Path, journal: Journal) -> Iterator[Callable[[], None]]:
    """Record ``steps`` steps after the first three; yield what is called after each step.

    ``profile/trace.json`` opens in Perfetto or chrome://tracing; ``profile/operators.txt`` lists
    the costliest operators.
    """
    if not steps or journal.silent:
        yield lambda: None
        return
    target = folder / "profile"
    target.mkdir(parents=True, exist_ok=True)

    def write(recorded: profile) -> None:
        recorded.export_chrome_trace(str(target / "trace.json"))
        table = recorded.key_averages().table(sort_by="self_cpu_time_total", row_limit=40)
        (target / "operators.txt").write_text(table, encoding="utf-8")
        journal.say(f"profile of {steps} steps in {target}")

    activities = [ProfilerActivity.CPU]
    if torch.cuda.is_available():
        activities.append(ProfilerActivity.CUDA)
    course = schedule(skip_first=WARMUP - 1, wait=0, warmup=1, active=steps, repeat=1)
    with profile(activities=activities, schedule=course, on_trace_ready=write) as recorder:
        yield recorder.step
