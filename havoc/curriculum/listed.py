"""Requests that list their inputs by name, in any order: ``AQL 1%, beta 0.1; LTPD: 6%``.

People who know what an operation takes write its inputs as a list. Derived from the lessons' programs, such lists
teach that the word before a number says what the number is, wherever it stands in the list.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace

from havoc.curriculum.declared import terms_of
from havoc.curriculum.lesson import Lesson, Num
from havoc.tools.operation import operations

# What people call an input, by the name of the parameter.
CALLED = {
    "above": "(above|greater than|over|more than|>)",
    "aql": "(AQL|aql|acceptable quality level)",
    "arl0": "(ARL0|in-control ARL|arl 0)",
    "at_least": "(at least|>=|no fewer than|minimum)",
    "at_most": "(at most|<=|no more than|maximum)",
    "below": "(below|less than|under|<)",
    "c": "(c|acceptance number|Ac)",
    "c1": "(c1|Ac1)",
    "c2": "(c2|Ac2)",
    "chance": "(p|chance|success probability|probability of an event)",
    "confidence": "(confidence|conf|conf. level|confidence level)",
    "correlation": "(r|correlation|corr)",
    "defectives": "(defectives in the lot|bad units in the lot|D)",
    "degree": "(degree|m)",
    "df": "(df|DF|degrees of freedom|nu)",
    "df_1": "(df1|numerator df|df numerator|first df)",
    "df_2": "(df2|denominator df|df denominator|second df)",
    "difference": "(difference|delta|difference to detect|true difference|diff)",
    "effect": "(effect|effect size)",
    "events": "(events|number of events|x|count)",
    "events_1": "(x1|events 1|first count)",
    "events_2": "(x2|events 2|second count)",
    "exactly": "(exactly|precisely|x =)",
    "exposure": "(exposure|unit-hours|area of opportunity|t)",
    "exposure_1": "(exposure 1|t1|first exposure)",
    "exposure_2": "(exposure 2|t2|second exposure)",
    "failures": "(failures|number of failures|r|fails)",
    "h": "(h|decision interval|H)",
    "high": "(high|upper bound|maximum|b)",
    "k": "(k|reference value|slack|K)",
    "L": "(L|width of the limits|limit width)",
    "log_mean": "(log mean|mu of the logs|mean of ln x|mu)",
    "log_sd": "(log sd|sigma of the logs|sd of ln x|sigma)",
    "lot": "(lot|lot size|N|population size)",
    "low": "(low|lower bound|minimum|a)",
    "lower": "(lower|lower limit|from)",
    "lsl": "(LSL|lsl|lower spec limit|lower specification limit|lower limit)",
    "ltpd": "(LTPD|RQL|ltpd|lot tolerance percent defective|LQ)",
    "margin": "(margin|margin of error|E|half width|precision)",
    "mean": "(mean|xbar|average|x-bar|avg|mu|mean value)",
    "mean_1": "(mean1|xbar1|mean of the first|mean 1)",
    "mean_2": "(mean2|xbar2|mean of the second|mean 2)",
    "mean_difference": "(dbar|mean difference|mean of the differences)",
    "mtbf": "(MTBF|mtbf|mean time between failures)",
    "n": "(n|n|sample size|number of observations|size)",
    "n1": "(n1|first sample)",
    "n2": "(n2|second sample)",
    "n_1": "(n1|size of the first|n 1)",
    "n_2": "(n2|size of the second|n 2)",
    "n_components": "(components|number of components|q)",
    "n_factors": "(factors|number of factors|k)",
    "null": "(null value|H0 value|hypothesised value|null hypothesis)",
    "p": "(p|probability|cumulative probability|area to the left)",
    "p_1": "(p1|first proportion)",
    "p_2": "(p2|second proportion)",
    "power": "(power|desired power|target power)",
    "ratio": "(ratio|ratio of the standard deviations)",
    "reference": "(reference|master|reference value|true value)",
    "replicates": "(replicates|reps|replications)",
    "runs": "(runs|number of runs|run budget)",
    "scale": "(scale|scale parameter)",
    "sd": "(sd|s|sigma|standard deviation|std dev|stdev|SD|st. dev.)",
    "sd_1": "(s1|sd1|sd of the first|standard deviation 1)",
    "sd_2": "(s2|sd2|sd of the second|standard deviation 2)",
    "sd_difference": "(s_d|sd of the differences|sd diff)",
    "shape": "(shape|shape parameter)",
    "shape_1": "(first shape|shape 1|alpha)",
    "shape_2": "(second shape|shape 2|beta)",
    "sigma": "(sigma|known sigma|process sigma|true sd)",
    "subgroup": "(subgroup size|subgroups of)",
    "target": "(target|mu0|target value|nominal)",
    "time": "(test time|total time|time on test|T)",
    "tolerance": "(tolerance|tol|half tolerance)",
    "upper": "(upper|upper limit|to)",
    "usl": "(USL|usl|upper spec limit|upper specification limit|upper limit)",
    "weight": "(lambda|weight|smoothing constant|lam)",
}
_IS = "(=| = |: | | )"
_LISTS = 6  # templates for each lesson
_FRAMES = (
    "{term}: {list}",
    "{list}: {term}",
    "{term}, {list}",
    "{list} - {term}",
    "given {list}, {term}",
    "{term} (with|for) {list}",
    "{term}\n{list}",
    "{list}. {term} please",
)
_CALL = re.compile(r"(\w+\.\w+)\(((?:\w+=\{[\w.]+\}(?:, )?)*)(?:\{options\})?\)")


def with_lists(lesson: Lesson) -> Lesson:
    """The lesson with requests that list its numbers by name, where it has several, all of them nameable."""
    call = _CALL.fullmatch(lesson.program)
    if call is None:
        return lesson
    given = dict(re.findall(r"(\w+)=\{([\w.]+)\}", call[2]))
    numbers = {p: f for p, f in given.items() if isinstance(lesson.fields.get(f), Num)}
    data = [f for p, f in given.items() if p not in numbers]
    term = terms_of(operations()[call[1]])
    if len(numbers) < 2 or len(data) > 1 or not term or not numbers.keys() <= CALLED.keys():
        return lesson
    rng = random.Random(lesson.name)
    made = []
    for frame in rng.sample(_FRAMES, _LISTS):
        named = [f"{CALLED[p]}{_IS}{{{f}}}" for p, f in numbers.items()]
        rng.shuffle(named)
        listed = rng.choice((", ", ", ", "; ", "\n", " ")).join(named)
        text = frame.replace("{term}", term).replace("{list}", listed)
        made.append(text + "".join(f": {{{f}}}" for f in data))
    return replace(lesson, ask=(*lesson.ask, *made))
