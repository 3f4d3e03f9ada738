"""Expanded gage studies, gage stability, lognormal life, Johnson's system, semi-folds."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from statements import run

from havoc.errors import InputError
from havoc.tools.quality.johnson import fit_johnson, law_of
from havoc.tools.values import Labels, Sample, Table

AIAG = Path(__file__).parents[1] / "data" / "msa" / "aiag_grr.csv"


def aiag(rows: slice = slice(None)) -> Table:
    with AIAG.open() as lines:
        found = list(csv.DictReader(lines))[rows]
    return Table(
        (
            Sample("value", tuple(r["value"] for r in found)),
            Labels("part", tuple(r["part"] for r in found)),
            Labels("operator", tuple(r["operator"] for r in found)),
        )
    )


def test_a_balanced_expanded_study_is_the_anova_method() -> None:
    expanded = run(
        "g = quality.gage_expanded(d.value, d.part, d.operator, interaction=false)", d=aiag()
    )
    crossed = run("g = quality.gage_rr(d.value, d.part, d.operator)", d=aiag())
    for key in ("var_repeatability", "var_operator", "var_part", "pct_study_var_grr", "ndc"):
        assert expanded[key] == pytest.approx(crossed[key], rel=1e-8)


def test_an_unbalanced_study_agrees_with_statsmodels_mixed_model() -> None:
    from statsmodels.regression.mixed_linear_model import MixedLM

    table = aiag(slice(0, 83))
    ours = run("g = quality.gage_expanded(d.value, d.part, d.operator, interaction=false)", d=table)
    frame = table.frame()
    frame["one"] = 1
    model = MixedLM.from_formula(
        "value ~ 1", groups="one", re_formula="0", data=frame,
        vc_formula={"part": "0 + C(part)", "operator": "0 + C(operator)"},
    )  # fmt: skip
    fit = model.fit(reml=True)
    theirs = dict(zip(model.exog_vc.names, fit.vcomp, strict=True))
    assert ours["var_part"] == pytest.approx(theirs["part"], rel=2e-3)
    assert ours["var_operator"] == pytest.approx(theirs["operator"], rel=2e-3)
    assert ours["var_repeatability"] == pytest.approx(fit.scale, rel=2e-3)


def test_a_source_with_a_level_for_each_reading_is_refused() -> None:
    table = aiag()
    n = len(table.columns[0])
    own = Labels("run", tuple(f"r{i}" for i in range(n)))
    with pytest.raises(InputError, match="own 'run'"):
        run(
            "g = quality.gage_expanded(d.value, d.part, d.operator, others=[d.run])",
            d=Table((*table.columns, own)),
        )


def test_lognormal_fit_agrees_with_scipys_censored_fit() -> None:
    failures = [54, 187, 216, 240, 244, 335, 361, 373, 375, 386]
    ours = run(
        f"w = quality.lognormal_fit({failures}, n_censored=10, censor_time=500, t=[300], b=50)"
    )
    data = stats.CensoredData(uncensored=failures, right=[500] * 10)
    sigma, _, scale = stats.lognorm.fit(data, floc=0)
    assert ours["sigma"] == pytest.approx(sigma, rel=1e-3)
    assert ours["median"] == pytest.approx(scale, rel=1e-3)
    assert ours["b_life"] == pytest.approx(ours["median"])


def test_a_drifting_gage_is_not_stable() -> None:
    rng = np.random.default_rng(4)
    rows = [[round(10 + 0.02 * i + rng.normal(0, 0.02), 3) for _ in range(4)] for i in range(20)]
    found = run(f"g = quality.gage_stability({rows}, reference=10)")
    assert found["drift"] == pytest.approx(0.02, abs=0.004)
    assert found["p_drift"] < 1e-6
    assert found.result.conclusion.startswith("The gage is not stable")


@pytest.mark.parametrize(
    "law",
    [
        stats.johnsonsu(-1, 1.5, loc=10, scale=2),
        stats.johnsonsb(1, 1.2, loc=5, scale=10),
        stats.gamma(4),
    ],
)
def test_johnsons_system_finds_the_percentiles_of_skewed_laws(law: object) -> None:
    y = law.rvs(4000, random_state=np.random.default_rng(2))  # type: ignore[attr-defined]
    fitted = law_of(fit_johnson(y))
    shares = [0.01, 0.25, 0.5, 0.75, 0.99]
    assert fitted.ppf(shares) == pytest.approx(law.ppf(shares), rel=0.06)  # type: ignore[attr-defined]


def test_a_limit_beyond_a_bounded_fit_is_refused() -> None:
    with pytest.raises(InputError, match="bounded distribution"):
        run(
            "c = quality.capability_nonnormal([1.2, 0.7, 2.9, 1.6, 0.9, 4.1, 1.1, 2.2, 1.4, 0.8, "
            "3.3, 1.9], usl=9, method=johnson)"
        )


def test_a_semi_fold_adds_half_the_runs() -> None:
    from havoc.dsl.executor import run_text

    steps = run_text(
        "first = doe.fractional_factorial(n_factors=6, runs=16)\n"
        "both = doe.fold_over(first, on=A, semi=B)\nboth2 = doe.fold_over(first, on=A)"
    ).steps
    assert steps[1].result.values["added_runs"] == 8
    assert steps[2].result.values["added_runs"] == 16
    added = list(steps[1].result.table("coded design").rows)[16:]
    assert all(row[2] == 1 for row in added)  # B is high in every added run
