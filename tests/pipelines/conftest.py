"""What the tests of the pipeline share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest


@pytest.fixture(scope="module")
def instance(project: Path) -> Iterator[dg.DagsterInstance]:
    """A Dagster that has heard of nothing, for the module's own ``project``."""
    with dg.DagsterInstance.ephemeral() as made:
        yield made
