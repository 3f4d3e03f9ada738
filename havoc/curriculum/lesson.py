"""How a lesson is declared: a program, the ways people ask for it, and the data that goes in.

A lesson is data; ``generator`` renders it into thousands of different requests. See ``lessons/`` for them.

Template language of ``ask`` and of an option's ``say``
-----------------------------------------------------
``(a|b|)``  one of the alternatives, which may be empty or nested; ``{x}`` the rendered field ``x``;
``{t.x}`` a mention of column ``x`` of the table field ``t``; ``@make`` a word list of ``thesaurus``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Num:
    """A number in [low, high]. ``unit``: written behind it now and then; ``percent``: written as 5% or 0.05."""

    low: float
    high: float
    decimals: int = 2
    integer: bool = False
    unit: tuple[str, ...] = ()
    percent: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Data:
    """A column of numbers. ``integers`` for counts; ``names`` to choose its name from (default: measurements)."""

    n: tuple[int, int] = (8, 24)
    low: float = 0.0
    high: float = 100.0
    integers: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Words:
    """A column of labels: group, operator, machine ... ``levels`` 2..n; ``names`` to choose its name from."""

    levels: tuple[int, int] = (2, 4)
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fixed:
    """A column whose cells are given: the settings of a design, whose pattern matters. Rows as many as cells."""

    cells: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Kinds:
    """A column of labels that are all different: kinds of defects, reasons, causes."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Verdicts:
    """A rater's verdicts on parts, of which most raters agree on most parts."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class TableOf:
    """A table whose columns the program uses as ``{t.key}``; inline lists, pasted, or an attached file.

    ``forms`` limits how it may be shown: "inline" (labelled lists), "pasted", "attached", "counted" (kinds with their
    counts: ``scratches 45, dents 12``), "toleranced" (``10 ± 0.1, 20 ± 0.15``), "verdicts" (``A: P P F; B: P F F``).
    """

    columns: Mapping[str, Data | Words | Fixed | Kinds | Verdicts]
    forms: tuple[str, ...] = ("inline", "pasted", "attached")
    rows: tuple[int, int] = (6, 16)


@dataclass(frozen=True)
class Groups:
    """Several samples. The program gets them as ``{g}`` (wide: a table or list of columns).

    A lesson that also has a ``long`` program is shown in long form now and then: ``{g.value}``, ``{g.by}``.
    ``table_only``: never as unequal inline lists (rows are subgroups, parts, a contingency table ...).
    """

    k: tuple[int, int] = (2, 5)
    n: tuple[int, int] = (4, 9)
    integers: bool = False
    table_only: bool = False
    row_labels: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class FactorList:
    """Experimental factors: ``kind`` "range" (temperature 150-200 degC), "levels" (catalyst A/B), "mixed", or "shares"
    of a mixture (water 0.2-0.6)."""

    k: tuple[int, int] = (2, 6)
    kind: str = "range"


@dataclass(frozen=True)
class Interval:
    """Two numbers that belong together: spec limits 24..26, 5 ± 0.3, between 2 and 3."""

    low: float = 0.0
    high: float = 100.0
    unit: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expr:
    """A mathematical expression or equation; ``choices`` in DSL text, shown as people write it (2x, x², \\frac)."""

    choices: tuple[str, ...]


@dataclass(frozen=True)
class Sym:
    """A variable's name, as in 'with respect to x'."""

    choices: tuple[str, ...] = ("x", "t", "y", "z")


@dataclass(frozen=True)
class Word:
    """A word or quoted string that the program needs: a new column's name, a unit, a level."""

    choices: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """A value that occurs in the text column ``{t.key}``: 'where region is north' (written ``Cell("t.region")``)."""

    column: str


Field = Num | Data | Words | TableOf | Groups | FactorList | Interval | Expr | Sym | Word | Cell


@dataclass(frozen=True)
class Option:
    """An optional argument: what it adds to the call and how people say it.

    ``argument`` as in the program, ``rules=nelson`` or ``alpha={a}``; a field used only here is declared in
    ``fields`` of the option. ``p`` is how often it is asked for. An argument without a value (``alternative=``) says
    the default: it adds words to the request and nothing to the program.
    """

    argument: str
    say: tuple[str, ...]
    fields: Mapping[str, Field] = field(default_factory=dict)
    p: float = 0.25

    @property
    def says_default(self) -> bool:
        return self.argument.endswith("=")


@dataclass(frozen=True)
class Lesson:
    """One thing to ask for.

    ``program``: the last call may hold ``{options}``, where chosen options go in the order of the operation's
    parameters. ``<ask>`` as an argument's value stands for an input that the request does not give: the
    right answer is then a question. ``weight``: how often, relative to others. ``notes``: sentences that explain
    the method or say how to report it, of which some follow the request now and then; they change no program.
    """

    name: str
    program: str
    ask: tuple[str, ...]
    fields: Mapping[str, Field] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    long: str | None = None
    weight: float = 1.0
    notes: tuple[str, ...] = ()

    @property
    def last_operation(self) -> str:
        """Name of the operation that the program ends with; empty where it calls none."""
        return (re.findall(r"\b(\w+\.\w+)\(", self.program) or [""])[-1]


# Options many operations share.
def alpha_options(p: float = 0.2) -> tuple[Option, ...]:
    """Significance level, said as alpha or as confidence."""
    alpha = Num(
        0.01,
        0.1,
        choices=("0.05", "0.01", "0.1", "0.10", "0.02", ".05", ".01", "5%", "1%", "10%", "2%"),
    )
    confidence = Num(0.9, 0.99, choices=("95%", "99%", "90%", "98%", "0.95", "0.99", "95 %"))
    return (
        Option(
            "alpha={alpha}",
            (
                "(at|with|use|using|) (an|) alpha (=|of|level|) {alpha}",
                "(at|with) (a|the) significance level (of|) {alpha}",
                "(at|with) (the|) {alpha} (significance|level|significance level)",
                "sig(nificance|.|) level {alpha}",
                "type (I|1) error (rate|) (of|) {alpha}",
                "α (=|) {alpha}",
            ),
            {"alpha": alpha},
            p / 2,
        ),
        Option(
            "alpha=1-{conf}",
            (
                "(at|with|using) (a|the|) {conf} (confidence|confidence level)",
                "{conf} (confidence|conf|CI|confidence interval|confidence level)",
                "(I|we) (want|need) (to be|) {conf} (sure|confident)",
            ),
            {"conf": confidence},
            p / 2,
        ),
    )


def alternative_options(p: float = 0.25) -> tuple[Option, ...]:
    """One-sided alternatives of a test."""
    return (
        Option(
            "alternative=greater",
            (
                "(I only care|only interesting|we care) (if|whether) it is (higher|larger|greater|above|more)",
                "one-sided(,|) (upper|greater|larger|right tail|upper tail)",
                "(is it|H1|alternative:|is the mean) (greater|higher|above|larger|more)",
                "right-tailed",
                "has it (increased|gone up|improved|risen)",
            ),
            {},
            p / 2,
        ),
        Option(
            "alternative=less",
            (
                "(I only care|only interesting|we care) (if|whether) it is (lower|smaller|less|below)",
                "one-sided(,|) (lower|less|smaller|left tail|lower tail)",
                "(is it|H1|alternative:|is the mean) (less|lower|below|smaller)",
                "left-tailed",
                "has it (decreased|gone down|dropped|fallen)",
            ),
            {},
            p / 2,
        ),
    )


def hypothesis_options(field: str = "target", p: float = 0.2) -> tuple[Option, ...]:
    """One-sided alternatives written as hypotheses about the mean, for lessons with a field for the null value."""
    signs = (("greater", "(>|>|is greater than|above)"), ("less", "(<|<|is less than|below)"))
    return tuple(
        Option(
            f"alternative={word}",
            (
                f"H1(:|) (mu|mean|μ|the mean) {sign} {{{field}}}",
                f"(vs|versus|against) (H1|Ha|the alternative)(:|) (mu|mean|μ) {sign} {{{field}}}",
                f"(Ha|HA|H_1|alternative hypothesis)(:|) (mu|mean|μ) {sign} {{{field}}}",
            ),
            {},
            p / 2,
        )
        for word, sign in signs
    )


def directed_options(first: str, second: str, p: float = 0.3) -> tuple[Option, ...]:
    """One-sided alternatives of a comparison of two; the columns or groups are named, so that the side is sure."""
    more, less = "(higher|larger|greater|bigger|more)", "(lower|smaller|less)"

    def say(high: str, low: str, tail: str) -> tuple[str, ...]:
        return (
            f"(is|are) {high} (really|significantly|) {more} than {low}",
            "(only whether|I only care whether|the question is only whether|we expect that|claim:) "
            f"{high} (is|are) {more} than {low}",
            f"(H1|Ha|alternative|alternative hypothesis)(:|) {high} > {low}",
            f"(H1|Ha|HA|alternative)(:|) {low} < {high}",
            f"(test|show|prove|check) that {low} (is|are) {less} than {high}",
            f"one-sided(,| test,|:|) {high} (above|greater than|higher than|over|>) {low}",
            f"{tail}-(tailed|tail|sided)",
        )

    return (
        Option("alternative=greater", say(first, second, "(right|upper)"), {}, p / 2),
        Option("alternative=less", say(second, first, "(left|lower)"), {}, p / 2),
    )
