"""What a request says outright about a table completes and ranks the programs proposed for it."""

from __future__ import annotations

import random

import pytest

from havoc.curriculum.generator import all_lessons, make_example
from havoc.curriculum.programs import Misaligned
from havoc.dsl.grounding.ground import ground
from havoc.dsl.planning import lexicalise
from havoc.inference.planner import Candidate
from havoc.srs.conditions import (
    filtered,
    measured_column,
    with_both_groups,
    with_said_signs,
)
from havoc.srs.evidence import weighed
from havoc.srs.preparation_evidence import without_denied
from havoc.srs.table_evidence import (
    impossible,
    lengthened,
    said_comparisons,
    takes_whole_table,
    unused_cells,
    with_comparisons,
)
from havoc.srs.unasked import without_test
from havoc.tools.values import Labels, Sample, Table

TABLE = Table(
    (
        Sample("scrap_pcs", ("1", "4", "9", "2")),
        Sample("cycle_time_s", ("30.1", "30.4", "31.0", "29.8")),
        Sample("melt_temp", ("180", "182", "185", "181")),
        Sample("humidity", ("40", "42", "45", "41")),
        Labels("shift", ("early", "late", "night", "early")),
        Labels("made", ("2024-01-02", "2024-01-03", "2024-02-03", "2024-02-04")),
    )
)
FILE = {"plant": TABLE}


def calls_of(program: str) -> list[list[str]]:
    return [call.split() for call in program.split(" <;> ")]


def joined(calls: list[list[str]]) -> str:
    return " <;> ".join(" ".join(call) for call in calls)


@pytest.mark.parametrize(
    ("words", "comparison"),
    [
        ("over 5", "<gt>"),
        ("above 5", "<gt>"),
        ("of more than five", "<gt>"),
        ("greater than or equal to 5", "<ge>"),
        ("of at least 5", "<ge>"),
        ("5 or more", "<ge>"),
        ("no more than 5", "<le>"),
        ("not over 5", "<le>"),
        ("up to 5", "<le>"),
        ("below 5", "<lt>"),
        ("fewer than 5", "<lt>"),
        ("5 or less", "<le>"),
        ("exactly 5", "<eq>"),
        ("other than 5", "<ne>"),
    ],
)
def test_comparisons_in_words_are_those_of_the_condition(words: str, comparison: str) -> None:
    grounded = ground(f"how many rows have scrap {words}", FILE)
    assert said_comparisons(grounded.text) == {"<n0>": comparison}
    proposed = ("<op:table.count>", "<p:where>", "<c0>", "<eq>", "<n0>", "<p:data>", "<t0>", "<)>")
    assert with_comparisons(proposed, grounded.text)[3] == comparison


def test_what_a_table_does_not_hold_cannot_be_asked_of_it() -> None:
    grounded = ground("shift, made and scrap", FILE)
    columns = {s.value.name: s.token for s in grounded.of("c", "g")}
    shift, made = columns["shift"], columns["made"]
    assert impossible(
        calls_of(
            f"<op:table.fill_missing> <p:columns> {shift} <p:data> <t0> <p:method=median> <)>"
        ),
        grounded,
    )
    assert not impossible(
        calls_of(f"<op:table.fill_missing> <p:columns> {shift} <p:data> <t0> <p:method=mode> <)>"),
        grounded,
    )
    part = "<op:table.date_part> <p:column> {} <p:data> <t0> <p:part=month> <)>"
    assert impossible(calls_of(part.format(shift)), grounded) == 1
    assert impossible(calls_of(part.format(made)), grounded) == 0
    test = "<op:stats.t_test_two> <p:x> <c0> <p:by> {} <)>"
    assert impossible(calls_of(test.format(shift)), grounded) == 1  # three groups


def test_a_new_column_is_not_called_like_a_cell() -> None:
    grounded = ground("compare scrap between early and late", FILE)
    assert impossible(
        calls_of("<op:table.derive> <s0> <fn:log> <c0> <)> <p:data> <t0> <)>"), grounded
    )


def test_every_column_of_a_list_is_told_of() -> None:
    grounded = ground("skewness of scrap, of cycle time and of the humidity", FILE)
    one = calls_of("<op:stats.describe> <p:x> <c0> <)>")
    grounded_and = ground("skewness of scrap, cycle time and the humidity", FILE)
    assert joined(lengthened(one, grounded_and)) == " <;> ".join(
        f"<op:stats.describe> <p:x> <c{i}> <)>" for i in range(3)
    )
    assert grounded.of("c")[0].value.name == "scrap_pcs"


def test_a_pair_is_no_list() -> None:
    grounded = ground("correlation between scrap and cycle time, and the outliers of scrap", FILE)
    one = calls_of("<op:stats.outliers> <p:x> <c0> <)>")
    assert lengthened(one, grounded) == one


def test_figures_asked_for_after_cleaning_are_told() -> None:
    cleaned = calls_of("<op:table.remove_outliers> <p:column> <c0> <p:data> <t0> <)>")
    asked = ground("remove the outliers of scrap, then report the mean", FILE)
    assert joined(lengthened(cleaned, asked)).endswith("<op:stats.describe> <p:x> <res1.> <c0> <)>")
    filling = ground("fill scrap with the mean", FILE)
    filled = calls_of("<op:table.fill_missing> <p:columns> <c0> <p:data> <t0> <)>")
    assert lengthened(filled, filling) == filled


def test_every_figure_of_a_list_is_told_for_groups() -> None:
    asked = ground("median, range and the standard deviation of scrap for each shift", FILE)
    group = "<op:table.group> <p:column> <c0> <p:by> <g0> <p:data> <t0> <p:aggregate={}> <)>"
    found = lengthened(calls_of(group.format("median")), asked)
    assert joined(found) == " <;> ".join(group.format(a) for a in ("median", "range", "sd"))
    mean = calls_of(group.format("mean"))
    assert lengthened(mean, ground("mean scrap per shift, and its total rows", FILE)) == mean


def test_the_shape_is_told_beside_a_test_of_normality() -> None:
    test = calls_of("<op:stats.normality> <p:x> <c0> <)>")
    asked = ground("is scrap normal? give its skewness", FILE)
    assert joined(lengthened(test, asked)).endswith("<op:stats.describe> <p:x> <c0> <)>")
    assert lengthened(test, ground("is scrap normal?", FILE)) == test


def test_the_rows_of_a_named_cell_are_kept() -> None:
    grounded = ground("mean scrap of the night rows", FILE)
    mean = calls_of("<op:stats.describe> <p:x> <c0> <)>")
    (group,) = (s.token for s in grounded.of("g") if s.value.name == "shift")
    assert unused_cells(("<op:stats.describe>", "<p:x>", "<c0>", "<)>"), grounded) == {"<s0>"} or (
        "night" in ground("mean scrap of the night rows", FILE).text
    )
    late = ground("mean scrap of the late rows", FILE)
    (group,) = (s.token for s in late.of("g") if s.value.name == "shift")
    assert joined(filtered(mean, late)) == (
        f"<op:table.filter> <p:where> {group} <eq> <s0> <p:data> <t0> <)>"
        " <;> <op:stats.describe> <p:x> <res1.> <c0> <)>"
    )
    without = ground("mean scrap without the late rows", FILE)
    assert "<ne> <s0>" in joined(filtered(mean, without))
    asked = calls_of(f"<op:stats.anova> <p:value> <c0> <p:by> <list> {group} </list> <)>")
    assert filtered(asked, late) == asked


def test_the_rows_beyond_a_number_are_kept() -> None:
    grounded = ground("correlation of cycle time with humidity where scrap is at least 2", FILE)
    pair = calls_of("<op:stats.correlation> <p:x> <c0> <p:y> <c1> <)>")
    assert joined(filtered(pair, grounded)) == (
        "<op:table.filter> <p:where> <c2> <ge> <n0> <p:data> <t0> <)>"
        " <;> <op:stats.correlation> <p:x> <res1.> <c0> <p:y> <res1.> <c1> <)>"
    )
    judged = ground("correlation of cycle time with humidity; skewness above 2 is a lot", FILE)
    assert filtered(pair, judged) == pair


@pytest.mark.parametrize(
    ("who", "condition"),
    [
        ("of those who survived", "<c1> <eq> <d1>"),
        ("of people that did not survive", "<c1> <eq> <d0>"),
        ("and whether they survived", None),
        ("of those who survived and of those who did not survive", None),
    ],
)
def test_a_column_of_0_and_1_says_of_which_rows(who: str, condition: str | None) -> None:
    people = Table(
        (Sample("age", ("20", "31", "42", "28")), Sample("survived", ("0", "1", "1", "0")))
    )
    grounded = ground(f"mean age {who}", {"people": people})
    mean = calls_of("<op:stats.describe> <p:x> <c0> <)>")
    found = filtered(mean, grounded)
    if condition is None:
        assert found == mean
        return
    assert f"<p:where> {condition} <p:data>" in joined(found)
    text = lexicalise(tuple(joined(found).split()), grounded)
    assert f"where=survived == {condition[-2]}" in text


def test_a_whole_table_is_taken_only_where_more_is_asked_than_some_columns() -> None:
    matrix = tuple("<op:stats.correlation_matrix> <p:x> <t0> <)>".split())
    assert takes_whole_table(matrix, ground("correlate scrap with cycle time", FILE))
    assert not takes_whole_table(matrix, ground("correlate scrap and humidity with all", FILE))
    pair = tuple("<op:stats.correlation> <p:x> <c0> <p:y> <c1> <)>".split())
    grounded = ground("is scrap correlated with cycle time", FILE)
    first = weighed([Candidate(matrix, -0.7, ""), Candidate(pair, -2.0, "")], grounded)[0]
    assert first.tokens == pair


def test_what_is_taught_stays_as_it_is() -> None:
    lessons = [x for x in all_lessons() if x.name.startswith(("question", "table_filter"))]
    rng, seen, changed = random.Random(11), 0, 0
    for _ in range(150):
        try:
            example = make_example(rng.choice(lessons), random.Random(rng.getrandbits(32)))
        except Misaligned:
            continue
        calls = calls_of(" ".join(example.program))
        seen += 1
        kept = with_comparisons(example.program, example.grounded.text) == example.program
        changed += not (
            kept
            and lengthened(calls, example.grounded) == calls
            and filtered(calls, example.grounded) == calls
        )
    assert seen > 120
    assert changed <= 3


@pytest.mark.parametrize(
    ("request_", "proposed", "meant"),
    [
        ("scrap by shift, exclude every row that is not of shift night", "<ne>", "<eq>"),
        ("describe the scrap, shift late excluded", "<eq>", "<ne>"),
        ("describe the scrap without the late shift", "<ne>", "<ne>"),
        ("describe the scrap of the late shift", "<eq>", "<eq>"),
    ],
)
def test_rows_left_out_twice_are_kept(request_: str, proposed: str, meant: str) -> None:
    grounded = ground(request_, FILE)
    (cell,) = grounded.of("s")
    shift = next(s.token for s in grounded.of("g") if s.value.name == "shift")
    tokens = (
        "<op:table.filter>",
        "<p:where>",
        shift,
        proposed,
        cell.token,
        "<p:data>",
        "<t0>",
        "<)>",
    )
    assert with_said_signs(tokens, grounded)[3] == meant


@pytest.mark.parametrize(
    ("request_", "column"),
    [
        ("mean scrap of parts hotter than 182", "melt_temp"),
        ("how many parts took over 30 s", "cycle_time_s"),
        ("how many parts are wider than 4", None),
    ],
)
def test_a_comparison_without_a_column_is_of_the_only_one_of_its_measure(
    request_: str, column: str | None
) -> None:
    grounded = ground(request_, FILE)
    words = grounded.text.partition(" | ")[0].split(" ")
    found = measured_column(words, words.index("<n0>"), grounded)
    assert (None if found is None else grounded.slot(found).value.name) == column


def test_rows_are_no_groups_and_measurements_no_counts() -> None:
    rows = 14
    table = Table(
        (
            Labels("lot", tuple(f"L{i}" for i in range(rows))),
            Sample("level", tuple(f"{i / 4}" for i in range(rows))),
            Sample("scratches", tuple(str(i % 3) for i in range(rows))),
        ),
        source="lots.csv",
    )
    grounded = ground("mean level of lots; chart of level", {"lots": table})
    c = {s.value.name: s.token for s in grounded.of("c", "g")}

    def wrong(call: str) -> int:
        for name, token in c.items():
            call = call.replace(name, token)
        return impossible([tuple(call.split())], grounded)

    group = "<op:table.group> <p:by> lot <p:column> level <p:data> <t0>"
    assert wrong(f"{group} <p:aggregate=mean> <)>") == 1
    assert wrong(f"{group} <p:aggregate=max> <)>") == 0
    assert wrong("<op:spc.c> <p:x> level <)>") == 1
    assert wrong("<op:spc.c> <p:x> scratches <)>") == 0


def test_what_a_request_denies_is_not_done() -> None:
    table = Table((Sample("heat", ("1", None, "3", "4")),), source="ovens.csv")
    fill = "<op:table.fill_missing> <p:columns> <c0> <p:data> <t0> <p:method=mean> <)>"
    tokens = tuple(f"{fill} <;> <op:stats.describe> <p:x> <res1.> <c0> <)>".split())
    for request, filled in (
        ("do not fill missing heat; mean of heat", False),
        ("mean of heat without imputing the gaps", False),
        ("fill missing heat with the mean, do not round; mean of heat", True),
    ):
        found = without_denied(tokens, ground(request, {"ovens": table}))
        assert ("<op:table.fill_missing>" in found) == filled


@pytest.mark.parametrize(
    ("request_", "kept"),
    [
        ("is scrap_pcs different between 'early' and 'late' shift", ["early", "late"]),
        ("scrap_pcs of the 'early' shift", ["early"]),
    ],
)
def test_a_comparison_of_two_groups_keeps_both(request_: str, kept: list[str]) -> None:
    grounded = ground(request_, {"runs": TABLE})
    c = {s.value.name: s.token for s in grounded.of("c", "g")}
    early = next(s.token for s in grounded.of("s") if str(s.value) == "early")
    tokens = (
        f"<op:table.filter> <p:where> {c['shift']} <eq> {early} <p:data> <t0> <)> <;> "
        f"<op:stats.t_test_two> <p:x> <res1.> {c['scrap_pcs']} <p:by> <res1.> {c['shift']} <)>"
    )
    found = with_both_groups(tuple(tokens.split()), grounded)
    words = {s.token: str(s.value) for s in grounded.of("s")}
    assert [words[t] for t in found if t in words] == kept


@pytest.mark.parametrize(
    ("request_", "plain"),
    [
        ("what is the mean of 3 4 5 9?", True),
        ("median of 3 4 5 9 please", True),
        ("is the mean of 3 4 5 9 off target?", False),
        ("does the median of 3 4 5 9 differ?", False),
    ],
)
def test_a_plain_figure_is_no_test_without_a_target(request_: str, plain: bool) -> None:
    tokens = ("<op:stats.t_test_one>", "<p:x>", "<c0>", "<p:target>", "<ask>", "<)>")
    found = without_test(tokens, ground(request_).text)
    assert found == (("<op:stats.describe>", "<p:x>", "<c0>", "<)>") if plain else tokens)
