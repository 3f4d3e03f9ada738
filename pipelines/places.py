"""Where the steps read and write, relative to the project's root (the working folder of every step)."""

from __future__ import annotations

from pathlib import Path

DATA = Path("data")
HANDBOOK = Path("docs/handbook")
REQUESTS = Path("benchmarks/requests")
ARTIFACTS = Path("artifacts")
CORPUS = ARTIFACTS / "corpus"
CURRICULUM = ARTIFACTS / "curriculum"
TOKENIZER = ARTIFACTS / "tokenizer"
TOKENS = ARTIFACTS / "tokens"
MODEL = ARTIFACTS / "model"
BASE, INSTRUCT = MODEL / "base", MODEL / "instruct"
EVALUATION = ARTIFACTS / "evaluation"
RAG = ARTIFACTS / "rag"
BENTO = ARTIFACTS / "bento"
PLOTS = ARTIFACTS / "plots"
METRICS = ARTIFACTS / "metrics"
CHECKPOINTS = Path("checkpoints")
LOGS = Path("logs")
