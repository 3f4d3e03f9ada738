"""The operations as a form needs them: the registry's schemas, and the figures each one draws.

Which figures an operation draws is not declared; ``figures.json`` is what its examples drew
(``python -m havoc.serving.operations`` writes it again, and a slow test holds that it is true).
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from havoc.dsl.reference import TITLES, schemas

FIGURES = Path(__file__).with_name("figures.json")


@cache
def described() -> dict[str, dict[str, Any]]:
    """Every operation's schema by name, with the title of its family and its kinds of figures."""
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    return {
        schema["name"]: {
            **schema,
            "family_title": TITLES[schema["family"]],
            "figures": figures.get(schema["name"], []),
        }
        for schema in schemas()
    }


def drawn() -> dict[str, list[str]]:
    """The kinds of figures that each operation's examples draw (half a minute)."""
    from havoc.dsl.executor import run_text
    from havoc.tools.operation import operations

    found: dict[str, list[str]] = {}
    for operation in operations().values():
        kinds = {
            figure.kind
            for example in operation.examples
            for step in run_text(example).steps
            if step.operation == operation.name
            for figure in step.result.figures
        }
        if kinds:
            found[operation.name] = sorted(kinds)
    return found


if __name__ == "__main__":
    FIGURES.write_text(json.dumps(drawn(), indent=1) + "\n", encoding="utf-8")
