"""Control charts of residuals of autocorrelated readings: against R and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest

from havoc.dsl.executor import Step, conclusion_text, run_text
from havoc.errors import InputError

# level of Lake Huron in feet, 1875-1972 (Brockwell and Davis 1991, R's LakeHuron)
HURON = [
    580.38, 581.86, 580.97, 580.80, 579.79, 580.39, 580.42, 580.82, 581.40, 581.32, 581.44, 581.68,
    581.17, 580.53, 580.01, 579.91, 579.14, 579.16, 579.55, 579.67, 578.44, 578.24, 579.10, 579.09,
    579.35, 578.82, 579.32, 579.01, 579.00, 579.80, 579.83, 579.72, 579.89, 580.01, 579.37, 578.69,
    578.19, 578.67, 579.55, 578.92, 578.09, 579.37, 580.13, 580.14, 579.51, 579.24, 578.66, 578.86,
    578.05, 577.79, 576.75, 576.75, 577.82, 578.64, 580.58, 579.48, 577.38, 576.90, 576.94, 576.24,
    576.84, 576.85, 576.90, 577.79, 578.18, 577.51, 577.23, 578.42, 579.61, 579.05, 579.26, 579.22,
    579.38, 579.10, 577.95, 578.12, 579.75, 580.85, 580.41, 579.96, 579.61, 578.76, 578.18, 577.21,
    577.13, 579.10, 578.25, 577.91, 576.89, 575.96, 576.80, 577.68, 578.38, 578.52, 579.74, 579.31,
    579.89, 579.96,
]  # fmt: skip
# flow of the Nile at Aswan, 1871-1970 (Cobb 1978, R's Nile)
NILE = [
    1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180,
    799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833,
    701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845,
    864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649,
    846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975, 815,
    1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
]  # fmt: skip


def charted(x: list[float], options: str = "") -> Step:
    (step,) = run_text(f"r = spc.residual_chart({x}{options})").steps
    assert all(c.passed for c in step.checks), [c for c in step.checks if not c.passed]
    return step


def test_the_autoregression_and_its_limits_are_those_of_r() -> None:
    found = charted(HURON).result.values
    # R: lm(x[-1] ~ x[-n]), the mean moving range of its residuals over d2, and acf
    assert found["constant"] == pytest.approx(94.712574379346933, rel=1e-9)
    assert found["phi"] == pytest.approx(0.836411314843218, rel=1e-11)
    assert found["mr_bar"] == pytest.approx(0.703702894475936, rel=1e-9)
    assert found["ucl"] == pytest.approx(3 * 0.623640452603615, rel=1e-9)
    assert found["lcl"] == -found["ucl"]
    assert found["r1"] == pytest.approx(0.831911210352453, rel=1e-9)
    assert found["r1_residuals"] == pytest.approx(0.18554929310916, rel=1e-9)


def test_residuals_are_those_of_statsmodels() -> None:
    from statsmodels.tsa.ar_model import AutoReg

    residuals = charted(HURON).result.data.sample("residual").values
    np.testing.assert_allclose(residuals, AutoReg(np.array(HURON), 1).fit().resid, atol=1e-9)


def test_the_ewma_has_the_weight_of_least_squares() -> None:
    step = charted(NILE, ", model=ewma")
    # R: optimize() over the sum of squared one-step errors; HoltWinters() stops at 0.24655788
    assert step.result.values["weight"] == pytest.approx(0.246564257890506, abs=1e-6)
    residuals = step.result.data.sample("residual").values
    assert float(residuals @ residuals) == pytest.approx(2.03887183281801e06, rel=1e-12)


def test_a_random_walk_is_predicted_by_its_last_value() -> None:
    assert charted(HURON, ", model=ewma").result.values["weight"] > 0.99  # R: 0.99993


def test_a_shift_after_phase_one_is_found_where_it_happens() -> None:
    shifted = [*HURON[:60], *(v + 4 for v in HURON[60:80])]
    found = charted(shifted, ", phase1=60").result.values
    assert 61 in found["out_of_control"]
    assert found["phi"] == pytest.approx(charted(HURON[:60]).result.values["phi"])


def test_the_level_does_not_matter() -> None:
    near = charted(HURON).result.values
    far = charted([round(v + 1e9, 2) for v in HURON]).result.values
    for key in ("phi", "sigma", "r1", "ucl"):
        assert far[key] == pytest.approx(near[key], rel=1e-9), key
    assert far["signal_points"] == near["signal_points"]


def test_an_ordinary_chart_of_the_readings_cries_wolf_and_this_one_does_not() -> None:
    plain = run_text(f"r = spc.i_mr({HURON}, rules=limits)").steps[0].result.values
    found = charted(HURON, ", rules=limits").result.values
    assert len(plain["out_of_control"]) > 10
    assert len(found["out_of_control"]) <= 2


def test_the_conclusion_writes_a_negative_coefficient_as_a_person_would() -> None:
    x = [10, 12.1, 9.7, 12.4, 9.2, 12.0, 10.3, 11.9, 9.5, 12.6, 9.9, 11.8]
    text = conclusion_text(charted(x).result)
    assert " - 0." in text
    assert "+ -" not in text


def test_readings_without_autocorrelation_are_sent_to_the_ordinary_chart() -> None:
    x = [10.1, 9.8, 10.3, 10.0, 9.7, 9.9, 10.4, 10.2, 9.6, 9.9, 10.2, 9.8, 10.1, 10.0, 10.3, 9.9]
    assert any("spc.i_mr" in w for w in charted(x).result.warnings)


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("[1, 2, 3, 4, 5]", "10"),
        ("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]", "no residuals that vary"),
        ("[5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5]", "do not vary"),
        (f"{HURON}, weight=0.3", "weight= belongs to model=ewma"),
        (f"{HURON}, phase1=8", "too few to fit"),
        (f"{HURON}, phase1=200", "there are 98 readings"),
    ],
)
def test_what_cannot_be_modelled_is_refused(program: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        run_text(f"r = spc.residual_chart({program})")
