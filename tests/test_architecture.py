"""The house rules of the code, held by reading it: floors, circles, frameworks, sizes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "havoc"
FLOORS = {
    "errors": -2,  # the ground floor has two cellars: what config itself stands on
    "options": -1,
    "disk": -1,
    "seal": -1,
    "config": 0,
    "tracking": 0,
    "provenance": 0,
    "registry": 1,
    "tools": 1,
    "rag": 1,
    "dsl": 2,
    "model": 2,
    "tokenizer": 2,
    "curriculum": 3,
    "inference": 3,
    "corpus": 3,
    "srs": 4,
    "training": 4,
    "serving": 5,
    "evaluation": 5,
    "verification": 5,
    "lineage": 6,
    "commands": 7,
    "cli": 8,
    "__main__": 9,
    "__init__": -3,
}
FRAMEWORKS = {"dagster", "dvc", "bentoml"}
MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 90

MODULES = sorted(PACKAGE.rglob("*.py"))
PIPELINES = sorted((ROOT / "pipelines").rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(module: str) -> str:
    """``havoc.tools.stats.t_tests`` -> ``tools``; the package itself is ``__init__``."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path, nodes: Iterator[ast.AST] | None = None) -> Iterator[str]:
    """Absolute names of what is imported; ``from a import b`` gives ``a.b``."""
    package = name_of(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in nodes or ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{start}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_room_imports_only_from_floors_below_it(path):
    own = room(name_of(path))
    assert own in FLOORS, f"{own} has no floor"
    for target in imports(path):
        if target.split(".")[0] != "havoc":
            assert target.split(".")[0] != "pipelines", f"{name_of(path)} imports {target}"
            continue
        other = room(target)
        other = other if other in FLOORS else "__init__"
        assert other == own or FLOORS[other] < FLOORS[own], (
            f"{name_of(path)} (floor {FLOORS[own]}) imports {target} (floor {FLOORS[other]})"
        )


def test_no_modules_import_each_other_in_a_circle():
    names = {name_of(p) for p in MODULES}
    graph: dict[str, set[str]] = {}
    for path in MODULES:
        found = {
            part
            for target in imports(path, _at_import(tree(path).body))
            for part in (target, target.rsplit(".", 1)[0])
            if part in names
        }
        # a package that is asked for one of its modules is not itself depended on
        exact = {t for t in found if not any(o.startswith(t + ".") for o in found)}
        graph[name_of(path)] = exact - {name_of(path)}
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"circle: {' -> '.join(error.args[1])}")


def _at_import(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Statements run when the module is imported: not inside functions or ``if TYPE_CHECKING``."""
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        for field in ("body", "orelse", "finalbody"):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from _at_import(getattr(node, field, []))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_framework_of_orchestration_or_tracking_is_imported_outside_its_door(path):
    found = {target.split(".")[0] for target in imports(path)}
    doors = {"serving/bento.py": {"bentoml"}, "tracking.py": {"mlflow"}, "registry.py": {"mlflow"}}
    allowed = doors.get(path.relative_to(PACKAGE).as_posix(), set())
    assert found & (FRAMEWORKS | {"mlflow"}) <= allowed


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_user_text_never_reaches_an_interpreter(path):
    called = {
        node.func.id
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"eval", "exec", "sympify", "parse_expr"}
    assert not {"pickle", "dill", "joblib"} & {t.split(".")[0] for t in imports(path)}


@pytest.mark.parametrize("path", MODULES + PIPELINES, ids=name_of)
def test_files_and_functions_stay_readable(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_FILE_LINES, f"{lines} lines"
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= MAX_FUNCTION_LINES, f"{node.name}: {length} lines"
        if isinstance(node, ast.ExceptHandler):
            silent = all(isinstance(s, ast.Pass) for s in node.body)
            broad = getattr(node.type, "id", "") in ("Exception", "BaseException")
            assert node.type is not None, f"line {node.lineno}: bare except"
            assert not (silent and broad), f"line {node.lineno}: every error is swallowed"
