"""The lock files say what the project declares."""

from __future__ import annotations

import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text().splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


def test_every_declared_package_is_locked_in_the_range_declared():
    locked = pins("constraints.txt")
    groups = PROJECT["optional-dependencies"]
    extras = ("pipeline", "serve", "ingest", "cluster", "dev")
    wanted = [*PROJECT["dependencies"], *(line for extra in extras for line in groups[extra])]
    for requirement in map(Requirement, wanted):
        if requirement.name == "havoc":  # its own extras, all of them in this list
            assert requirement.extras <= set(extras)
            continue
        version = locked[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version, prereleases=True), requirement


def test_a_locked_version_is_one_that_any_index_has():
    assert not [v for v in pins("constraints.txt").values() if "+" in v]


def test_the_bento_has_all_the_service_needs_and_no_orchestration():
    served, locked = pins("requirements-serve.txt"), pins("constraints.txt")
    needed = {canonicalize_name(Requirement(r).name) for r in PROJECT["dependencies"]}
    assert needed | {"bentoml"} <= set(served)
    assert not {"dagster", "dvc", "mlflow"} & set(served)
    assert served.items() <= locked.items()


def test_the_bentofile_packs_code_and_configuration_only():
    described = yaml.safe_load((ROOT / "bentofile.yaml").read_text())
    assert described["service"] == "havoc.serving.bento:HavocService"
    assert described["python"]["lock_packages"] is False
    for pattern in described["include"]:
        assert pattern.split("/")[0] in {"havoc", "configs", "frontend", "requirements-serve.txt"}
