"""Plain questions about an attached file are read word by word: conditions, figures, groups, new columns."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest

from havoc.dsl.executor import run_text
from havoc.dsl.grounding.ground import ground
from havoc.dsl.planning import lexicalise
from havoc.srs.questions import said_question
from havoc.tools.values import Labels, Sample, Table

_RNG = random.Random(4)
_N = 60


def _words(*levels: str) -> tuple[str, ...]:
    return tuple(_RNG.choice(levels) for _ in range(_N))


def _numbers(low: int, high: int, decimals: int = 0) -> tuple[str, ...]:
    return tuple(f"{_RNG.uniform(low, high):.{decimals}f}" for _ in range(_N))


TABLE = Table(
    (
        Labels("Booking Ref", tuple(f"B{i:03d}" for i in range(_N))),
        Labels("Hotel", _words("Alpina", "Bellevue", "Corona", "Dolomiti")),
        Labels("Guest Sex", _words("F", "M")),
        Sample("Guest_Age", _numbers(18, 90)),
        Labels("Breakfast", _words("yes", "no")),
        Sample("Repeat Guest", _words("0", "1")),
        Sample("Star Rating", _words("3", "4", "5")),
        Sample("Room Rate (EUR)", _numbers(60, 300, 2)),
        Sample("Nights", _numbers(1, 14)),
        Sample("Spa Bill", _numbers(-20, 90, 1)),
        Sample("Snow Depth_cm", _numbers(0, 200)),
        Labels("Arrival", tuple(f"2023-{1 + i % 12:02d}-{1 + i % 28:02d}" for i in range(_N))),
        Labels("Room Type", _words("single", "double", "suite", "semi-suite")),
        Labels("Desk", _words("D-01", "D-02", "D-03")),
    ),
    source="stays.csv",
)


def said(request: str) -> str | None:
    """The program of a request, without the declaration of its file, run once."""
    grounded = ground(request, {"stays.csv": TABLE})
    found = said_question(grounded)
    if found is None:
        return None
    program = lexicalise(found.tokens, replace(grounded, slots=(*grounded.slots, *found.slots)))
    run_text(program, files={"stays.csv": TABLE})
    return "; ".join(program.strip().split("\n")[1:])


@pytest.mark.parametrize(
    ("request_", "where"),
    [
        ("How many guests of the Bellevue had breakfast?", 'Hotel == "Bellevue" and Breakfast == "yes"'),
        ("number of men who are no repeat guests", '`Guest Sex` == "M" and `Repeat Guest` != 1'),
        ("Count the stays with a star rating of 4 or more and at most 3 nights", "`Star Rating` >= 4 and Nights <= 3"),
        ("how many women over 65", '`Guest Sex` == "F" and Guest_Age > 65'),
        ("number of stays without breakfast over 200 euros", 'Breakfast == "no" and `Room Rate (EUR)` > 200'),
        ("how many stays had over 120 cm of snow", "`Snow Depth_cm` > 120"),
        ("How many guests arrived in March", "month(Arrival) == 3"),
        ("how many stays with a negative spa bill", "`Spa Bill` < 0"),
        ("How many stays at desk D-02?", 'Desk == "D-02"'),
        ("how many semi-suite stays lasted 2 nights", '`Room Type` == "semi-suite" and Nights == 2'),
        ("How many stays in the Corona or the Alpina?", 'Hotel == "Corona" or Hotel == "Alpina"'),
        ("on how many stays was the spa bill higher than the room rate", "`Spa Bill` > `Room Rate (EUR)`"),
    ],
)  # fmt: skip
def test_rows_are_counted_that_meet_every_condition(request_: str, where: str) -> None:
    assert said(request_) == f"r1 = table.count(data=stays, where={where})"


@pytest.mark.parametrize(
    ("request_", "program"),
    [
        (
            "What share of the guests in the Dolomiti had breakfast?",
            'r1 = table.filter(data=stays, where=Hotel == "Dolomiti"); '
            'r2 = table.count(data=r1, where=Breakfast == "yes")',
        ),
        (
            "percentage of double stays among repeat guests",
            "r1 = table.filter(data=stays, where=`Repeat Guest` == 1); "
            'r2 = table.count(data=r1, where=`Room Type` == "double")',
        ),
        (
            "Which hotel has the highest share of guests with breakfast?",
            'r1 = table.derive(data=stays, share_Breakfast=Breakfast == "yes"); '
            "r2 = table.group(data=r1, by=r1.Hotel, column=r1.share_Breakfast, aggregate=mean)",
        ),
    ],
)
def test_a_share_is_counted_among_the_rows_it_is_of(request_: str, program: str) -> None:
    assert said(request_) == program


@pytest.mark.parametrize(
    ("request_", "program"),
    [
        (
            "top 2 hotels by average room rate",
            "r1 = table.group(data=stays, by=stays.Hotel, column=stays.`Room Rate (EUR)`, aggregate=mean); "
            "r2 = table.top(data=r1, by=r1.`mean_Room Rate (EUR)`, n=2, which=largest)",
        ),
        (
            "For single rooms only: total spa bill per month",
            'r1 = table.filter(data=stays, where=`Room Type` == "single"); '
            "r2 = table.group(data=r1, by=r1.Arrival, column=r1.`Spa Bill`, aggregate=sum, part=month)",
        ),
        (
            "median nights by hotel and desk for guests older than 40",
            "r1 = table.filter(data=stays, where=Guest_Age > 40); "
            "r2 = table.group(data=r1, by=[r1.Hotel, r1.Desk], column=r1.Nights, aggregate=median)",
        ),
        (
            "the 4 longest stays by nights in the Corona",
            'r1 = table.filter(data=stays, where=Hotel == "Corona"); '
            "r2 = table.top(data=r1, by=r1.Nights, n=4, which=largest)",
        ),
        (
            "80th percentile of the room rate for repeat guests",
            "r1 = table.filter(data=stays, where=`Repeat Guest` == 1); "
            "r2 = stats.percentile(x=r1.`Room Rate (EUR)`, p=80%)",
        ),
        (
            "add a column rate per night (room rate divided by nights) and give its mean by room type",
            "r1 = table.derive(data=stays, rate_per_Nights=`Room Rate (EUR)` / Nights); "
            "r2 = table.group(data=r1, by=r1.`Room Type`, column=r1.rate_per_Nights, aggregate=mean)",
        ),
        (
            "mean nights of stays with a meal in the morning and of stays without breakfast",
            "r1 = table.group(data=stays, by=stays.Breakfast, column=stays.Nights, aggregate=mean)",
        ),
        (
            "correlation between nights and spa bill in the Alpina",
            'r1 = table.filter(data=stays, where=Hotel == "Alpina"); '
            "r2 = stats.correlation(x=r1.Nights, y=r1.`Spa Bill`)",
        ),
    ],
)
def test_figures_are_told_of_the_rows_and_groups_asked_for(request_: str, program: str) -> None:
    assert said(request_) == program


@pytest.mark.parametrize(
    ("request_", "program"),
    [
        (
            "Fill the missing spa bills with the median and then report the mean spa bill per hotel",
            "r1 = table.fill_missing(data=stays, columns=stays.`Spa Bill`, method=median); "
            "r2 = table.group(data=r1, by=r1.Hotel, column=r1.`Spa Bill`, aggregate=mean)",
        ),
        (
            "Drop rows where guest age is missing. What is the correlation of guest age with nights?",
            "r1 = table.drop_missing(data=stays, columns=stays.Guest_Age); "
            "r2 = stats.correlation(x=r1.Guest_Age, y=r1.Nights)",
        ),
        (
            "Find the outliers of the spa bill with z-scores (threshold 2.5), remove them, and give the mean spa bill.",
            "r1 = table.remove_outliers(data=stays, column=stays.`Spa Bill`, method=zscore, threshold=2.5); "
            "r2 = stats.describe(x=r1.`Spa Bill`)",
        ),
        (
            "Impute snow depth blanks with the mean. How does its standard deviation change?",
            "r1 = stats.describe(x=stays.`Snow Depth_cm`); "
            "r2 = table.fill_missing(data=stays, columns=stays.`Snow Depth_cm`, method=mean); "
            "r3 = stats.describe(x=r2.`Snow Depth_cm`)",
        ),
        (
            "skewness of the room rate before and after a log transformation",
            "r1 = table.derive(data=stays, log_Room=log(`Room Rate (EUR)`)); "
            "r2 = stats.describe(x=r1.`Room Rate (EUR)`); r3 = stats.describe(x=r1.log_Room)",
        ),
        (
            "Convert snow depth to inches (divide by 2.54), report the median",
            "r1 = table.derive(data=stays, Snow_converted=`Snow Depth_cm` / 2.54); "
            "r2 = stats.describe(x=r1.Snow_converted)",
        ),
    ],
)
def test_the_table_is_prepared_before_the_figure_is_taken(request_: str, program: str) -> None:
    assert said(request_) == program


@pytest.mark.parametrize(
    ("request_", "program"),
    [
        (
            "Kruskal-Wallis test of the room rate between hotels at alpha 0.01",
            "r1 = stats.kruskal_wallis(value=stays.`Room Rate (EUR)`, by=stays.Hotel, alpha=0.01)",
        ),
        (
            "Compare the Alpina with the Corona on nights by a Mann-Whitney test (5 % level)",
            'r1 = table.filter(data=stays, where=Hotel == "Alpina" or Hotel == "Corona"); '
            "r2 = stats.mann_whitney(x=r1.Nights, by=r1.Hotel, alpha=5%)",
        ),
        (
            "For suites only: Levene test of the spa bill between men and women",
            'r1 = table.filter(data=stays, where=`Room Type` == "suite"); '
            "r2 = stats.equal_variances(value=r1.`Spa Bill`, by=r1.`Guest Sex`, method=levene)",
        ),
        (
            "regression of room rate on nights and snow depth, hotel Dolomiti excluded",
            'r1 = table.filter(data=stays, where=Hotel != "Dolomiti"); '
            "r2 = stats.regression(y=r1.`Room Rate (EUR)`, x=[r1.Nights, r1.`Snow Depth_cm`])",
        ),
        (
            "Apply a log transformation to nights and check normality with Shapiro-Wilk",
            "r1 = table.derive(data=stays, log_Nights=log(Nights)); "
            "r2 = stats.normality(x=r1.log_Nights, method=shapiro_wilk)",
        ),
    ],
)
def test_a_named_test_is_made_of_the_rows_and_groups_said(request_: str, program: str) -> None:
    assert said(request_) == program


@pytest.mark.parametrize(
    "request_",
    [
        "mean room rate per season in the Corona",  # no column of seasons
        "not the mean, the median of nights per hotel",
        "which floor has the highest mean room rate in the Alpina",
        "average nights of guests in the Alpina and the Corona after removing outliers",
        "is the mean spa bill of women different from that of men",
        "how many rows of breakfast are missing in the Corona",
        "total room rate in the Alpina weighted by nights",
        "what is the room rate",
        "count the outliers of the spa bill by the IQR rule and give its mean",  # none is removed
        "correlation of nights and spa bill for the Alpina and another one for the Corona",
    ],
)
def test_what_asks_for_more_or_other_than_was_read_is_left_to_the_model(request_: str) -> None:
    assert said(request_) is None


def test_long_requests_are_read_fast() -> None:
    said("mean nights per hotel")  # what is loaded once
    request = "How many guests of the Bellevue had breakfast? " * 420
    grounded = ground(request, {"stays.csv": TABLE})
    started = time.perf_counter()
    said_question(grounded)
    assert time.perf_counter() - started < 1
