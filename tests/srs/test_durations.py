"""Columns of HH:MM:SS are numbers of seconds where numbers are needed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from havoc.dsl.executor import run_text
from havoc.dsl.grounding.ground import ground
from havoc.dsl.planning import lexicalise
from havoc.srs.durations import with_durations, without_conversion
from havoc.tools.durations import Seconds, in_seconds, is_clock
from havoc.tools.values import Labels, Sample, Table

WAITS = ("0:01:00", "0:00:30", "0:05:00", "0:00:15")
CALLS = Table(
    (
        Labels("avg. wait", WAITS),
        Sample("agents", ("3", "4", "2", "5")),
        Labels("begin", ("08:00:00", "08:15:00", "08:30:00", "08:45:00")),
    ),
    source="calls.csv",
)


@given(st.lists(st.integers(0, 500_000), min_size=1, max_size=20))
def test_durations_are_read_as_the_seconds_they_say(seconds: list[int]) -> None:
    cells = [f"{s // 3600:02d}:{s % 3600 // 60:02d}:{s % 60:02d}" for s in seconds]
    found = in_seconds(Labels("d", tuple(cells)))
    assert found is not None
    assert [timedelta(seconds=float(x)) for x in found.values] == [
        timedelta(seconds=s) for s in seconds
    ]


@pytest.mark.parametrize("cells", [("0:01:00", "soon"), (None, None), ("12:30", "13:10")])
def test_other_cells_are_no_durations(cells: tuple[str | None, ...]) -> None:
    assert in_seconds(Labels("d", cells)) is None


def test_times_of_day_stay_words_unless_seconds_are_spoken_of() -> None:
    assert is_clock(CALLS.columns[2])  # type: ignore[arg-type]
    kinds = lambda text: [  # noqa: E731
        type(c) for c in with_durations({"calls": CALLS}, text)["calls"].columns
    ]
    assert kinds("correlate avg wait with agents") == [Seconds, Sample, Labels]
    assert kinds("begin in seconds") == [Seconds, Sample, Seconds]


def test_programs_compute_with_durations() -> None:
    grounded = ground("ratio", with_durations({"calls.csv": CALLS}, "seconds"))
    columns = {s.value.name: s.token for s in grounded.of("c")}
    wait, agents = columns["avg. wait"], columns["agents"]
    program = lexicalise(
        tuple(f"<op:table.derive> <ask> {wait} </> {agents} <p:data> <t0> <)>".split()), grounded
    )
    assert "seconds(`avg. wait`) / agents" in program
    done = run_text(
        program + "r2 = stats.describe(x=calls.`avg. wait`)\n", files={"calls.csv": CALLS}
    )
    assert done.steps[-1].result.values["mean"] == pytest.approx((60 + 30 + 300 + 15) / 4)
    assert done.passed


def test_converting_to_seconds_is_no_new_column() -> None:
    text = "Convert avg. wait from HH:MM:SS to seconds and correlate it with agents"
    grounded = ground(text, with_durations({"calls.csv": CALLS}, text))
    wait = next(s.token for s in grounded.of("c") if s.value.name == "avg. wait")
    agents = next(s.token for s in grounded.of("c") if s.value.name == "agents")
    unit = next(s.token for s in grounded.of("s") if s.value == "s")
    proposed = (
        f"<op:table.derive> {unit} <fn:log> {agents} <)> <p:data> <t0> <)> <;>"
        f" <op:stats.correlation> <p:x> <res1.> {unit} <p:y> <res1.> {agents} <)>"
    )
    program = without_conversion(tuple(proposed.split()), grounded)
    assert " ".join(program) == f"<op:stats.correlation> <p:x> {wait} <p:y> {agents} <)>"
