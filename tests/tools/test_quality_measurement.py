"""Gage studies against AIAG's worked examples."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from statements import run

from havoc.errors import InputError
from havoc.tools.values import Labels, Sample, Table

MSA = Path(__file__).parents[1] / "data" / "msa"
AIAG = json.loads((MSA / "aiag_grr_published.json").read_text())


def aiag(file: str = "aiag_grr.csv") -> Table:
    with (MSA / file).open() as lines:
        rows = list(csv.DictReader(lines))
    return Table(
        (
            Sample("value", tuple(r["value"] for r in rows)),
            Labels("part", tuple(r["part"] for r in rows)),
            Labels("operator", tuple(r["operator"] for r in rows)),
        )
    )


CALL = "g = quality.gage_rr(d.value, part=d.part, operator=d.operator"


def test_aiag_anova_pools_the_interaction_and_finds_four_categories() -> None:
    found = run(f"{CALL})", d=aiag()).result.values
    published = AIAG["published_anova"]
    assert found["pooled"] is True
    assert found["p_interaction"] == pytest.approx(0.9741, abs=5e-5)
    assert found["ss_part"] == pytest.approx(published["SS"]["part"], abs=5e-5)
    assert found["ss_interaction"] == pytest.approx(published["SS"]["appraiser_by_part"], abs=5e-5)
    for key, value in published["pooled"].items():
        assert found[key] == pytest.approx(value, abs=6e-6 if key != "PV" else 6e-5)
    assert found["pct_study_var_grr"] == pytest.approx(27.9, abs=0.05)
    assert found["ndc"] == 4


# Houf and Berman (1988): thermal performance of modules (data: SAS sample library, VARCEX2). Limits
# as a test of the R package gaugerr has them, which follows Burdick, Borror and Montgomery (2005).
HOUF_BERMAN = {
    "repeatability": (0.51111111, 0.368157535, 0.7575430447),
    "part": (48.29259259, 22.694519080, 161.6391841517),
    "operator": (0.56460905, 0.072961525, 25.7507696003),
    "interaction": (0.72798354, 0.332725386, 1.7927201819),
    "reproducibility": (1.29259259, 0.612491664, 26.4986365504),
    "grr": (1.80370370, 1.206225574, 27.0172388372),
}


@pytest.mark.parametrize("source", sorted(HOUF_BERMAN))
def test_variances_of_a_gage_study_have_modified_large_sample_limits(source: str) -> None:
    found = run(f"{CALL})", d=aiag("houf_berman.csv"))
    estimate, low, high = HOUF_BERMAN[source]
    assert found[f"var_{source}"] == pytest.approx(estimate, abs=5e-9)
    assert found[f"var_{source}_ci_low"] == pytest.approx(low, abs=5e-9)
    assert found[f"var_{source}_ci_high"] == pytest.approx(high, abs=5e-9)


def test_total_variance_and_the_gage_s_share_have_limits() -> None:
    found = run(f"{CALL})", d=aiag("houf_berman.csv"))
    assert found["var_total_ci_low"] == pytest.approx(24.488435035, abs=5e-9)
    # gaugerr's upper limit 166.2207 lacks a square of one coefficient; it moves the fifth digit
    assert found["var_total_ci_high"] == pytest.approx(166.2206934241, rel=2e-5)
    # part over gage variance 1.691679513 to 105.6089533996
    shares = [100 / (1 + ratio) ** 0.5 for ratio in (105.6089533996, 1.691679513)]
    assert found["pct_study_var_grr_ci_low"] == pytest.approx(shares[0], abs=1e-7)
    assert found["pct_study_var_grr_ci_high"] == pytest.approx(shares[1], abs=1e-7)


def test_limits_cover_a_pooled_study_s_components_and_widen_with_confidence() -> None:
    found = {c: run(f"{CALL}, confidence={c})", d=aiag()) for c in ("0.8", "0.99")}
    assert found["0.8"]["pooled"] is True
    for key in ("repeatability", "operator", "reproducibility", "grr", "part", "total"):
        narrow, wide = (
            [r[f"var_{key}_ci_low"], r[f"var_{key}"], r[f"var_{key}_ci_high"]]
            for r in found.values()
        )
        assert wide[0] < narrow[0] < narrow[1] < narrow[2] < wide[2], key


def test_one_operator_has_limits_of_parts_and_repeatability() -> None:
    one = "g = quality.gage_rr([5, 5.1, 6, 6.1, 7.1, 7], part=[1, 1, 2, 2, 3, 3], operator=[1, 1, 1, 1, 1, 1])"
    found = run(one)
    # 3 degrees of freedom: 3 s²/9.348 to 3 s²/0.2158
    assert found["var_repeatability_ci_low"] == pytest.approx(3 * 0.005 / 9.348404, rel=1e-6)
    assert found["var_repeatability_ci_high"] == pytest.approx(3 * 0.005 / 0.2157953, rel=1e-6)
    assert "var_operator_ci_low" not in found.result.values


def test_aiag_average_range_method_finds_five_categories() -> None:
    found = run(f"{CALL}, method=range)", d=aiag()).result.values
    # The book rounds the mean range to 0.3417 first.
    for key, value in AIAG["published_average_range"].items():
        if key in ("EV", "AV", "GRR", "PV", "TV"):
            assert found[key] == pytest.approx(value, rel=3e-4)
    assert found["pct_study_var_part"] == pytest.approx(96.38, abs=0.02)
    assert found["ndc"] == 5


def test_without_pooling_the_interaction_component_is_cut_at_zero() -> None:
    found = run(f"{CALL}, alpha=1)", d=aiag()).result.values
    assert found["pooled"] is False
    assert found["var_interaction"] == 0
    assert found["f_part"] == pytest.approx(492.29, abs=0.01)
    assert found["f_operator"] == pytest.approx(79.41, abs=0.01)


def test_shares_of_variance_add_up_to_a_hundred() -> None:
    found = run(f"{CALL}, tolerance=8)", d=aiag()).result.values
    assert found["pct_contribution_grr"] + found["pct_contribution_part"] == pytest.approx(100)
    assert found["pct_tolerance_grr"] == pytest.approx(100 * 6 * found["GRR"] / 8)


def test_an_unbalanced_study_names_the_short_cell() -> None:
    short = aiag().take(range(89))
    with pytest.raises(InputError, match="not balanced"):
        run(f"{CALL})", d=short)


def test_aiag_linearity_of_the_gage() -> None:
    with (MSA / "gage_linearity.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    table = Table(tuple(Sample(k, tuple(r[k] for r in rows)) for k in ("ref", "y")))
    found = run("g = quality.gage_linearity(d.y, reference=d.ref)", d=table).result.values
    assert found["slope"] == pytest.approx(-0.131667, abs=5e-7)
    assert found["intercept"] == pytest.approx(0.736667, abs=5e-7)
    assert found["r2"] == pytest.approx(0.714318, abs=5e-7)
    assert found["t_slope"] == pytest.approx(-12.04256, abs=5e-6)
    assert found["s"] == pytest.approx(0.23954, abs=5e-6)


def test_type_one_study_separates_spread_from_bias() -> None:
    readings = (
        "10.003 10.001 10.004 9.999 10.002 10.003 10.000 10.002 10.001 10.003 10.002 10.001 10.004 "
        "10.000 10.002 10.003 10.001 10.002 10.000 10.002"
    ).replace(" ", ", ")
    found = run(
        f"g = quality.gage_type1([{readings}], reference=10.000, tolerance=0.06)"
    ).result.values
    assert found["cg"] == pytest.approx(1.4580377655857062)
    assert found["cgk"] == pytest.approx(1.0327767506229046)
    assert found["p_bias"] < 0.001


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("quality.gage_type1([1, 1, 1], reference=1, tolerance=1)", "do not vary"),
        ("quality.gage_linearity([1, 2, 3, 4], reference=[1, 1, 1, 1])", "different reference"),
    ],
)
def test_refusals_say_what_is_wrong(statement: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        run(f"g = {statement}")


def test_a_reading_without_operator_is_refused() -> None:
    table: dict[str, Any] = {
        "x": Sample.of([1, 2, 3, 4]),
        "p": Labels("p", ("a", "a", "b", "b")),
        "o": Labels("o", ("u", None, "u", "u")),
    }
    with pytest.raises(InputError, match="missing"):
        run("g = quality.gage_rr(x, part=p, operator=o)", **table)
