"""The grammar a plan is written under, compiled for one request, and the way back to the DSL.

The grammar admits only what type-checks: operations of the registry, each of their parameters at most once, and for
each parameter the slots of this request that its kind and its limits accept. An input that is required and not
in the request can only be written ``<ask>``, which ends in a question.

A model writes arguments in the order in which the request gives them, so that it reads the request once from left to
right and asks of each number what it is; ``lexicalise`` puts them in the order in which they are declared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from havoc.dsl import vocabulary as v
from havoc.dsl.fitting import complement, suitable, usual, within
from havoc.dsl.grounding.slots import Grounded, Slot
from havoc.dsl.new_columns import unnamed_column
from havoc.errors import InputError, NeedsClarification
from havoc.tools.durations import Seconds
from havoc.tools.operation import Kind, Operation, Parameter, operations
from havoc.tools.values import Factor, Labels, Number, Range, Sample, Table

MAX_STATEMENTS = 4
Results = tuple[str, ...]  # the results of earlier statements that hold data, by their tokens

_NO_DATA = frozenset(
    "doe.analyse doe.anova_split_plot doe.desirability doe.effects doe.evaluate doe.factorial_power"
    " doe.fit_rsm doe.signal_to_noise table.count table.describe".split()
)


# ---- the grammar of one request -----------------------------------------------------------------------------


def gives_data(operation: str) -> bool:
    """Whether a plan may go on with the operation's result: it is a table or a design (a test holds it)."""
    family = operation.split(".")[0]
    return family in ("table", "doe") and operation not in _NO_DATA


def offered(known: Mapping[str, Operation], knows: Callable[[str], bool]) -> dict[str, Operation]:
    """The operations a model can write, by their token: without parameters that it was not trained with."""
    return {v.op_token(o): _reduced(o, knows) for o in known.values()}


def _reduced(operation: Operation, knows: Callable[[str], bool]) -> Operation:
    """The operation without optional parameters whose tokens a model does not have."""
    kept = tuple(
        p for p in operation.parameters if p.required or all(knows(t) for t in v.param_tokens(p))
    )
    if len(kept) == len(operation.parameters):
        return operation
    return replace(operation, parameters=kept)


def argument_grammar(p: Parameter, grounded: Grounded, later: Results) -> str | None:
    """Token, then the alternatives of one parameter; None where the request has nothing for an optional one."""
    if p.kind in (Kind.CHOICE, Kind.BOOLEAN):
        return "(" + " | ".join(t for t in v.param_tokens(p)) + ")"
    alternatives = _ALTERNATIVES[p.kind](p, grounded, later)
    if p.kind is Kind.FACTORS:
        return alternatives[0] if alternatives else (v.ASK if p.required else None)
    if p.required or p.default is None:  # one of several ways to say what is needed may be optional
        alternatives = [*alternatives, (v.ASK)]
    if not alternatives:
        return None
    name = "" if p.kind is Kind.ASSIGNMENTS else (v.param_tokens(p)[0]) + " "
    return f"{name}({' | '.join(alternatives)})"


def _tokens(slots: Sequence[Slot]) -> list[str]:
    return [(s.token) for s in slots]


def _any(tokens: Sequence[str]) -> str:
    return "(" + " | ".join(tokens) + ")"


def _number(p: Parameter, grounded: Grounded, later: Results) -> list[str]:
    numbers = grounded.of("n")
    out = _tokens(suitable(p, grounded))
    if p.limits.lt is not None and p.limits.lt >= len(v.DIGITS):  # the 5 of a B5 life is no slot
        out += _digits(p)
    if p.limits.fraction:
        between = [
            s
            for s in numbers
            if s.value.unit in (None, "%")
            and 0 < float(s.value.exact) < (100 if s.value.unit == "%" else 1)
            and usual(p, complement(s.value))
        ]
        out += [f"{(v.COMPLEMENT)} {t}" for t in _tokens(between)]
    return out


def _integer(p: Parameter, grounded: Grounded, later: Results) -> list[str]:
    whole = [s for s in suitable(p, grounded) if s.value.exact.denominator == 1]
    return [*_tokens(whole), *_digits(p)]


def _digits(p: Parameter) -> list[str]:
    return [t for i, t in enumerate(v.DIGITS) if within(Number(str(i)), p.limits)]


def _text(p: Parameter, grounded: Grounded, later: Results) -> list[str]:
    return _tokens(grounded.of("s", "n"))


def _range(p: Parameter, grounded: Grounded, later: Results) -> list[str]:
    factors = [s for s in grounded.of("f") if s.value.range is not None]
    return _tokens([*grounded.of("r"), *factors])


def _numbers(p: Parameter, grounded: Grounded, later: Results) -> list[str]:
    out = _tokens(grounded.of("c")) + _of_results(grounded, ("c", "s"), later)
    numbers = _tokens(suitable(p, grounded))
    return [*out, *numbers, f"{v.OPEN} {_any(numbers)}+ {v.CLOSE}"] if numbers else out


def _sample(p: Parameter, grounded: Grounded, later: Results) -> list[str]:
    columns = _tokens(grounded.of("c"))
    out = list(columns)
    out += _of_results(grounded, ("c", "s"), later)
    numbers = _tokens(grounded.of("n"))
    if numbers:
        out.append(f"{v.OPEN} {_any(numbers)}+ {v.CLOSE}")
    return out


def _of_results(grounded: Grounded, kinds: Sequence[str], later: Results) -> list[str]:
    columns = _tokens(grounded.of(*kinds))
    if not columns or not later:
        return []
    return [f"{_any([f'{r[:-1]}.>' for r in later])} {_any(columns)}"]


def _samples(p: Parameter, grounded: Grounded, later: Results) -> list[str]:
    tables = [s for s in grounded.of("t") if s.value.samples()]
    out = _tokens(tables) + list(later)
    single = _tokens(grounded.of("c")) + _of_results(grounded, ("c", "s"), later)
    return [*out, *single, f"{v.OPEN} {_any(single)}+ {v.CLOSE}"] if single else out


def _column(p: Parameter, grounded: Grounded, later: Results) -> list[str]:
    return _tokens(grounded.of("g", "c")) + _of_results(grounded, ("g", "c", "s"), later)


def _columns(p: Parameter, grounded: Grounded, later: Results) -> list[str]:
    single = _column(p, grounded, later)
    out = _table(p, grounded, later)
    return [*out, *single, f"{v.OPEN} {_any(single)}+ {v.CLOSE}"] if single else out


def _table(p: Parameter, grounded: Grounded, later: Results) -> list[str]:
    return _tokens(grounded.of("t")) + list(later)


def _formula(p: Parameter, grounded: Grounded, later: Results) -> list[str]:
    columns = _tokens(grounded.of("c", "g", *("s" if later else "")))
    if len(columns) < 2:
        return []
    column = _any(columns)
    term = f"({column} | {v.SQUARE} {column} | {v.QUADRATIC} {v.OPEN} {column}+ {v.CLOSE})"
    return [f"{column} {v.TILDE} {term} ((<+> | <*> | <:>) {term})*"]


def _expression(p: Parameter, grounded: Grounded, later: Results) -> list[str]:
    return _tokens(grounded.of("e", "n", "v"))


def _expressions(p: Parameter, grounded: Grounded, later: Results) -> list[str]:
    single = _tokens(grounded.of("e", "v"))
    return [*single, f"{v.OPEN} {_any(single)}+ {v.CLOSE}"] if single else []


def _symbol(p: Parameter, grounded: Grounded, later: Results) -> list[str]:
    return _tokens(grounded.of("v", "s", "c", "g"))


def _symbols(p: Parameter, grounded: Grounded, later: Results) -> list[str]:
    single = _tokens(grounded.of("v", "s", "c", "g"))
    return [*single, f"{v.OPEN} {_any(single)}+ {v.CLOSE}"] if single else []


def _condition(p: Parameter, grounded: Grounded, later: Results) -> list[str]:
    """Comparisons that some row can fulfil: columns of numbers with numbers, columns of words with their own cells."""
    comparisons = []
    numeric = _tokens(grounded.of("c", "s") if later else grounded.of("c"))
    numbers = _tokens(grounded.of("n", "c"))
    if numeric and numbers:
        comparisons.append(f"{_any(numeric)} {_any(list(v.COMPARISONS))} {_any(numbers)}")
    for column in grounded.of("g"):
        cells = set(column.value.items)
        values = [s.token for s in grounded.of("n", "s") if _cell_text(s) in cells]
        if values:
            comparisons.append(f"{column.token} {_any(list(v.COMPARISONS))} {_any(values)}")
    if not comparisons:
        return []
    compare = _any(comparisons)
    return [f"{compare} ({_any(list(v.JOINS))} {compare})*"]


def _cell_text(slot: Slot) -> str:
    return slot.value.text if isinstance(slot.value, Number) else str(slot.value)


def _factors(p: Parameter, grounded: Grounded, later: Results) -> list[str]:
    """The request's factors, any of them, in their order."""
    slots = _tokens(grounded.of("f"))
    if not slots:
        return []
    chains = [" ".join([slots[i], *(f"{t}?" for t in slots[i + 1 :])]) for i in range(len(slots))]
    return [_any(chains)]


def _assignments(p: Parameter, grounded: Grounded, later: Results) -> list[str]:
    names, columns = _tokens(grounded.of("s")), _tokens(grounded.of("c", "g", "s"))
    if not columns:
        return []
    term = _any(
        [
            *columns,
            *_tokens(grounded.of("n")),
            *(f"{v.function_token(f)} {_any(columns)} {v.END_CALL}" for f in v.FUNCTIONS),
        ]
    )
    operators = _any(["<+>", "<->", "<*>", "</>"])
    target = _any([*names, (v.ASK)])
    return [f"{target} {term} ({operators} {term})*"]


_ALTERNATIVES: dict[Kind, Callable[[Parameter, Grounded, Results], list[str]]] = {
    Kind.NUMBER: _number,
    Kind.INTEGER: _integer,
    Kind.TEXT: _text,
    Kind.RANGE: _range,
    Kind.NUMBERS: _numbers,
    Kind.SAMPLE: _sample,
    Kind.SAMPLES: _samples,
    Kind.LABELS: _column,
    Kind.COLUMN: _column,
    Kind.COLUMNS: _columns,
    Kind.TABLE: _table,
    Kind.FORMULA: _formula,
    Kind.EXPRESSION: _expression,
    Kind.EXPRESSIONS: _expressions,
    Kind.SYMBOL: _symbol,
    Kind.SYMBOLS: _symbols,
    Kind.CONDITION: _condition,
    Kind.MATRIX: _table,
    Kind.FACTORS: _factors,
    Kind.ASSIGNMENTS: _assignments,
}


# ---- from tokens back to the DSL ----------------------------------------------------------------------------


def lexicalise(tokens: Sequence[str], grounded: Grounded) -> str:
    """Write a planned program as DSL text: the slots filled in, the tables it uses declared first.

    Raises
    ------
    NeedsClarification
        The plan asks for an input that the request does not give; the message is the question.
    """
    return _Writer(tokens, grounded).program()


class _Writer:
    def __init__(self, tokens: Sequence[str], grounded: Grounded) -> None:
        self.tokens, self.grounded, self.i = list(tokens), grounded, 0
        self.variables = _table_names(grounded)
        self.used: list[str] = []

    def peek(self) -> str | None:
        return self.tokens[self.i] if self.i < len(self.tokens) else None

    def take(self) -> str:
        self.i += 1
        return self.tokens[self.i - 1]

    def program(self) -> str:
        statements: list[str] = []
        while self.peek() is not None:
            statements.append(f"r{len(statements) + 1} = {self.call()}")
            if self.peek() == v.NEXT:
                self.take()
        header = [_declaration(self.variables[t], self.grounded.tables[t]) for t in self.used]
        return "\n".join([*header, *statements]) + "\n"

    def call(self) -> str:
        name = v.op_name(self.take())
        operation = operations()[name]
        place = {p.name: i for i, p in enumerate(operation.parameters)}
        arguments: list[tuple[int, str]] = []
        while self.peek() != v.END_CALL:
            if self.peek() is None:
                raise InputError("the plan ends in the middle of a call")
            key = re.match(r"<p:(\w+)", self.peek() or "")
            if key is not None:
                arguments.append((place[key[1]], self.argument(operation)))
            elif operation.variadic is not None:
                arguments.append((place[operation.variadic.name], self.variadic(operation)))
            else:
                raise InputError(f"the plan gives {operation.name} a value without a name")
        self.take()
        arguments.sort(key=lambda placed: placed[0])
        return f"{name}({', '.join(text for _, text in arguments)})"

    def argument(self, operation: Operation) -> str:
        name = self.take().removeprefix("<p:").removesuffix(">")
        if "=" in name:
            key, choice = name.split("=", 1)
            word = (
                choice
                if choice in ("true", "false") and operation.by_name[key].kind is Kind.BOOLEAN
                else _string_or_name(choice)
            )
            return f"{key}={word}"
        parameter = operation.by_name[name]
        if self.peek() == v.ASK:
            raise NeedsClarification(question_for(operation, parameter))
        return f"{name}={self.value(parameter.kind)}{self.percent(parameter)}"

    def percent(self, parameter: Parameter) -> str:
        """``%`` behind a share that was written as a number of percent without the sign: a 70-30 split."""
        if not parameter.limits.fraction or parameter.limits.lt is None:
            return ""
        written = self.tokens[self.i - 1]
        value = self.grounded.slot(written).value if re.fullmatch(r"<n\d+>", written) else None
        bare = isinstance(value, Number) and not value.unit and 1 < value.exact < 100
        return "%" if bare else ""

    def variadic(self, operation: Operation) -> str:
        token = self.take()
        if operation.variadic is not None and operation.variadic.kind is Kind.ASSIGNMENTS:
            following = self.peek() or v.END_CALL
            if token == v.ASK and (following == v.END_CALL or following.startswith("<p:")):
                raise NeedsClarification(question_for(operation, operation.variadic))
            named = token != v.ASK
            target = name_text(str(self.grounded.slot(token).value)) if named else ""
            begin = self.i
            expression = self.condition() if self.compares() else self.expression()
            written = self.tokens[begin : self.i]
            return f"{target or unnamed_column(expression, written)}={expression}"
        if token == v.ASK:
            raise NeedsClarification(
                "Which factors, and between which low and high settings (for example temperature 150-200 degC)?"
            )
        return _factor(self.grounded.slot(token).value)

    def compares(self) -> bool:
        """Whether a new column says of each row if a condition holds."""
        for token in self.tokens[self.i :]:
            if token.startswith("<p:") or token == v.NEXT:
                return False
            if token in v.COMPARISONS:
                return True
        return False

    def value(self, kind: Kind) -> str:
        if kind is Kind.FORMULA:
            return self.formula()
        if kind is Kind.CONDITION:
            return self.condition()
        if self.peek() == v.OPEN:
            self.take()
            items = []
            while self.peek() != v.CLOSE:
                items.append(self.item(kind))
            self.take()
            return f"[{', '.join(items)}]"
        return self.item(kind)

    def item(self, kind: Kind) -> str:
        token = self.take()
        if token == v.COMPLEMENT:
            return f"1-{self.item(kind)}"
        if token in v.DIGITS:
            return token[2]
        if re.fullmatch(r"<res\d>", token):  # more than the model may write: steps that were told
            return f"r{token[4]}"
        if token.endswith(".>"):
            slot = self.grounded.slot(self.take())
            column = slot.value if isinstance(slot.value, str) else slot.value.name
            return f"r{token[4]}.{name_text(column)}"
        slot = self.grounded.slot(token)
        match slot.value:
            case Number():
                return str(slot.value) if kind is not Kind.TEXT else f'"{slot.value.text}"'
            case Range():
                return str(slot.value)
            case Factor():
                return str(slot.value.range)
            case Table():
                return self.variable(slot.token)
            case Sample(name) | Labels(name):
                if kind in (Kind.SYMBOLS, Kind.SYMBOL):
                    return name_text(name)
                return f"{self.variable(slot.table or '')}.{name_text(name)}"
            case str():
                return (
                    name_text(slot.value)
                    if slot.kind == "v" or kind is Kind.SYMBOL
                    else _string(slot.value)
                )
        from havoc.tools.expression import show

        return show(slot.value)

    def variable(self, token: str) -> str:
        if token not in self.used:
            self.used.append(token)
        return self.variables[token]

    def column_name(self) -> str:
        slot = self.grounded.slot(self.take())
        return name_text(slot.value if isinstance(slot.value, str) else slot.value.name)

    def formula(self) -> str:
        text = self.column_name()
        self.take()
        text += " ~ " + self.term()
        while self.peek() in v.ARITHMETIC:
            operator = v.ARITHMETIC[self.take()]
            text += f" {operator} {self.term()}" if operator == "+" else f"{operator}{self.term()}"
        return text

    def term(self) -> str:
        if self.peek() == v.SQUARE:
            self.take()
            return f"I({self.column_name()}^2)"
        if self.peek() == v.QUADRATIC:
            self.take(), self.take()
            names = []
            while self.peek() != v.CLOSE:
                names.append(self.column_name())
            self.take()
            return f"quadratic({', '.join(names)})"
        return self.column_name()

    def numeric_name(self) -> str:
        """A column within an expression: durations, which a file holds as words, in seconds."""
        slot = self.grounded.slot(self.peek() or "")
        name = self.column_name()
        return f"seconds({name})" if isinstance(slot.value, Seconds) else name

    def condition(self) -> str:
        text = self.comparison()
        while self.peek() in v.JOINS:
            text += f" {v.JOINS[self.take()]} {self.comparison()}"
        return text

    def comparison(self) -> str:
        column = self.operand()
        operator = v.COMPARISONS[self.take()]
        token = self.take()
        if token in v.DIGITS:  # of a column of 0 and 1, which no number of the request names
            return f"{column} {operator} {token[2]}"
        slot = self.grounded.slot(token)
        match slot.value:
            case Number():
                value = slot.value.text
            case str():
                value = _string(slot.value)
            case _:
                value = name_text(slot.value.name)
        return f"{column} {operator} {value}"

    def expression(self) -> str:
        text = self.operand()
        while self.peek() in v.ARITHMETIC:
            text += f" {v.ARITHMETIC[self.take()]} {self.operand()}"
        return text

    def operand(self) -> str:
        token = self.peek() or ""
        if token.startswith("<fn:"):
            name = self.take().removeprefix("<fn:").removesuffix(">")
            inner = self.numeric_name()
            self.take()
            return f"{name}({inner})"
        if token == v.OPEN:  # brackets, which only the request's own formula has
            self.take()
            inner = self.expression()
            self.take()
            return f"({inner})"
        if token in v.DIGITS:
            return self.take()[2]
        slot = self.grounded.slot(token)
        if isinstance(slot.value, Number):
            self.take()
            return slot.value.text
        return self.numeric_name()


def question_for(operation: Operation, parameter: Parameter) -> str:
    """The one question about a missing input."""
    what = parameter.doc.rstrip(".") if parameter.doc else parameter.name.replace("_", " ")
    if parameter.kind in (
        Kind.SAMPLE,
        Kind.SAMPLES,
        Kind.TABLE,
        Kind.COLUMN,
        Kind.LABELS,
        Kind.COLUMNS,
    ):
        return f"Which data should I use for '{operation.summary.lower()}'? Please paste or attach: {what}."
    return f"To {operation.summary[0].lower()}{operation.summary[1:]} I need one more input: {what}. What is it?"


def _table_names(grounded: Grounded) -> dict[str, str]:
    names: dict[str, str] = {}
    for token, table in grounded.tables.items():
        stem = (
            re.sub(r"\W+", "_", (table.source or table.name).rsplit("/", 1)[-1].split(".")[0])
            .strip("_")
            .lower()
        )
        name = (
            stem
            if stem.isidentifier() and stem not in ("data", "table", "and", "or", "true", "false")
            else "data"
        )
        while name in names.values() or re.fullmatch(r"r\d+", name):
            name = re.sub(r"\d*$", lambda m: str(int(m.group() or 1) + 1), name, count=1)
        names[token] = name
    return names


def _declaration(variable: str, table: Table) -> str:
    if table.source:
        return f"{variable} = data({_string(table.source)})"
    columns = ", ".join(f"{name_text(c.name)}={_cells(c)}" for c in table.columns)
    return f"{variable} = table({columns})"


def _cells(column: Sample | Labels) -> str:
    if isinstance(column, Sample):
        return "[" + ", ".join("NA" if t is None else t for t in column.texts) + "]"
    return "[" + ", ".join("NA" if t is None else _string(t) for t in column.items) + "]"


def _factor(factor: Factor) -> str:
    name = name_text(factor.name)
    if factor.range is not None:
        return f"{name}={factor.range}"
    return f"{name}=[{', '.join(str(x) if isinstance(x, Number) else _string(x) for x in factor.levels)}]"


def name_text(name: str) -> str:
    """A name as the DSL writes it: bare where it can be, else in backticks."""
    if re.fullmatch(r"[A-Za-z_]\w*", name) and name not in ("and", "or", "true", "false", "NA"):
        return name
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`").replace("\n", " ") + "`"


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _string_or_name(choice: str) -> str:
    return (
        choice
        if re.fullmatch(r"[A-Za-z_]\w*", choice) and choice not in ("and", "or", "true", "false")
        else _string(choice)
    )


def question_between(readings: Sequence[Sequence[str]], words: Sequence[str | None]) -> str:
    """The question that tells two readings of a request apart."""
    known = operations()
    choices: list[str] = []
    for names, word in zip(readings, words, strict=True):
        if word == "explain":
            text = "an explanation of the method"
        else:
            text = " and then ".join(_gist(known[n].summary) for n in names if n in known)
        if text and text not in choices:
            choices.append(text)
    if len(choices) >= 2:
        return f"I am not sure what you want. Is it (a) {choices[0]}, or (b) {choices[1]}?"
    gist = f" My best guess is: {choices[0]}." if choices else ""
    return f"I am not sure what you want.{gist} Please say which method or which result you need, and on which data."


def _gist(summary: str) -> str:
    return summary[0].lower() + summary[1:]
