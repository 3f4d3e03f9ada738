from __future__ import annotations

import pytest

from havoc.serving import ui


@pytest.fixture(autouse=True)
def no_built_ui(monkeypatch):
    """Whether the web UI has been built here must not change what is tested."""
    monkeypatch.setattr(ui, "FOLDERS", ())
