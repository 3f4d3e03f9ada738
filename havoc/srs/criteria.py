"""What the request's own rules make of the results: ``call it capable if Cpk is at least 1.33``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from havoc.dsl.criteria import QUANTITIES, Condition, Rule, rules_of
from havoc.dsl.executor import Step
from havoc.srs.markdown import link, short
from havoc.srs.state import State

MOST = 6  # results and values that are judged


def judgements(state: State, withheld: frozenset[str]) -> list[str]:
    """One paragraph for each result that the request's rules speak of, or none.

    A rule that is met is quoted with the figures that meet it. Where none is, it is said of the first what its
    failing means, if the request says so.
    """
    assert state.chosen is not None
    assert state.chosen.execution is not None
    rules = rules_of(state.request.text)
    added = {a.better for a in state.amendments}
    steps = [s for s in state.chosen.execution.steps if s.name not in added]
    told = [(s, t) for s in steps if (t := _told(rules, s, withheld))]
    if len(told) == 1:
        return [told[0][1]]
    return [f"{_subject(s)}: {text[0].lower()}{text[1:]}" for s, text in told[:MOST]]


def _told(rules: Sequence[Rule], step: Step, withheld: frozenset[str]) -> str:
    """What the rules say of one result."""
    known = [(r, keys) for r in rules if (keys := _keys(r, step, withheld))]
    for rule, keys in known:
        if rule.each and keys == ["p_value"] and (parts := list(_of_each(rule, step))):
            return f"By the rule of the request, “{rule.text}”: {'; '.join(parts)}."
    for rule, keys in known:
        if all(c.holds(_number(step, k)) for c, k in zip(rule.conditions, keys, strict=True)):
            return f"The rule of the request applies, “{rule.text}”: {_figures(rule, keys, step)}."
    for rule, keys in sorted(known, key=lambda k: not k[0].otherwise):
        meant = rule.otherwise or (f"not {rule.said}" if rule.said else "")
        if meant:
            shown = _figures(rule, keys, step)
            return f"The rule of the request does not apply, “{rule.text}”: {shown}, so {meant}."
    return ""


def _keys(rule: Rule, step: Step, withheld: frozenset[str]) -> list[str]:
    """Where a result holds the quantities of a rule's conditions; empty if it lacks one."""
    keys = []
    for condition in rule.conditions:
        key = QUANTITIES[condition.quantity]
        if not _has(step, key, withheld):
            return []
        keys.append(key)
    return keys


def _has(step: Step, key: str, withheld: frozenset[str]) -> bool:
    value = step.result.values.get(key)
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and f"{step.name}.{key}" not in withheld
    )


def _number(step: Step, key: str) -> float:
    return float(step.result.values[key])  # type: ignore[arg-type]


def _figures(rule: Rule, keys: Sequence[str], step: Step) -> str:
    """The quantities of a rule with their values, each once."""
    shown = {
        key: f"the {_name(c)} is {link(short(_number(step, key)), step.name, key)}"
        for c, key in zip(rule.conditions, keys, strict=True)
    }
    return " and ".join(shown.values())


def _name(condition: Condition) -> str:
    return condition.quantity if len(condition.quantity) > 3 else condition.quantity.capitalize()


def _of_each(rule: Rule, step: Step) -> Iterator[str]:
    """A rule on p values for each term of a model, without the constant."""
    names, values = (step.result.values.get(k) for k in ("coefficient_names", "p_values"))
    if not (isinstance(names, list) and isinstance(values, list)):
        return
    said = rule.said or "met"
    for i, (name, value) in enumerate(zip(names, values, strict=True)):
        if i >= MOST or str(name).casefold() in ("intercept", "constant", "(intercept)"):
            continue
        if isinstance(value, int | float):
            met = all(c.holds(float(value)) for c in rule.conditions)
            number = link(short(value), step.name, "p_values", i)
            yield f"{name} {'' if met else 'not '}{said}, its p-value is {number}"


def _subject(step: Step) -> str:
    """What a result is about: its first columns, or its own name."""
    names = [n for n in map(_column, step.arguments.values()) if n]
    return f"For {' and '.join(names[:2])}" if names else f"For {step.name}"


def _column(value: object) -> str:
    name = getattr(value, "name", "")
    return name if isinstance(name, str) else ""
