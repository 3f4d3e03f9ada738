"""Write constraints.txt (every package of this environment) and requirements-serve.txt (the service's).

Run by ``make lock`` after an upgrade, in an environment with all extras.
"""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
TOOLS = {"havoc", "pip", "setuptools", "wheel", "uv"}
NOTE = "# Written by `make lock`."


def installed() -> dict[str, str]:
    """Name and version of every package; a local suffix (torch's +cpu) is left out: it matches."""
    found = {canonicalize_name(d.metadata["Name"]): d.version for d in distributions()}
    return {n: v.split("+")[0] for n, v in sorted(found.items()) if n not in TOOLS}


def closure(names: list[str]) -> set[str]:
    """The packages and all they need on this platform."""
    seen: set[str] = set()
    todo = [Requirement(n) for n in names]
    while todo:
        wanted = todo.pop()
        key = canonicalize_name(wanted.name)
        extras = {"", *wanted.extras}
        if key in seen and not wanted.extras:
            continue
        seen.add(key)
        try:
            needs = distribution(key).requires or []
        except PackageNotFoundError:
            seen.discard(key)
            continue
        parsed = (Requirement(r) for r in needs)
        todo += [
            r
            for r in parsed
            if not r.marker or any(r.marker.evaluate({"extra": e}) for e in extras)
        ]
    return seen - TOOLS


def main() -> None:
    """Write both files."""
    versions = installed()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    served = closure([*project["dependencies"], *project["optional-dependencies"]["serve"]])
    lines = [f"{n}=={v}" for n, v in versions.items()]
    (ROOT / "constraints.txt").write_text("\n".join([NOTE, *lines]) + "\n")
    lines = [f"{n}=={v}" for n, v in versions.items() if n in served]
    (ROOT / "requirements-serve.txt").write_text("\n".join([NOTE, *lines]) + "\n")


if __name__ == "__main__":
    main()
