"""Asking for Taguchi arrays, folded designs and split-plot designs."""

from __future__ import annotations

from havoc.curriculum.lesson import FactorList, Lesson, Num, Option
from havoc.curriculum.lessons.doe_factorial import REPLICATES, RUN_LIST, SEED, STORY

ARRAY_WORD = "(taguchi|orthogonal array|taguchi orthogonal array|OA|taguchi array)"


def _array(name: str, k: tuple[int, int], levels: int, words: str) -> Lesson:
    """Requests for one array by its name, with a number of factors that it holds."""
    return Lesson(
        f"doe_taguchi_{name.lower()}",
        f"doe.taguchi(n_factors={{k}}, levels={levels}, array={name}, {{options}})",
        (
            f"(taguchi|) {name} (array|orthogonal array|design|) (for|with) {{k}} @factors {RUN_LIST}",
            f"(use|take|run|set up) (an|the) {name} with {{k}} {words} @factors",
            f"{name}, {{k}} @factors (at {words} each|) {RUN_LIST}",
            f"{{k}} {words} @factors on (an|the) {name}",
            f"(array|design|inner array)(:|=| =) {name}(,|;) (factors|k)(:|=| =) {{k}}( {RUN_LIST}|)",
            f"(Minitab|JMP|qualityTools|oa.design) taguchi {name}, {{k}} factors",
            f"(assign|put|place) {{k}} {words} @factors (on|to|into) the columns of (an|the|Taguchi's) {name}",
            f"(signal to noise|S/N|robust design) (study|experiment) with {{k}} control @factors in (an|the) {name}",
        ),
        {"k": Num(*k, integer=True)},
        (SEED,),
        weight=0.3,
    )


TAGUCHI = (
    Lesson(
        "doe_taguchi",
        "doe.taguchi({factors}, {options})",
        (
            "@make a " + ARRAY_WORD + " (@design|) for {factors}",
            ARRAY_WORD + " (for|with|:) {factors}",
            "{factors} - (which|what) " + ARRAY_WORD + " (fits|do I need|suits|is the smallest)?",
            "robust (parameter|) design (study|experiment|) with {factors}, (pick|choose) (an|the) orthogonal array",
            STORY + " the quality people want a taguchi (plan|experiment) on {factors}",
            "(smallest|right) L-array for {factors}",
            "taguchi style (screening|optimisation) of {factors}, inner array only",
            "(Minitab Create Taguchi Design|JMP Taguchi arrays|R qualityTools taguchiDesign|DoE.base oa.design)(:|,|;) {factors}",
            "(factors|control factors|parameters)(:| =|) {factors}(;|.|,) (design|want|type)(:|) (taguchi|orthogonal array)",
            "(control factors|signal to noise study with) {factors}(:|,|;) (which|the) (L-array|orthogonal array|taguchi layout)",
            "(balanced|orthogonal) (fraction|array) in the taguchi manner for {factors}",
            "(our japanese customer|the black belt|my professor) (wants|insists on) Taguchi(:|;|,) {factors}",
            "(make|keep) the (product|process) insensitive to noise(:|,|;) {factors}, taguchi (array|plan)",
        ),
        {"factors": FactorList((3, 4), "levels")},
        (SEED, REPLICATES),
    ),
    Lesson(
        "doe_taguchi_three_levels",
        "doe.taguchi(n_factors={k}, levels=3, {options})",
        (
            ARRAY_WORD + " for {k} @factors at (three|3) levels (each|)",
            "{k} three-level @factors, (smallest|which) " + ARRAY_WORD,
            "(which|what) (L array|taguchi array|orthogonal array) (do I use|fits|for) {k} @factors with 3 levels (each|)",
            "taguchi @design, {k} variables, low/medium/high (each|)",
            "(factors|k)(:|=| =) {k}(,|;) levels(:|=| =) 3(,|;) (taguchi|orthogonal array)",
            "(Minitab|JMP|oa.design) (taguchi|orthogonal array)(:|,) 3-level, {k} factors",
            "{k} control factors, three settings (each|apiece), taguchi (layout|array|plan)",
            "(do I need|is it) (L9, L18 or L27|L9 or L27) for {k} three-level @factors",
            "(three|3)-level orthogonal array (holding|with room for|that takes) {k} @factors",
        ),
        {"k": Num(3, 9, integer=True)},
        (SEED,),
    ),
    Lesson(
        "doe_taguchi_two_levels",
        "doe.taguchi(n_factors={k}, levels=2, {options})",
        (
            ARRAY_WORD + " for {k} @factors at (two|2) levels (each|)",
            "{k} two-level @factors, (smallest|which) " + ARRAY_WORD,
            "taguchi @design, {k} variables, low/high (each|)",
            "(factors|k)(:|=| =) {k}(,|;) levels(:|=| =) 2(,|;) (taguchi|orthogonal array)",
            "(Minitab|JMP|oa.design) (taguchi|orthogonal array)(:|,) 2-level, {k} factors",
            "{k} control factors, two settings (each|apiece), taguchi (layout|array|plan)",
            "(do I need|is it) (L4, L8 or L12|L8, L12 or L16) for {k} two-level @factors",
            "(two|2)-level orthogonal array of taguchi (holding|with room for) {k} @factors",
            "Taguchi's (smallest|) L-array for {k} two-level (parameters|control factors)",
        ),
        {"k": Num(3, 11, integer=True)},
        (SEED,),
        weight=0.8,
    ),
    Lesson(
        "doe_taguchi_four_levels",
        "doe.taguchi(n_factors={k}, levels=4, {options})",
        (
            ARRAY_WORD + " for {k} @factors at (four|4) levels (each|)",
            "{k} four-level @factors on an orthogonal array",
            "(factors|k)(:|=| =) {k}(,|;) levels(:|=| =) 4(,|;) (taguchi|orthogonal array)",
            "{k} control factors, four settings (each|apiece), taguchi (layout|array|plan)",
            "(four|4)-level orthogonal array (holding|with room for|that takes) {k} @factors",
            "taguchi @design, {k} (variables|@factors), four levels (each|)",
            "(which|what) (L array|taguchi array) for {k} @factors with (four|4) levels",
            "(Minitab|JMP|oa.design) (taguchi|orthogonal array)(:|,) 4-level, {k} factors",
        ),
        {"k": Num(3, 5, integer=True)},
        (SEED,),
        weight=0.3,
    ),
    _array("L8", (3, 7), 2, "(two|2)-level"),
    _array("L9", (2, 4), 3, "(three|3)-level"),
    _array("L12", (4, 11), 2, "(two|2)-level"),
    _array("L16", (5, 15), 2, "(two|2)-level"),
    _array("L18", (3, 7), 3, "(three|3)-level"),
    _array("L27", (4, 13), 3, "(three|3)-level"),
    _array("L25", (3, 6), 5, "(five|5)-level"),
    _array("L36", (4, 12), 3, "(three|3)-level"),
    _array("L4", (2, 3), 2, "(two|2)-level"),
    _array("L32", (8, 31), 2, "(two|2)-level"),
)

FOLD = "(fold it over|add (the|its|a) (fold-?over|mirror image|reflection)|then reverse all the signs and run (it|that) too|augment it by its fold-?over)"
FOLD_OVER = (
    Lesson(
        "doe_fold_over_fraction",
        "doe.fractional_factorial(n_factors={k}, runs={n}); doe.fold_over(design=r1, {options})",
        (
            "{k} @factors in {n} runs, then " + FOLD,
            "@make a {n}-run fraction for {k} @factors and " + FOLD,
            "resolution III fraction with {k} @factors, {n} runs; "
            + FOLD
            + " (, what resolution (results|do I get)|)",
            "(de-alias|clear) the main effects of a {n}-run screening (@design|) with {k} @factors by (folding over|a foldover)",
            "(FrF2|Minitab 2-level factorial), {k} factors, {n} runs, (then|and) (fold on all factors|foldover of everything)",
            "(runs|N)(:|=| =) {n}(,|;) (factors|k)(:|=| =) {k}(,|;) (then|followed by) a full (fold-over|foldover)",
            "(combine|join) the {n}-run fraction in {k} @factors with its (mirror image|complement of signs|foldover)",
            "(raise|lift) a {k}-factor {n}-run resolution III (plan|fraction) to resolution IV by (folding|a foldover)",
            "second block with all signs (reversed|flipped) after the {n}-run fraction for {k} @factors",
        ),
        {"k": Num(5, 7, integer=True), "n": Num(8, 8, integer=True, choices=("8",))},
        (SEED,),
        weight=0.7,
    ),
    Lesson(
        "doe_fold_over_plackett_burman",
        "doe.plackett_burman(n_factors={k}); doe.fold_over(design=r1, {options})",
        (
            "plackett-burman for {k} @factors (first|); " + FOLD,
            "what (does|would) folding over a {k} factor plackett-burman (do|bring) to the (aliasing|resolution)",
            "(folded|fold a|foldover of the) {k}-factor (plackett-burman|PB)(, then: resolution|, step by step: PB first|)",
            "(PB|plackett-burman) in {k} @factors(,|;) then (the mirror image|all signs reversed|its reflection)",
            "start with (plackett-burman|PB) for {k} @factors and (afterwards|then) fold it over",
            "(free|clear) the main effects of a {k}-factor (plackett-burman|PB) from two-factor interactions by folding",
            "(Minitab|FrF2 pb) plackett-burman {k} factors, (then|and) fold the design",
            "(step 1|first)(:|) PB, k = {k}(;|,) (step 2|then)(:|) foldover",
        ),
        {"k": Num(6, 11, integer=True)},
        (SEED,),
        weight=0.4,
    ),
)

HARD = "(hard to change|difficult to change|expensive to change|slow to change|hard-to-vary|can only be (reset|changed) now and then)"
EASY = "(easy to change|quick to change|easy|can be changed every run|fast to change)"
WHOLE_PLOTS = Option(
    "replicates={r}",
    (
        "{r} replicates",
        "{r} whole plots (per|of each|at each) setting",
        "(each|every) whole plot setting {r} times",
    ),
    {"r": Num(2, 4, integer=True)},
    0.35,
)
SPLIT_PLOT = (
    Lesson(
        "doe_split_plot",
        "doe.split_plot({h}, {e}, hard=1, {options})",
        (
            "@make a split-plot (@design|): {h} (is|being|as) (the|) (whole-plot factor|"
            + HARD
            + "), {e} in the subplots",
            "{h} is " + HARD + ", {e} (is|are) " + EASY + ": split-plot (plan|@design)",
            "split-plot @design, whole plot {h}, subplot {e}",
            "(we|I) can change {h} only (rarely|once a day|once per batch) but {e} every run, (how should I|how do I) (randomise|lay it out)?",
            STORY + " {h} is " + HARD + "; {e} " + EASY + "; plan the experiment accordingly",
            "restricted randomisation: keep {h} fixed within a whole plot, randomise {e}",
            "whole plots: {h}; sub-plots: {e}; (split plot layout|how many runs and error df)",
            "(HTC|hard to change|whole plot)(:| =|) {h}(;|,) (ETC|easy to change|subplot)(:| =|) {e}(;|,|.|) split-plot (design|please|)",
            "(Minitab Create Split-Plot Design|FrF2 hard|JMP custom design with hard-to-change factor|Design-Expert split-plot)(:|,|;) hard {h}, easy {e}",
            "(the oven|the bath|the furnace|the tank) takes hours to settle so {h} (stays|is held) while {e} (varies|vary)(;|,|.|:) (plan it|split-plot plan|how to randomise)",
            "(full randomisation is impossible|cannot reset everything each run)(;|,|:) {h} per whole plot, {e} within(, split plot|)",
            "(field|agricultural) style(:|,) main plots {h}, sub plots {e}, split-plot (layout|@design)",
            "one setting of {h} per (day|furnace load|batch), inside it {e} in random order(:|,|;) split-plot (run sheet|@design)",
        ),
        {"h": FactorList((1, 1), "range"), "e": FactorList((1, 2), "range")},
        (WHOLE_PLOTS, SEED),
    ),
    Lesson(
        "doe_strip_plot",
        "doe.split_plot({h}, {e}, hard=1, layout=strip_plot, {options})",
        (
            "strip-plot (@design|): {h} in rows, {e} in columns",
            "(strip plot|strip-plot|split-block) with {h} (and|against|crossed with) {e}",
            "both are set for whole strips: rows {h}, columns {e} (strip-plot|split-block) layout",
            "(rows|row factor|horizontal strips)(:| =|) {h}(;|,) (columns|column factor|vertical strips)(:| =|) {e}(;|,|.|) (strip-plot|split-block)",
            "(strip-plot|split-block|criss-cross) (design|experiment|layout) (of|for|in) {h} and {e}",
            "{h} is set for a whole batch at step one and {e} for a whole batch at step two, batches crossed (strip-plot|: strip-plot layout)",
            "(criss-cross|two-way strips)(:|,|;) {h} by {e}, strip-plot @design",
            "(washing|mixing) batches get {h}, (drying|curing) batches get {e}, every batch meets every batch(:|,|;) strip plot",
        ),
        {"h": FactorList((1, 1), "range"), "e": FactorList((1, 1), "range")},
        (WHOLE_PLOTS, SEED),
        weight=0.5,
    ),
    Lesson(
        "doe_split_plot_count",
        "doe.split_plot(n_factors={k}, hard={h}, {options})",
        (
            "split-plot (@design|) with {k} two-level @factors of which {h} (is|are) " + HARD,
            "{k} @factors, {h} of them " + HARD + ", split-plot (plan|@design|layout)",
            "{h} hard-to-change and {k} @factors in all: split plot, (how many whole plots|error degrees of freedom)?",
            "(FrF2 hard|Minitab split-plot|JMP hard-to-change)(:|,|;) {k} factors, {h} hard to change",
            "(factors|k)(:|=| =) {k}(,|;) (hard|hard-to-change|whole-plot factors)(:|=| =) {h}(,|;) split-plot",
            "split-plot in {k} two-level @factors, {h} (on|at) the whole-plot level",
            "(of|among) {k} @factors {h} cannot be reset every run(;|,|:) split-plot (plan|@design|layout)",
            "{k} @factors, the first {h} "
            + HARD
            + "(;|,|:) (restricted randomisation|split plot) @please",
        ),
        {"k": Num(4, 6, integer=True), "h": Num(1, 3, integer=True)},
        (WHOLE_PLOTS, SEED),
        weight=0.5,
    ),
)

LESSONS: tuple[Lesson, ...] = (*TAGUCHI, *FOLD_OVER, *SPLIT_PLOT)
