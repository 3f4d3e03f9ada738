"""llama.cpp opens our GGUF files, reads texts as the same tokens and continues them the same.

llama-cpp-python builds llama.cpp when installed (a quarter of an hour of one core), so it may live
in a Python of its own: HAVOC_LLAMA_PYTHON names it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from test_export import LINES, make

from havoc.model import load_model
from havoc.model.export import export_model
from havoc.tokenizer import train_tokenizer

NAMED = os.environ.get("HAVOC_LLAMA_PYTHON", "")
HERE = sys.executable if importlib.util.find_spec("llama_cpp") else NAMED
TEXTS = [
    *LINES,
    "  two  spaces\n\ta tab",
    "0.05 and 12345",
    "data=runs and stats.anova(rate)",
    "\u00b5 \u4e2d",
]


@pytest.mark.slow
@pytest.mark.skipif(not HERE, reason="llama-cpp-python is not installed; see HAVOC_LLAMA_PYTHON")
@pytest.mark.parametrize("tied", [True, False])
def test_llama_cpp_reads_and_continues_as_we_do(tmp_path: Path, tied: bool) -> None:
    pytest.importorskip("gguf")
    tokenizer = train_tokenizer(LINES * 30, 480, reserved=("<|user|>", "stats.anova(", "data="))
    source = make(tmp_path / "model", tokenizer, tied=tied)
    file = export_model(source, tmp_path / "model.gguf", "gguf")
    prompt = tokenizer.encode(LINES[1], bos=True)
    run = subprocess.run(
        [
            HERE, str(Path(__file__).with_name("llama_cpp_worker.py")), str(file),
            json.dumps(TEXTS), json.dumps(prompt), "24",
        ],
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    theirs = json.loads(run.stdout.splitlines()[-1])
    assert theirs["tokens"] == [tokenizer.encode(t, bos=True, markers=True) for t in TEXTS]
    model, ids = load_model(source), torch.tensor([prompt])
    for _ in range(24):
        ids = torch.cat((ids, model(ids)[:, -1].argmax(-1, keepdim=True)), dim=1)
    assert theirs["continued"] == ids[0, len(prompt) :].tolist()
