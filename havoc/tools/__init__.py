"""The operations and the registry that declares them."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

FAMILIES = ("table", "doe", "spc", "quality", "stats", "maths")


@cache
def load_families() -> None:
    """Import every module of every family, so that each operation is declared."""
    for family in FAMILIES:
        package = importlib.import_module(f"havoc.tools.{family}")
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"havoc.tools.{family}.{module.name}")
