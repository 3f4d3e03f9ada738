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
TOKENS, PAIR_TOKENS = ARTIFACTS / "tokens" / "pretrain", ARTIFACTS / "tokens" / "finetune"
MODEL = ARTIFACTS / "model"
BASE, INSTRUCT = MODEL / "base", MODEL / "instruct"
EVALUATION = ARTIFACTS / "evaluation"
RAG = ARTIFACTS / "rag"
BENTO = ARTIFACTS / "bento"
PLOTS = ARTIFACTS / "plots"
METRICS = ARTIFACTS / "metrics"  # a few figures a step, for ``dvc metrics``
REPORTS = ARTIFACTS / "reports"  # all that a step has to tell
CHECKPOINTS = Path("checkpoints")
LOGS = Path("logs")
STEP_LOGS = LOGS / "steps"


def request_files() -> list[Path]:
    """The evaluation's request files: kept out of training, and answered by ``evaluate``."""
    return sorted(REQUESTS.glob("*.jsonl"))
