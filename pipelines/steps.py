"""One plain function a step: reads files, writes files, returns a report.

``python -m pipelines.steps NAME`` runs one; it is the only command in ``dvc.yaml``. How a step is run (alone, with
its checks, its report in ``artifacts/reports/NAME.json``) is in ``running``; which configurations it uses is said in
``params.yaml`` (see ``profile``).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

from havoc.config import Settings
from havoc.errors import InputError, nearest
from pipelines import places, running
from pipelines.running import say

Step = Callable[[Settings], dict[str, Any]]
# Name or path of a file in configs/executors: the corpus by many workers. An environment variable and no parameter,
# for the result is the same bytes and nothing becomes stale by it.
EXECUTOR = "HAVOC_EXECUTOR"


def data(settings: Settings) -> dict[str, Any]:
    """Raw text from what every fresh machine has: the installed packages' documentation and the handbook."""
    from havoc.corpus.sources import build_sources

    return build_sources(places.DATA, handbook=places.HANDBOOK, progress=say)


def corpus(settings: Settings) -> dict[str, Any]:
    """Normalise, filter, deduplicate and decontaminate ``data/``."""
    from havoc.corpus.build import build_corpus

    sizes = settings.pipeline
    if executor := os.environ.get(EXECUTOR):
        from havoc.corpus.spread import load_executor, spread_corpus

        if sizes.corpus_documents is not None or sizes.corpus_bytes is not None:
            raise InputError(
                f"{EXECUTOR}: the profile takes a part of the data, which one process does; unset it"
            )
        return spread_corpus(
            places.DATA,
            places.CORPUS,
            *load_executor(executor),
            evaluation_files=places.request_files(),
            config=settings.data,
            progress=say,
        )
    return build_corpus(
        places.DATA,
        places.CORPUS,
        evaluation_files=places.request_files(),
        config=settings.data,
        most_documents=sizes.corpus_documents,
        most_bytes=sizes.corpus_bytes,
        progress=say,
    )


def curriculum(settings: Settings) -> dict[str, Any]:
    """Request/program pairs, held-out splits and worked lessons from the operation registry."""
    from havoc.curriculum.build import build_curriculum

    sizes = settings.pipeline
    return build_curriculum(
        places.CURRICULUM,
        pairs=sizes.pairs,
        heldout=sizes.heldout_pairs,
        lessons_per_operation=sizes.lessons_per_operation,
        seed=settings.data.seed,
        processes=sizes.processes,
        progress=say,
    )


def tokenizer(settings: Settings) -> dict[str, Any]:
    """SentencePiece on corpus and curriculum; the DSL's tokens are reserved pieces."""
    from pipelines.text import make_tokenizer

    return make_tokenizer(settings)


def tokens(settings: Settings) -> dict[str, Any]:
    """Memory-mapped shards of corpus and lessons, to pretrain on."""
    from pipelines.text import make_tokens

    return make_tokens(settings, say)


def pair_tokens(settings: Settings) -> dict[str, Any]:
    """Request/program pairs packed into rows of tokens, to finetune on."""
    from pipelines.text import make_pair_tokens

    return make_pair_tokens(settings, say)


def pretrain(settings: Settings) -> dict[str, Any]:
    """A language model of the corpus, logged to MLflow."""
    from pipelines.launching import train

    return train("pretrain", settings, say)


def finetune(settings: Settings) -> dict[str, Any]:
    """The planner: the pretrained model taught to write programs."""
    from pipelines.launching import train

    return train("finetune", settings, say)


def rag_index(settings: Settings) -> dict[str, Any]:
    """Full-text (and, where installed, vector) index of the handbook and the documentation."""
    from havoc.corpus.build import read_corpus
    from havoc.rag.index import build_index

    return build_index(places.RAG, read_corpus(places.CORPUS), config=settings.rag, progress=say)


def evaluate(settings: Settings) -> dict[str, Any]:
    """Perplexity, program accuracy, requests answered right, retrieval, latency; plots; MLflow."""
    from pipelines.evaluation import evaluate_all

    return evaluate_all(settings, say)


def bento(settings: Settings) -> dict[str, Any]:
    """A bento of the service with the model and index that passed the gates."""
    from pipelines.packaging import build_bento

    return build_bento(settings, say)


STEPS: dict[str, Step] = {
    f.__name__: f
    for f in (
        data,
        corpus,
        curriculum,
        tokenizer,
        tokens,
        pair_tokens,
        pretrain,
        finetune,
        rag_index,
        evaluate,
        bento,
    )
}


def main(arguments: list[str]) -> int:
    """Run the step named on the command line: 0 done, 2 bad input, 1 a failure, 130 stopped."""
    if len(arguments) != 1 or arguments[0] not in STEPS:
        word = arguments[0] if arguments else ""
        known = ", ".join(STEPS)
        print(
            f"usage: python -m pipelines.steps NAME; NAME is one of {known}{nearest(word, STEPS)}",
            file=sys.stderr,
        )
        return 2
    # Read by libgomp when torch loads. Spinning for ever is 24 % faster than sleeping on idle cores and
    # collapses beside a busy neighbour (340 against 6,000 tokens a second); a short spin has the best of both.
    os.environ.setdefault("GOMP_SPINCOUNT", "20000")
    return running.run(arguments[0], STEPS[arguments[0]])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
