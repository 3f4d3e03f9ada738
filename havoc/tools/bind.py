"""From what was written in a call to the arguments a function takes, with every refusal in one line."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from havoc.errors import InputError, NeedsClarification, nearest
from havoc.tools.durations import in_seconds
from havoc.tools.expression import Binary, Call, Formula, Name, Neg, Num, Relation, Text
from havoc.tools.operation import Kind, Operation, Param, Parameter
from havoc.tools.result import Result
from havoc.tools.values import Column, Factor, Labels, Number, Range, Sample, Table, as_labels

EXPRESSION_TYPES = (Num, Name, Neg, Binary, Call, Relation, Text)
LARGEST, SMALLEST = 1e50, 1e-50  # of measured values: their sixth powers still are float64 numbers
_EXACT = ("maths", "table")  # families that take numbers of any size


def bind(
    operation: Operation, positional: Sequence[Any], keywords: Mapping[str, Any]
) -> dict[str, Any]:
    """Match written values to the operation's parameters and convert each to its declared type.

    Raises
    ------
    InputError
        Too many values, an unknown keyword (with the nearest name), a value of the wrong kind or out of range.
    NeedsClarification
        A required parameter is missing.
    """
    plain = [p for p in operation.parameters if p is not operation.variadic]
    if len(positional) > len(plain):
        raise InputError(
            f"{operation.name} takes at most {len(plain)} unnamed values, not {len(positional)}"
        )
    written: dict[str, Any] = {p.name: v for p, v in zip(plain, positional, strict=False)}
    others: dict[str, Any] = {}
    for key, value in keywords.items():
        if key in written:
            raise InputError(f"{operation.name}: '{key}' is given twice")
        if key in operation.by_name and not _is_variadic_value(operation.by_name[key], value):
            written[key] = value
        elif operation.variadic is not None:
            others[key] = value
        else:
            raise InputError(
                f"{operation.name} has no parameter '{key}'{nearest(key, operation.by_name)} "
                f"(it takes: {', '.join(operation.by_name)})"
            )
    arguments = {}
    for p in operation.parameters:
        if p is operation.variadic:
            arguments[p.name] = _variadic(operation, p, others)
            if operation.family not in _EXACT:
                _factors_in_reach(arguments[p.name])
        elif p.name in written:
            try:
                arguments[p.name] = convert(written[p.name], p)
                if operation.family != "table":  # a table may hold an empty column
                    _some_present(arguments[p.name])
                if operation.family not in _EXACT:
                    _in_reach(arguments[p.name])
            except InputError as error:
                raise type(error)(f"{operation.name}: {p.name}: {error}") from None
        elif p.required:
            raise NeedsClarification(f"{operation.name} needs '{p.name}' ({p.doc or p.kind})")
        else:
            arguments[p.name] = p.default
    return arguments


def _some_present(value: Any) -> None:
    """Refuse a sample, or samples, of missing cells only."""
    samples = value if isinstance(value, tuple) else (value,)
    if samples and all(isinstance(s, Sample) and s.n_missing == len(s) for s in samples):
        raise InputError(f"`{samples[0].name}` has no values: all its cells are missing")


def _in_reach(value: Any, alone: bool = True) -> None:
    """Refuse numbers whose powers no float64 can hold, before they turn to inf somewhere inside.

    One of a list (``alone`` is False) may be as small as it likes: a p value, a residual.
    """
    match value:
        case bool():
            return
        case int() | float() if abs(value) > LARGEST:
            raise InputError(f"{float(value):g} is too large to compute with (at most {LARGEST:g})")
        case int() | float() if alone and 0 < abs(value) < SMALLEST:
            raise InputError(
                f"{value:g} is too small to compute with (at least {SMALLEST:g}): use another unit"
            )
        case Range(low, high):
            _in_reach(low.value)
            _in_reach(high.value)
        case Sample():
            sizes = np.abs(value.values[~np.isnan(value.values)])
            largest = float(sizes.max(initial=0.0))
            if largest > LARGEST:
                raise InputError(
                    f"column '{value.name}' holds {largest:g}, too large to compute with "
                    f"(at most {LARGEST:g})"
                )
            if 0 < largest < SMALLEST:
                raise InputError(
                    f"the values of column '{value.name}' are all below {SMALLEST:g}, too small "
                    "to compute with: use another unit"
                )
        case tuple():
            for item in value:
                _in_reach(item, alone=False)


def _factors_in_reach(factors: Sequence[Factor]) -> None:
    for f in factors:
        try:
            _in_reach(f.range)
            _in_reach(tuple(v.value for v in f.levels if isinstance(v, Number)))
        except InputError as error:
            raise InputError(f"factor '{f.name}': {error}") from None


def _is_variadic_value(parameter: Parameter, value: Any) -> bool:
    """A factor may have a parameter's name: ``alpha=1..5`` is a factor where alpha is a number."""
    if isinstance(value, Factor):
        return True
    return isinstance(value, Range) and parameter.kind is not Kind.RANGE


def _variadic(operation: Operation, parameter: Parameter, others: Mapping[str, Any]) -> Any:
    if parameter.kind is Kind.ASSIGNMENTS:
        if not others and parameter.required:
            raise NeedsClarification(f"{operation.name} needs {parameter.doc or 'name=expression'}")
        return {k: convert_expression(v) for k, v in others.items()}
    if not others and parameter.required:
        raise NeedsClarification(
            f"{operation.name} needs its factors: name=low..high or name=[level, level]"
        )
    try:
        return tuple(as_factor(k, v) for k, v in others.items())
    except InputError as error:
        known = [p.name for p in operation.parameters if p is not parameter]
        bad = [k for k, v in others.items() if not isinstance(v, Factor | Range | list | tuple)]
        hint = nearest(bad[0], known) if bad else ""
        raise InputError(f"{operation.name}: {error}{hint}") from None


def as_factor(name: str, value: Any) -> Factor:
    match value:
        case Factor():
            return value
        case Range():
            return Factor(name, range=value, unit=value.unit)
        case list() | tuple() if len(value) < 2:
            raise InputError(f"factor '{name}' needs at least two levels, not {len(value)}")
        case list() | tuple():
            levels = tuple(
                v if isinstance(v, Number) else v.id if isinstance(v, Name) else str(v)
                for v in value
            )
            if len({str(v) for v in levels}) < len(levels):
                raise InputError(f"factor '{name}' has a level twice")
            numeric = all(isinstance(v, Number) for v in levels)
            if not numeric:
                levels = tuple(str(v) for v in levels)
            unit = next((v.unit for v in levels if isinstance(v, Number) and v.unit), None)
            return Factor(name, levels=levels, unit=unit)
    raise InputError(
        f"'{name}' is neither a parameter nor a factor (a factor is name=low..high or name=[level, level])"
    )


def convert(value: Any, parameter: Parameter) -> Any:
    """Convert one written value to what ``parameter`` takes."""
    if value is None and parameter.optional:
        return parameter.default
    return _CONVERTERS[parameter.kind](value, parameter)


def _number(value: Any, parameter: Parameter) -> float:
    if isinstance(value, bool) or not isinstance(value, Number | int | float):
        raise InputError(f"a number is needed, not {_described(value)}")
    number = value if isinstance(value, Number) else Number(repr(value))
    magnitude = float(number.exact)
    limits = parameter.limits
    if number.unit == "%":
        magnitude = magnitude if limits.unit == "%" else float(number.exact / 100)
    elif number.unit is not None and limits.unit is not None:
        magnitude = in_unit(magnitude, number.unit, limits.unit)
    elif limits.fraction and limits.le is not None and 1 < magnitude <= 100:
        raise InputError(
            f"{number.text} is not between 0 and 1; write {number.text}% if a percentage is meant"
        )
    return _within(magnitude, limits)


def _within(magnitude: float, limits: Param) -> float:
    bounds = (
        (limits.ge, magnitude < (limits.ge or 0), "at least"),
        (limits.gt, magnitude <= (limits.gt or 0), "above"),
        (limits.le, magnitude > (limits.le or 0), "at most"),
        (limits.lt, magnitude >= (limits.lt or 0), "below"),
    )
    for bound, broken, words in bounds:
        if bound is not None and broken:
            raise InputError(f"{magnitude:g} is out of range: it must be {words} {bound:g}")
    return magnitude


@cache
def unit_registry() -> Any:
    """pint's registry, made once (0.3 s)."""
    import pint

    return pint.UnitRegistry(autoconvert_offset_to_baseunit=True)


def in_unit(magnitude: float, unit: str, wanted: str) -> float:
    """Convert, refusing what has another dimension."""
    import pint

    registry = unit_registry()
    try:
        return float(registry.Quantity(magnitude, unit).to(wanted).magnitude)
    except (pint.errors.PintError, AttributeError, ValueError, AssertionError):
        raise InputError(f"'{unit}' cannot be converted to '{wanted}'") from None


def _integer(value: Any, parameter: Parameter) -> int:
    magnitude = _number(value, parameter)
    if magnitude != int(magnitude):
        raise InputError(f"a whole number is needed, not {magnitude:g}")
    return int(magnitude)


def _boolean(value: Any, parameter: Parameter) -> bool:
    if not isinstance(value, bool):
        raise InputError(f"true or false is needed, not {_described(value)}")
    return value


def _word(value: Any) -> str:
    match value:
        case str():
            return value
        case Name(id):
            return id
        case Text(text):
            return text
        case Number(text):
            return text
        case bool():
            return str(value).lower()
    raise InputError(f"a word is needed, not {_described(value)}")


def _choice(value: Any, parameter: Parameter) -> str:
    word = _word(value)
    for choice in parameter.choices:
        if choice.casefold() == word.casefold():
            return choice
    raise InputError(
        f"'{word}' is not one of {', '.join(parameter.choices)}{nearest(word, parameter.choices)}"
    )


def _range(value: Any, parameter: Parameter) -> Range:
    if not isinstance(value, Range):
        raise InputError(f"a range low..high is needed, not {_described(value)}")
    return value


def _numbers(value: Any, parameter: Parameter) -> tuple[float, ...]:
    if isinstance(value, Sample):
        texts = list(value.texts)
        while texts and texts[-1] is None:
            texts.pop()  # a list in one table with longer ones ends before they do
        if None in texts:
            raise InputError("a number of the list is missing or not finite")
        items: Any = [Number(str(t), value.unit) for t in texts]
    else:
        items = value if isinstance(value, list | tuple) else [value]
    converted = tuple(_number(v, parameter) for v in items)
    if not converted and parameter.default != ():
        raise InputError("the list is empty: at least one number is needed")
    _long_enough(len(converted), parameter)
    return converted


def _sample(value: Any, parameter: Parameter) -> Sample:
    match value:
        case Sample():
            found = value
        case Labels(name):
            durations = in_seconds(value)
            if durations is None:
                row, cell = value.first_word()
                raise InputError(f"column '{name}' holds words, not numbers (row {row}: '{cell}')")
            found = durations
        case Table():
            numeric = value.samples()
            if len(numeric) != 1:
                raise InputError(f"name one column of '{value.name}': {', '.join(value.names)}")
            found = numeric[0]
        case Result() if value.data is not None:
            return _sample(value.data, parameter)
        case list() | tuple():
            found = Sample.of([_text_of(v) for v in value], parameter.name)
        case _:
            raise InputError(f"a column or a list of numbers is needed, not {_described(value)}")
    if not found.texts:
        raise InputError("there are no values: the list is empty")
    _long_enough(len(found), parameter)
    return found


def _text_of(value: Any) -> str:
    if isinstance(value, Number):
        return value.text
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    raise InputError(f"a list of numbers is needed; it holds {_described(value)}")


def _long_enough(n: int, parameter: Parameter) -> None:
    least = parameter.limits.min_length
    if least is not None and n < least:
        raise InputError(f"at least {least} values are needed, not {n}")


def _samples(value: Any, parameter: Parameter) -> tuple[Sample, ...]:
    if isinstance(value, Result) and value.data is not None:
        value = value.data
    if isinstance(value, Table):
        found = value.samples()
        if not found:
            raise InputError(f"table '{value.name}' has no column of numbers")
    elif isinstance(value, list | tuple) and value and all(isinstance(v, Number) for v in value):
        found = (_sample(value, Parameter("x", Kind.SAMPLE, "", True)),)
    elif isinstance(value, list | tuple):
        unnamed = [Parameter(f"group{i}", Kind.SAMPLE, "", True) for i in range(1, len(value) + 1)]
        found = tuple(_sample(v, p) for v, p in zip(value, unnamed, strict=True))
    else:
        found = (_sample(value, Parameter(parameter.name, Kind.SAMPLE, "", True)),)
    if not found:
        raise InputError("there are no values: the list is empty")
    _long_enough(len(found), parameter)
    return found


def _column(value: Any, parameter: Parameter) -> Column:
    if isinstance(value, Sample | Labels):
        return value
    if isinstance(value, list | tuple) and any(isinstance(v, str | Name) for v in value):
        return Labels(parameter.name, tuple(_word(v) for v in value))
    return _sample(value, parameter)


def _labels(value: Any, parameter: Parameter) -> Labels:
    return as_labels(_column(value, parameter))


def _columns(value: Any, parameter: Parameter) -> tuple[Column, ...]:
    if isinstance(value, Result) and value.data is not None:
        value = value.data
    if isinstance(value, Table):
        return value.columns
    if not isinstance(value, list | tuple):
        return (_column(value, parameter),)
    if not value:
        raise InputError("there are no values: the list is empty")
    if all(isinstance(v, str | Name | Number) for v in value):
        return (_column(value, parameter),)  # one column written out
    return tuple(_column(v, parameter) for v in value)


def _table(value: Any, parameter: Parameter) -> Table:
    match value:
        case Table():
            return value
        case Result() if value.data is not None:
            return value.data
        case Result():
            raise InputError("that result carries no table of data")
        case Sample() | Labels():
            return Table((value,))
        case list() | tuple() if value and all(isinstance(r, list | tuple) for r in value):
            if len({len(r) for r in value}) != 1:
                raise InputError("the rows of the table are of unequal length")
            columns = zip(*value, strict=True)
            return Table(
                tuple(
                    Sample.of([_text_of(v) for v in c], f"column {i}")
                    for i, c in enumerate(columns, 1)
                )
            )
    raise InputError(f"a table is needed, not {_described(value)}")


def _formula(value: Any, parameter: Parameter) -> Formula:
    if not isinstance(value, Formula):
        raise InputError(f"a formula such as y ~ a*b is needed, not {_described(value)}")
    return value


def convert_expression(value: Any, parameter: Parameter | None = None) -> Any:
    if isinstance(value, EXPRESSION_TYPES):
        return value
    if isinstance(value, Number):
        return Num(value)
    if isinstance(value, str):
        return Text(value)
    raise InputError(f"an expression is needed, not {_described(value)}")


def _expressions(value: Any, parameter: Parameter) -> tuple[Any, ...]:
    items = value if isinstance(value, list | tuple) else [value]
    return tuple(convert_expression(v) for v in items)


def _symbol(value: Any, parameter: Parameter) -> Name:
    if isinstance(value, Name):
        return value
    if isinstance(value, str):
        return Name(value)
    raise InputError(f"a name is needed, not {_described(value)}")


def _symbols(value: Any, parameter: Parameter) -> tuple[Name, ...]:
    items = value if isinstance(value, list | tuple) else [value]
    return tuple(_symbol(v, parameter) for v in items)


def _condition(value: Any, parameter: Parameter) -> Relation:
    if not isinstance(value, Relation):
        raise InputError(f"a condition such as x > 3 is needed, not {_described(value)}")
    return value


def _matrix(value: Any, parameter: Parameter) -> tuple[tuple[float, ...], ...]:
    if isinstance(value, Result) and value.data is not None:
        value = value.data
    if isinstance(value, Table):
        columns = value.samples()
        if len(columns) < len(value.columns):
            raise InputError("a matrix holds numbers only")
        for column in columns:
            empty = next((i for i, v in enumerate(column.values, 1) if math.isnan(v)), None)
            if empty is not None:
                raise InputError(f"a matrix has no missing cells: `{column.name}`, row {empty}")
        return tuple(zip(*(tuple(float(v) for v in c.values) for c in columns), strict=True))
    if not (
        isinstance(value, list | tuple)
        and value
        and all(isinstance(r, list | tuple) for r in value)
    ):
        raise InputError(f"a matrix such as [[1, 2], [3, 4]] is needed, not {_described(value)}")
    rows = tuple(tuple(_number(v, parameter) for v in row) for row in value)
    if len({len(r) for r in rows}) != 1:
        raise InputError("the rows of the matrix are of unequal length")
    return rows


_CONVERTERS = {
    Kind.NUMBER: _number,
    Kind.INTEGER: _integer,
    Kind.BOOLEAN: _boolean,
    Kind.CHOICE: _choice,
    Kind.TEXT: lambda value, _: _word(value),
    Kind.RANGE: _range,
    Kind.NUMBERS: _numbers,
    Kind.SAMPLE: _sample,
    Kind.SAMPLES: _samples,
    Kind.LABELS: _labels,
    Kind.COLUMN: _column,
    Kind.COLUMNS: _columns,
    Kind.TABLE: _table,
    Kind.FORMULA: _formula,
    Kind.EXPRESSION: convert_expression,
    Kind.EXPRESSIONS: _expressions,
    Kind.SYMBOL: _symbol,
    Kind.SYMBOLS: _symbols,
    Kind.CONDITION: _condition,
    Kind.MATRIX: _matrix,
}


def _described(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f"the text '{value}'"
        case Number():
            return f"the number {value}"
        case Name(id):
            return f"the name '{id}'"
        case Range():
            return f"the range {value}"
        case Table(_, name):
            return f"the table '{name}'"
        case Sample(name) | Labels(name):
            return f"the column '{name}'"
        case Formula():
            return f"the formula {value}"
        case list() | tuple():
            return "a list"
        case Result():
            return "a result"
    return "that" if isinstance(value, EXPRESSION_TYPES) else repr(value)
