"""A program call by call, each on what the last table was made to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from havoc.dsl import vocabulary as v
from havoc.dsl.grounding.slots import Slot
from havoc.srs.questions.conditions import Condition, where_of
from havoc.srs.questions.groups import Groups
from havoc.srs.questions.words import Reading


@dataclass(frozen=True)
class Proposal:
    """A program, and the slots that it needs besides those of the request."""

    tokens: tuple[str, ...]
    slots: tuple[Slot, ...]


class Program:
    """Calls in the order written; each works on what the last table was made to."""

    def __init__(self, reading: Reading) -> None:
        self.reading, self.calls = reading, []  # type: tuple[Reading, list[list[str]]]
        self.source, self.too_long = reading.table.token, False

    def column(self, token: str) -> list[str]:
        """A column of the table at hand."""
        return (
            [token] if self.source == self.reading.table.token else [f"{self.source[:-1]}.>", token]
        )

    def call(self, *tokens: str, gives_table: bool = False) -> None:
        self.calls.append([*tokens, v.END_CALL])
        if gives_table and len(self.calls) <= len(v.RESULTS):
            self.source = v.RESULTS[len(self.calls) - 1]
        self.too_long |= len(self.calls) > len(v.RESULTS) + (not gives_table)

    def keep(self, conditions: Sequence[Condition]) -> None:
        if conditions:
            where = ("<p:where>", *where_of(conditions))
            self.call("<op:table.filter>", *where, "<p:data>", self.source, gives_table=True)

    def prepare(self, operation: str, column: str, options: Sequence[str]) -> None:
        """A call that returns the table with one column prepared."""
        kind = "<p:column>" if operation == "table.remove_outliers" else "<p:columns>"
        given = ("<p:data>", self.source, kind, *self.column(column), *options)
        self.call(f"<op:{operation}>", *given, gives_table=True)

    def derive(self, name: str, formula: Sequence[str]) -> None:
        self.call("<op:table.derive>", name, *formula, "<p:data>", self.source, gives_table=True)

    def group(self, groups: Groups, column: str | None, figure: str) -> str:
        """One figure of each group; the name of the column that holds it."""
        by = [t for c in groups.columns for t in self.column(c)]
        by = by if len(groups.columns) == 1 else [v.OPEN, *by, v.CLOSE]
        taken = [] if column is None else ["<p:column>", *self.column(column)]
        part = [f"<p:part={groups.part}>"] if groups.part else []
        how = f"<p:aggregate={figure}>"
        self.call("<op:table.group>", "<p:data>", self.source, "<p:by>", *by, *taken, how, *part)
        named = "rows" if column is None else self.name_of(column)
        return f"{figure}_{named}"

    def name_of(self, token: str) -> str:
        value = self.reading.slot(token).value
        return value if isinstance(value, str) else str(value.name)

    def top(self, by: Sequence[str], n: str, which: str) -> None:
        self.call(
            "<op:table.top>",
            "<p:data>",
            self.source,
            "<p:by>",
            *by,
            "<p:n>",
            n,
            f"<p:which={which}>",
        )

    def first_groups(self, groups: Groups, name: str) -> None:
        """The largest groups by the column that holds their figure, where so many are asked for."""
        if groups.first and not self.too_long:
            self.source = v.RESULTS[len(self.calls) - 1]
            self.top(self.column(self.reading.add("s", name)), groups.first, groups.which)
