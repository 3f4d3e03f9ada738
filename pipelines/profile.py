"""The active profile: ``params.yaml`` says which, and holds its values for DVC to compare.

``python -m pipelines.profile NAME`` writes the file from ``configs/pipeline/NAME.yaml``; a test holds that they agree.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

from havoc.config import Settings, load_settings
from havoc.errors import InputError

PARAMS = Path("params.yaml")
HEADER = "# The active profile. Written by `python -m pipelines.profile NAME`; DVC compares these values.\n"


def settings() -> Settings:
    """The settings of the active profile, with the values of ``params.yaml`` on top."""
    params = read_params()
    sizes = {k: v for k, v in params.items() if k != "profile"}
    return load_settings(str(params.get("profile", "laptop")), {"pipeline": sizes})


def read_params() -> dict[str, Any]:
    if not PARAMS.is_file():
        raise InputError(
            "params.yaml is missing; write it with: python -m pipelines.profile laptop"
        )
    return dict(yaml.safe_load(PARAMS.read_text()))


def params_of(name: str) -> dict[str, Any]:
    """What ``params.yaml`` holds for a profile."""
    return {"profile": name, **load_settings(name).pipeline.to_dict()}


def write(name: str) -> None:
    PARAMS.write_text(HEADER + yaml.safe_dump(params_of(name), sort_keys=False))


if __name__ == "__main__":
    try:
        write(sys.argv[1] if len(sys.argv) > 1 else "laptop")
    except InputError as problem:
        print(problem, file=sys.stderr)
        sys.exit(2)
