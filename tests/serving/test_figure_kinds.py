"""Every kind of figure that an operation can make is drawn by the page and by the printed renderer."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import havoc
from havoc.serving.operations import FIGURES
from havoc.tools.figures import KINDS

ROOT = Path(havoc.__file__).parents[1]
PAGE = ROOT / "frontend/src/components/figures/kinds.js"


def made() -> set[str]:
    """The kinds that stand in the operations' code: first arguments of ``Figure(...)``."""
    found = set()
    for path in (ROOT / "havoc/tools").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Figure":
                first = next((k.value for k in node.keywords if k.arg == "kind"), None)
                first = node.args[0] if node.args else first
                found |= {
                    c.value
                    for c in ast.walk(first or ast.Constant(""))
                    if isinstance(c, ast.Constant) and isinstance(c.value, str) and c.value
                }
    return found


def test_every_kind_has_both_renderers() -> None:
    page = set(re.findall(r"^  (\w+): \w+,$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    kinds = made()
    assert len(kinds) > 20
    drawn = {
        k for kinds_of in json.loads(FIGURES.read_text(encoding="utf-8")).values() for k in kinds_of
    }
    for kind in sorted(kinds | drawn):
        assert kind in KINDS, f"no printed drawing of '{kind}'"
        assert kind in page, f"the page does not draw '{kind}'"
    assert set(KINDS) == page
