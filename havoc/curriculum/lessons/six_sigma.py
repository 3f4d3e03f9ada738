"""Asking for defect rates, yields, Pareto analyses, reported capability indices and tolerance chains."""

from __future__ import annotations

from havoc.curriculum.lesson import Data, Kinds, Lesson, Num, Option, TableOf, Verdicts, Words

CONFIDENCE = Option(
    "confidence={C}",
    ("(with|at) {C} confidence", "{C} confidence (level|)", "confidence (level|) (of|=|) {C}"),
    {"C": Num(0.8, 0.99, choices=("90%", "95%", "99%", "0.9", "0.95"))},
    0.25,
)
SHIFT = (
    Option(
        "shift=0",
        (
            "without the 1.5 (sigma|) shift",
            "no shift",
            "(long-term|long term) (only|value)",
            "do not add 1.5",
        ),
        {},
        0.12,
    ),
)
KINDS = TableOf(
    {
        "k": Kinds(("defect", "cause", "reason", "category", "type", "fault", "complaint")),
        "n": Data(
            low=2,
            high=160,
            integers=True,
            names=("count", "n", "frequency", "number", "cost", "minutes"),
        ),
    },
    forms=("counted", "counted", "counted", "pasted", "attached"),
    rows=(3, 8),
)
LOGGED = TableOf(
    {"k": Words((3, 4), names=("defect", "cause", "reason", "fault_code", "reject_reason"))},
    forms=("attached",),
    rows=(8, 20),
)
YIELDS = TableOf(
    {"x": Data(n=(3, 7), low=82, high=99.9, names=("yield", "step_yield", "FPY", "first_pass"))},
    forms=("inline", "inline", "attached"),
)
CHAIN = TableOf(
    {
        "a": Data(low=3, high=80, names=("nominal", "size", "dimension", "length")),
        "b": Data(low=0.02, high=0.4, names=("tolerance", "tol", "plus_minus")),
    },
    forms=("toleranced", "toleranced", "pasted", "inline"),
    rows=(3, 6),
)
RATERS = tuple(
    TableOf(
        {
            key: Verdicts((f"rater {i}", f"inspector {i}", f"operator {i}", f"appraiser {i}", name))
            for i, (key, name) in enumerate(zip("abc"[:k], ("Ann", "Bob", "Cem"), strict=False), 1)
        },
        forms=("verdicts", "verdicts", "pasted"),
        rows=(6, 14),
    )
    for k in (2, 3)
)
INDEX = Num(0.5, 2.2)

LESSONS: tuple[Lesson, ...] = (
    Lesson(
        "quality_dpmo",
        "quality.dpmo(defects={d}, units={u}, opportunities={o}, {options})",
        (
            "(DPMO|dpmo|defects per million opportunities)(:|,|) {d} defects (in|on|from) {u} units(,| with) {o} opportunities (each|per unit|a unit)",
            "{d} defects, {u} units, {o} opportunities (each|per unit). (sigma level|DPMO and sigma level|what sigma are we)?",
            "(sigma level|six sigma level|process sigma) (for|from|of) {d} defects on {u} (boards|forms|units) with {o} (chances|opportunities) (for error|for a defect|) each",
            "we found {d} (errors|defects|faults) in {u} (invoices|orders|claims), {o} fields each. how many sigma is that",
            "what is our DPMO? units {u}, opportunities per unit {o}, defects {d}",
            "{u} (boards|assemblies) with {o} solder joints each had {d} (bad joints|defects): (dpmo|defects per million|sigma quality level)",
            "(how many|number of) defects per million opportunities when {d} turned up in {u} units of {o} opportunities",
            "DPMO, DPU and sigma level: D={d} U={u} O={o}",
            "(compute|work out) the sigma level, {d} defects / ({u} units x {o} opportunities)",
            "out of {u} (parts|orders) with {o} possible (defects|errors) each we saw {d}; what six sigma level does it correspond to",
            "we inspected {u} items, each with {o} opportunities, and counted {d} defects; sigma score please",
        ),
        {
            "d": Num(3, 400, integer=True),
            "u": Num(200, 20000, integer=True),
            "o": Num(2, 40, integer=True),
        },
        SHIFT,
    ),
    Lesson(
        "quality_dpmo_units",
        "quality.dpmo(defects={d}, units={u}, {options})",
        (
            "(sigma level|process sigma|six sigma level|sigma quality level) (for|of|when) {d} (defectives|bad parts|rejects|defects) (in|out of|from) {u} (parts|units|items|)",
            "{d} (rejects|bad parts|failures) (in|out of) {u}, what is the (DPMO|ppm and sigma level|sigma level)",
            "(yield and sigma level|yield, DPMO and sigma): {d} bad of {u}",
            "DPMO for {d} defects in {u} units",
            "how many sigma is a process with {d} defects in {u} (units|parts)",
            "defects per unit, DPMO, yield and sigma level from {d} defects on {u} units",
            "{u} (shipments|calls) handled, {d} of them wrong: which sigma level",
            "convert {d} defects per {u} units into (DPMO|a sigma level)",
        ),
        {"d": Num(3, 300, integer=True), "u": Num(300, 30000, integer=True)},
        SHIFT,
        weight=0.8,
    ),
    Lesson(
        "quality_rolled_yield",
        "quality.rolled_yield(x={t.x})",
        (
            "(rolled throughput yield|RTY|rolled yield) (of|for|from|with) (step yields|steps with yields|) {t.x}",
            "(what share|how much|what fraction) gets through all steps the first time, (step|) yields {t.x}",
            "overall (first pass|) yield of (a line|a process|steps) with {t.x}",
            "steps yield {t.x}; (rolled throughput yield|total yield|what comes out at the end|RTY) please",
            "(combined|cumulative|total) yield of the (stations|operations|steps) {t.x}",
            "first time yields {t.x}. RTY and normalized yield?",
            "multiply the yields {t.x} to the yield of the whole line",
            "our line has stations with FPY {t.x}, what is the yield end to end",
            "what percent of units pass every (station|step) without rework? yields {t.x}",
            "RTY {t.x}",
        ),
        {"t": YIELDS},
    ),
    Lesson(
        "quality_pareto",
        "quality.pareto(x={t.k}, counts={t.n}, {options})",
        (
            "(pareto|pareto chart|pareto analysis|pareto diagram)(:| of| for|) {t}",
            "(make|draw|do) a pareto (chart|) (of|from|for) {t}",
            "which (defects|causes|reasons) are the vital few? {t}",
            "pareto (of|) {t.k} by {t.n}",
            "80/20 (analysis|rule|) (of|on|for|:) {t}",
            "which few (causes|defects|kinds) account for most of (the|our) (trouble|scrap|defects|cost)? {t}",
            "main causes first, with cumulative percent: {t}",
            "where should we start improving? pareto of {t}",
            "what are the biggest contributors? {t}",
            "rank (these|the) (defects|reasons) from most to least and show cumulative percentages, pareto style: {t}",
            "pareto please. {t}",
            "which {t.k} make up most of the {t.n}, pareto",
        ),
        {"t": KINDS},
        (
            Option(
                "share={s}",
                ("vital few at {s}", "cut at {s}", "(which|those that) reach {s} of the total"),
                {"s": Num(0.5, 0.95, choices=("70%", "75%", "90%", "60%"))},
                0.1,
            ),
        ),
    ),
    Lesson(
        "quality_pareto_logged",
        "quality.pareto(x={t.k})",
        (
            "pareto (chart|analysis|) of {t.k}",
            "pareto of the {t.k} (column|entries|values)",
            "which {t.k} (occur|occurs|comes up) most, as a pareto chart",
            "make a pareto diagram of how often each {t.k} occurs",
            "vital few of {t.k} (by how often they are logged|)",
            "80/20 on {t.k}, each row is one occurrence",
        ),
        {"t": LOGGED},
        weight=0.5,
    ),
    Lesson(
        "quality_index_interval",
        "quality.capability_index(cpk={c}, n={n}, {options})",
        (
            "(confidence interval|CI|interval|uncertainty) (of|for) (a|) (Cpk|cpk|Ppk) (of|=|) {c} (from|with|based on|estimated from) {n} (parts|pieces|readings|measurements|samples)",
            "how sure are we of a Cpk of {c} (that came|) from (only|) {n} (parts|measurements)",
            "Cpk = {c}, n = {n}: (lower confidence bound|confidence limits|how exact is it)",
            "the supplier reports Cpk {c} (based on|from) {n} parts. what could it really be",
            "(lower bound|lower limit) of Cpk when the estimate is {c} and n is {n}",
            "is a cpk of {c} from {n} pieces enough to be sure",
            "Ppk {c}, sample of {n}; confidence limits please",
            "we measured {n} parts and got Cpk {c}, give the {n}-piece confidence interval",
            "Bissell interval, Cpk {c}, {n} samples",
        ),
        {"c": INDEX, "n": Num(20, 200, integer=True)},
        (CONFIDENCE,),
    ),
    Lesson(
        "quality_index_ppm",
        "quality.capability_index(cpk={c}, cp={p})",
        (
            "Cp {p}(,| and| /) Cpk {c}(,|:|) (what|how many) ppm (do I expect|outside|defective|is that)",
            "(ppm|defect rate|defects per million|fraction defective) (for|from|of) Cp = {p} and Cpk = {c}",
            "cp is {p} and cpk {c}, how many (parts per million|bad parts) (are out of spec|to expect)",
            "(expected|) nonconforming ppm with Cp={p}, Cpk={c}",
            "translate Cp {p} / Cpk {c} into ppm",
            "how far off centre is a process with Cp {p} and Cpk {c}, and what ppm does it make",
            "Pp {p} and Ppk {c}: parts per million out of tolerance",
        ),
        {"c": Num(0.5, 1.0), "p": Num(1.05, 2.2)},
    ),
    Lesson(
        "quality_index_ppm_one",
        "quality.capability_index(cpk={c})",
        (
            "(what|how many) ppm (does|is) a Cpk of {c} (mean|correspond to|)",
            "(convert|translate) Cpk {c} (to|into) (ppm|defects per million|a defect rate)",
            "ppm for (cpk|Ppk) {c}",
            "Cpk {c}: expected defects per million",
            "how bad is a Cpk of {c} in parts per million",
            "what defect rate goes with Cpk = {c}",
        ),
        {"c": Num(0.4, 2.1)},
        weight=0.6,
    ),
    Lesson(
        "quality_sample_size_cpk",
        "quality.sample_size_cpk(required={r}, actual={a}, {options})",
        (
            "how many (parts|pieces|samples) (do I|must we|should I) measure to (show|prove|demonstrate) (a|) Cpk (of at least|above|>|>=|over) {r} (if|when) (it|the process|the true value) (really|) is {a}",
            "sample size to (demonstrate|prove|show) Cpk > {r}, true Cpk {a}",
            "(number of parts|n|sample size) for a capability study: required Cpk {r}, (expected|actual) {a}",
            "we think Cpk is {a}; how large a sample proves it is above {r}",
            "required Cpk {r}, we run at {a}. parts needed for the capability study",
            "capability study size so that a process of Cpk {a} passes the {r} requirement",
            "to be confident that Cpk exceeds {r} with a true value of {a}, how many readings",
        ),
        {
            "r": Num(1.0, 1.4, choices=("1", "1.0", "1.33", "1.25", "1.2", "1.1")),
            "a": Num(1.5, 2.2),
        },
        (
            CONFIDENCE,
            Option(
                "power={w}",
                ("power {w}", "(with|and) a {w} chance of success", "with {w} power"),
                {"w": Num(0.7, 0.95, choices=("80%", "90%", "0.9", "0.8"))},
                0.2,
            ),
        ),
    ),
    Lesson(
        "quality_tolerance_stack",
        "quality.tolerance_stack(nominal={t.a}, tolerance={t.b})",
        (
            "(tolerance stack|tolerance stack-up|stack up|stackup|tolerance chain)(:| of| for|) {t}",
            "(worst case|worst-case) and (RSS|rss|statistical) (tolerance|stack) of {t}",
            "parts {t} are (stacked|assembled|put in a row); (total tolerance|what is the tolerance of the assembly), rss and worst case",
            "assembly of {t}: total length and tolerance",
            "(root sum square|RSS) tolerance of the stack {t}",
            "add up {t} with their tolerances (worst case|statistically|both ways)",
            "how much can the total of {t} vary? worst case and rss",
            "what is the gap tolerance for a stack of {t}",
            "stack analysis {t}",
        ),
        {"t": CHAIN},
    ),
    *(
        Lesson(
            f"quality_verdicts_{k}",
            f"quality.attribute_agreement(x=[{columns}])",
            (
                "(two|several|our) inspectors judged the same parts: {t}. do they agree?",
                "(attribute agreement|attribute gage study|go/no-go study): {t}",
                "(kappa|agreement beyond chance|do they agree) for {t}",
                "{t}: how well do the (inspectors|raters|people) agree",
                "(the same|) parts sorted by (different people|inspectors): {t}. (kappa|agreement)?",
                "can we trust the visual inspection? {t}",
                "inspector agreement, {t}",
            ),
            {"t": raters},
            weight=0.5,
        )
        for k, columns, raters in (
            (2, "{t.a}, {t.b}", RATERS[0]),
            (3, "{t.a}, {t.b}, {t.c}", RATERS[1]),
        )
    ),
)
