"""What every configuration dataclass is made of: checked fields and YAML with comments.

A field is declared once, with ``option(default, meaning, range, advice)``. From that declaration
come the check of its type and range, the refusal of unknown keys, and the comments of YAML files
(``annotated_yaml``).
"""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import yaml

from havoc.errors import InputError, nearest

T = TypeVar("T", bound="Options")


def option(
    default: Any,
    meaning: str,
    *,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    advice: str = "",
) -> Any:
    """Declare a field: its default, meaning, range and advice for different hardware."""
    limits = {"ge": ge, "gt": gt, "le": le, "lt": lt}
    metadata = {
        "meaning": meaning,
        "advice": advice,
        "limits": {k: v for k, v in limits.items() if v is not None},
    }
    if isinstance(default, dict | list):
        kept = default
        return dataclasses.field(default_factory=lambda: type(kept)(kept), metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Options:
    """Base of the configurations: immutable, and checked when made."""

    def __post_init__(self) -> None:
        hints = typing.get_type_hints(type(self))
        for field in dataclasses.fields(self):
            value = coerce(getattr(self, field.name), hints[field.name], field.name)
            _check_limits(field.name, value, field.metadata.get("limits", {}))
            object.__setattr__(self, field.name, value)
        self.check()

    def check(self) -> None:
        """Check what concerns several fields at once; raise InputError."""

    def replace(self: T, **changes: Any) -> T:
        """Return a copy with some fields changed, checked again."""
        return from_mapping(type(self), {**self.to_dict(), **changes})

    def to_dict(self) -> dict[str, Any]:
        """Return the plain values, ready for JSON or YAML."""
        return {f.name: _plain(getattr(self, f.name)) for f in dataclasses.fields(self)}


def from_mapping(kind: type[T], values: Mapping[str, Any], where: str = "") -> T:
    """Build ``kind`` from plain values; unknown keys are refused with the nearest valid name."""
    known = [f.name for f in dataclasses.fields(kind)]
    place = f" in {where}" if where else ""
    for key in values:
        if key not in known:
            raise InputError(
                f"unknown key '{key}' of {kind.__name__}{place}{nearest(str(key), known)}"
            )
    try:
        return kind(**dict(values))
    except InputError as error:
        raise InputError(f"{error}{place}") from None


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds one mapping of names to values."""
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"no configuration file {path}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise InputError(f"{path}{line}: not valid YAML") from None
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise InputError(f"{path}: expected 'name: value' lines, found {type(loaded).__name__}")
    return loaded


def coerce(value: Any, hint: Any, name: str) -> Any:
    """Return ``value`` as the annotated type, or raise InputError; texts are read."""
    origin = get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return _coerce_union(value, hint, name)
    if origin is Literal:
        return _coerce_choice(value, get_args(hint), name)
    if origin is tuple:
        return _coerce_tuple(value, get_args(hint)[0], name)
    if origin is dict:
        return _coerce_dict(value, get_args(hint)[1], name)
    return _coerce_scalar(value, hint, name)


def _wrong(name: str, expected: str, value: Any) -> InputError:
    return InputError(f"{name}: expected {expected}, got {value!r}")


def _coerce_scalar(value: Any, hint: Any, name: str) -> Any:
    if hint is type(None):
        if value is None or value in ("null", "none"):
            return None
        raise _wrong(name, "null", value)
    if hint is bool:
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        if isinstance(value, bool):
            return value
        raise _wrong(name, "true or false", value)
    if hint is str:
        if isinstance(value, str):
            return value
        raise _wrong(name, "a text", value)
    if hint in (int, float):
        return _coerce_number(value, hint, name)
    raise TypeError(f"{name}: a configuration field cannot be of type {hint!r}")


def _coerce_number(value: Any, hint: type, name: str) -> int | float:
    expected = "an integer" if hint is int else "a number"
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _wrong(name, expected, value)
    try:
        number = float(value)  # YAML 1.1 reads 1e-4 as a text
    except (ValueError, OverflowError):
        raise _wrong(name, expected, value) from None
    if not math.isfinite(number):
        raise _wrong(name, f"{expected} that is finite", value)
    if hint is float:
        return number
    if not number.is_integer():
        raise _wrong(name, expected, value)
    return int(value) if isinstance(value, int) else int(number)


def _coerce_choice(value: Any, choices: tuple[Any, ...], name: str) -> Any:
    for choice in choices:
        if type(choice) is type(value) and choice == value:
            return choice
    texts = [str(c) for c in choices]
    raise InputError(
        f"{name}: expected {' or '.join(texts)}, got {value!r}{nearest(str(value), texts)}"
    )


def _coerce_union(value: Any, hint: Any, name: str) -> Any:
    """Try the alternatives in order; the most informative complaint is the last one's."""
    complaint = None
    for alternative in get_args(hint):
        try:
            return coerce(value, alternative, name)
        except InputError as error:
            if alternative is not type(None):
                # With its frames it would make a circle that keeps every caller's locals alive.
                complaint = error.with_traceback(None)
    raise complaint or _wrong(name, str(hint), value)


def _coerce_tuple(value: Any, inner: Any, name: str) -> tuple[Any, ...]:
    if isinstance(value, str):
        value = [part.strip() for part in value.strip("[] ").split(",") if part.strip()]
    if not isinstance(value, list | tuple):
        raise _wrong(name, "a list", value)
    return tuple(coerce(v, inner, f"{name}[{i}]") for i, v in enumerate(value))


def _coerce_dict(value: Any, inner: Any, name: str) -> dict[str, Any]:
    if isinstance(value, str):
        value = yaml.safe_load(value)
    if not isinstance(value, Mapping):
        raise _wrong(name, "'name: value' pairs", value)
    return {str(k): coerce(v, inner, f"{name}.{k}") for k, v in value.items()}


def _check_limits(name: str, value: Any, limits: Mapping[str, float]) -> None:
    if isinstance(value, tuple):
        for i, item in enumerate(value):
            _check_limits(f"{name}[{i}]", item, limits)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_limits(f"{name}.{key}", item, limits)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        holds = {
            "ge": lambda limit: value >= limit,
            "gt": lambda limit: value > limit,
            "le": lambda limit: value <= limit,
            "lt": lambda limit: value < limit,
        }
        if not all(holds[key](limit) for key, limit in limits.items()):
            raise InputError(f"{name}: {value} is out of range ({_range_text(limits)})")


def _range_text(limits: Mapping[str, float]) -> str:
    signs = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
    return ", ".join(f"{signs[key]} {limit:g}" for key, limit in limits.items())


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def annotated_yaml(config: Options, title: str) -> str:
    """Render a configuration with one comment a parameter: meaning, range, default, advice."""
    hints = typing.get_type_hints(type(config))
    lines = [f"# {title}", ""]
    for field in dataclasses.fields(config):
        value = _plain(getattr(config, field.name))
        default = field.default
        if field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        facts = [_type_text(hints[field.name])]
        if field.metadata.get("limits"):
            facts.append(_range_text(field.metadata["limits"]))
        facts.append(f"default {_yaml_value(_plain(default))}")
        lines.append(f"# {field.metadata['meaning']}. [{'; '.join(facts)}]")
        if field.metadata.get("advice"):
            lines.append(f"#   {field.metadata['advice']}")
        lines.append(f"{field.name}: {_yaml_value(value)}")
    return "\n".join(lines) + "\n"


def _type_text(hint: Any) -> str:
    origin = get_origin(hint)
    if origin is Literal:
        return " | ".join(str(c) for c in get_args(hint))
    if origin in (types.UnionType, typing.Union):
        return " | ".join(_type_text(a) for a in get_args(hint))
    if origin is tuple:
        return f"list of {_type_text(get_args(hint)[0])}"
    if origin is dict:
        return f"name: {_type_text(get_args(hint)[1])}"
    names = {int: "integer", float: "number", bool: "true | false", str: "text", type(None): "null"}
    return names[hint]


def _yaml_value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}" if float(f"{value:g}") == value else repr(value)
    text = yaml.safe_dump(value, default_flow_style=True, width=10_000, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...").strip()
