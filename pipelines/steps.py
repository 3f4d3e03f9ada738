"""One plain function a step: reads files, writes files, returns a report.

``python -m pipelines.steps NAME`` runs one; it is the only command in ``dvc.yaml``. The report is written to
``artifacts/metrics/NAME.json``. Which configurations a step uses is said in ``params.yaml`` (see ``profile``).
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from havoc.config import Settings
from havoc.errors import InputError
from pipelines import places, profile

Step = Callable[[Settings], dict[str, Any]]


def say(message: str) -> None:
    """Progress, one line."""
    print(f"  {message}", flush=True)


def data(settings: Settings) -> dict[str, Any]:
    """Raw text from what every fresh machine has: the installed packages' documentation and the handbook."""
    from havoc.corpus.sources import build_sources

    return build_sources(places.DATA, handbook=places.HANDBOOK, progress=say)


def corpus(settings: Settings) -> dict[str, Any]:
    """Normalise, filter, deduplicate and decontaminate ``data/``."""
    from havoc.corpus.build import build_corpus

    evaluation_files = sorted(places.REQUESTS.glob("*.jsonl"))
    return build_corpus(
        places.DATA,
        places.CORPUS,
        evaluation_files=evaluation_files,
        config=settings.data,
        most_documents=settings.pipeline.corpus_documents,
        most_bytes=settings.pipeline.corpus_bytes,
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
    from havoc.dsl.vocabulary import reserved_tokens
    from havoc.tokenizer.training import fertility, train_tokenizer

    trained = train_tokenizer(
        _tokenizer_texts(settings),
        settings.model.vocab_size,
        reserved=reserved_tokens(),
        character_coverage=settings.data.character_coverage,
        max_sentences=settings.data.tokenizer_sentences,
    )
    trained.save(places.TOKENIZER)
    samples = {domain: texts[:200] for domain, texts in _corpus_by_domain().items()}
    samples["requests"] = [p["text"] for p in _jsonl(places.CURRICULUM / "heldout_phrasing.jsonl")]
    report = {
        "vocab_size": trained.vocab_size,
        "reserved": len(reserved_tokens()),
        "sha256": trained.sha256,
        "fertility": fertility(trained, samples),
    }
    (places.TOKENIZER / "report.json").write_text(json.dumps(report, indent=1) + "\n")
    return report


def tokens(settings: Settings) -> dict[str, Any]:
    """Memory-mapped shards: the corpus as a stream to pretrain on, pairs packed to finetune on."""
    from havoc.corpus.tokens import Group, build_tokens, encode_text
    from havoc.tokenizer.plans import PlanCodec
    from havoc.tokenizer.tokenizer import Tokenizer
    from pipelines.pairs import encode_pairs

    trained = Tokenizer.load(places.TOKENIZER)
    codec = PlanCodec(trained)
    streams = [
        Group(name, "stream", (encode_text(t, trained) for t in texts))
        for name, texts in _corpus_by_domain().items()
    ]
    lessons = (encode_text(r["text"], trained) for r in _jsonl(places.CURRICULUM / "lessons.jsonl"))
    groups = [*streams, Group("lessons", "stream", lessons)]
    shared = {
        "vocab_size": trained.vocab_size,
        "pad_id": trained.pad_id,
        "tokenizer": trained.sha256,
        "progress": say,
    }
    pretrain = build_tokens(
        places.TOKENS / "pretrain",
        groups,
        seq_len=settings.pretrain.seq_len or settings.data.seq_len,
        validation_share=settings.data.validation_share,
        shard_tokens=settings.data.shard_tokens,
        **shared,  # type: ignore[arg-type]
    )
    limit = settings.finetune.seq_len or settings.data.seq_len
    kept_back = encode_pairs(_jsonl(places.CURRICULUM / "heldout_phrasing.jsonl"), codec, limit)
    finetune = build_tokens(
        places.TOKENS / "finetune",
        [
            Group(
                "pairs",
                "packed",
                encode_pairs(_jsonl(places.CURRICULUM / "pairs.jsonl"), codec, limit),
                0.0,
            ),
            Group("heldout", "packed", kept_back, 1.0),
        ],
        seq_len=limit,
        shard_tokens=settings.data.shard_tokens,
        **shared,  # type: ignore[arg-type]
    )
    return {"pretrain": pretrain, "finetune": finetune}


def pretrain(settings: Settings) -> dict[str, Any]:
    """A language model of the corpus, logged to MLflow."""
    from pipelines.training import train_model

    return train_model("pretrain", settings, say)


def finetune(settings: Settings) -> dict[str, Any]:
    """The planner: the pretrained model taught to write programs."""
    from pipelines.training import train_model

    return train_model("finetune", settings, say)


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
        pretrain,
        finetune,
        rag_index,
        evaluate,
        bento,
    )
}


def _jsonl(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _corpus_by_domain() -> dict[str, list[str]]:
    from havoc.corpus.build import read_corpus

    texts: dict[str, list[str]] = {}
    for document in read_corpus(places.CORPUS):
        texts.setdefault(document.domain, []).append(document.text)
    return dict(sorted(texts.items()))


def _tokenizer_texts(settings: Settings) -> Iterator[str]:
    """Requests first (their words decide), then lessons, then a share of each domain."""
    for i, record in enumerate(_jsonl(places.CURRICULUM / "pairs.jsonl")):
        if i >= 30_000:
            break
        yield " " + record["text"]
    for record in _jsonl(places.CURRICULUM / "lessons.jsonl"):
        yield record["text"]
    for texts in _corpus_by_domain().values():
        yield from texts[:: max(1, len(texts) // 1500)]


def run_step(name: str, settings: Settings | None = None) -> dict[str, Any]:
    """Run one step and write its report to ``artifacts/metrics``."""
    began = time.perf_counter()
    report = STEPS[name](settings or profile.settings())
    report = {"seconds": round(time.perf_counter() - began, 2), **report}
    places.METRICS.mkdir(parents=True, exist_ok=True)
    path = places.METRICS / f"{name}.json"
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False, default=str) + "\n")
    return report


def main(arguments: list[str]) -> int:
    """Run the step named on the command line: 0 done, 2 bad input."""
    from havoc.errors import nearest

    if len(arguments) != 1 or arguments[0] not in STEPS:
        word = arguments[0] if arguments else ""
        print(
            f"usage: python -m pipelines.steps NAME; NAME is one of {', '.join(STEPS)}{nearest(word, STEPS)}",
            file=sys.stderr,
        )
        return 2
    # Read by libgomp when torch loads. Spinning for ever is 24 % faster than sleeping on idle cores and
    # collapses beside a busy neighbour (340 against 6,000 tokens a second); a short spin has the best of both.
    os.environ.setdefault("GOMP_SPINCOUNT", "20000")
    print(f"== {arguments[0]}", flush=True)
    try:
        report = run_step(arguments[0])
    except InputError as error:
        print(f"{arguments[0]}: {error}", file=sys.stderr)
        return 2
    print(f"== {arguments[0]} done in {report['seconds']} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
