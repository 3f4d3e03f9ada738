"""The active profile: ``params.yaml`` says which, and holds its values for DVC to compare.

``python -m pipelines.profile NAME`` writes the file from ``configs/pipeline/NAME.yaml`` and, under ``packages``, the
versions that ``constraints.txt`` pins of what the steps' results depend on, so that a new version makes exactly those
steps stale. A test holds that they agree.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import yaml

from havoc.config import Settings, load_settings
from havoc.errors import InputError

PARAMS = Path("params.yaml")
PINS = Path("constraints.txt")
HEADER = "# The active profile. Written by `python -m pipelines.profile NAME`; DVC compares these values.\n"
# Those whose version may change what a step writes (``dvc.yaml`` says which step).
PACKAGES = (
    "lancedb",
    "numpy",
    "pandas",
    "rensa",
    "scipy",
    "sentencepiece",
    "statsmodels",
    "sympy",
    "torch",
)


def settings() -> Settings:
    """The settings of the active profile, with the values of ``params.yaml`` on top."""
    params = read_params()
    sizes = {k: v for k, v in params.items() if k not in ("profile", "packages")}
    return load_settings(str(params.get("profile", "laptop")), {"pipeline": sizes})


def read_params() -> dict[str, Any]:
    if not PARAMS.is_file():
        raise InputError(
            "params.yaml is missing; write it with: python -m pipelines.profile laptop"
        )
    return dict(yaml.safe_load(PARAMS.read_text()))


def params_of(name: str) -> dict[str, Any]:
    """What ``params.yaml`` holds for a profile."""
    return {
        "profile": name,
        **load_settings(name).pipeline.to_dict(),
        "packages": pinned(),
    }


def pinned() -> dict[str, str]:
    """The pinned version of each of ``PACKAGES``."""
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)", PINS.read_text(), re.MULTILINE))
    missing = [p for p in PACKAGES if p not in pins]
    if missing:
        raise InputError(f"{PINS} pins no version of {', '.join(missing)}; run make lock")
    return {p: pins[p] for p in PACKAGES}


def other_versions() -> list[str]:
    """One line for each package installed in another version than ``params.yaml`` says results are of."""
    lines = []
    for package, wanted in dict(read_params().get("packages") or {}).items():
        try:
            here = version(package).split("+")[0]
        except PackageNotFoundError:
            continue
        if here != str(wanted):
            lines.append(
                f"{package} {here} is installed, params.yaml says {wanted}: results are recorded as of {wanted}"
            )
    return lines


def write(name: str) -> None:
    """Make a profile the active one."""
    text = HEADER + yaml.safe_dump(params_of(name), sort_keys=False)
    draft = PARAMS.with_name(f".{PARAMS.name}.partial")
    draft.write_text(text)
    draft.replace(PARAMS)


if __name__ == "__main__":
    try:
        write(sys.argv[1] if len(sys.argv) > 1 else "laptop")
    except InputError as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
