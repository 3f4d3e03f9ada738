"""Harvest the documentation of installed packages from their sources, without importing them.

The syntax tree gives every module, class and function its docstring. Only compiled functions have
none in the sources: for those (``COMPILED``) the documentation of the imported objects is read.
"""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import inspect
import pydoc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from havoc.errors import InputError

SKIPPED_FOLDERS = frozenset(
    {"tests", "test", "testing", "_testing", "_vendor", "_external", "externals", "benchmarks"}
    | {"f2py", "distutils", "typing", "_typing", "_build_utils", "sandbox", "conftest"}
)
# Modules and classes whose members are compiled or have their documentation filled in on import.
COMPILED = {
    "numpy": ("numpy", "numpy.ndarray", "numpy.random.Generator"),
    "scipy": ("scipy.special",),
}


@dataclass(frozen=True)
class Docstring:
    """One documented thing of a package: its public dotted name and the raw text."""

    name: str
    text: str


def package_folder(package: str) -> Path:
    """Return where an installed package's sources are, without importing it."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        spec = None
    if spec is None or spec.origin is None:
        raise InputError(
            f"the package {package!r} is not installed, so its documentation cannot be read; "
            "install it or take it off the list of packages"
        )
    return Path(spec.origin).parent


def package_version(package: str) -> str:
    """Return the installed version of ``package``."""
    return importlib.metadata.version(package)


def harvest(package: str) -> Iterator[Docstring]:
    """Yield every docstring of ``package`` in a fixed order: files by path, definitions by line."""
    root = package_folder(package)
    for path in sorted(root.rglob("*.py")):
        relative = path.relative_to(root)
        folders = {part.removesuffix(".py") for part in relative.parts}
        if folders & SKIPPED_FOLDERS or relative.name.startswith("test_"):
            continue
        module = ".".join((package, *relative.with_suffix("").parts)).removesuffix(".__init__")
        try:
            tree = ast.parse(path.read_bytes())
        except SyntaxError:
            # A package may ship a template or a file for another version of Python.
            continue
        yield from _walk(tree, module)
    for module in COMPILED.get(package, ()):
        yield from _compiled(module)


def _walk(
    node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef, name: str
) -> Iterator[Docstring]:
    text = ast.get_docstring(node, clean=False)
    if text:
        yield Docstring(public_name(name), text)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    for child in node.body:
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _walk(child, f"{name}.{child.name}")


def _compiled(path: str) -> Iterator[Docstring]:
    owner = pydoc.locate(path)
    for name, value in sorted(vars(owner).items()):
        text = getattr(value, "__doc__", None)
        in_source = inspect.isfunction(value) or inspect.isclass(value) or inspect.ismodule(value)
        if callable(value) and not name.startswith("_") and not in_source and isinstance(text, str):
            yield Docstring(f"{path}.{name}", text)


def public_name(name: str) -> str:
    """Leave out private modules: ``scipy.stats._stats_py.norm`` is ``scipy.stats.norm``."""
    *parts, last = name.split(".")
    return ".".join([*(p for p in parts if not p.startswith("_")), last])
