"""The ``tokenizer``, ``tokens`` and ``pair_tokens`` steps: which texts, in which order, under which names."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from havoc.config import Settings
from havoc.corpus.build import read_corpus
from havoc.corpus.packing import pack
from havoc.corpus.tokens import Encoded, Group, build_tokens, encode_text
from havoc.dsl.vocabulary import reserved_tokens
from havoc.tokenizer.plans import PlanCodec
from havoc.tokenizer.tokenizer import Tokenizer
from havoc.tokenizer.training import fertility, train_tokenizer
from pipelines import places
from pipelines.pairs import encode_pairs

MOST_REQUESTS = 30_000  # that the tokenizer sees: their words decide, and more add none
TEXTS_PER_DOMAIN = 1_500
SAMPLE_PER_DOMAIN = 200


def make_tokenizer(settings: Settings) -> dict[str, Any]:
    """SentencePiece on corpus and curriculum; the DSL's tokens are reserved pieces."""
    reserved = reserved_tokens()
    trained = train_tokenizer(
        _tokenizer_texts(),
        settings.model.vocab_size,
        reserved=reserved,
        character_coverage=settings.data.character_coverage,
        max_sentences=settings.data.tokenizer_sentences,
    )
    trained.save(places.TOKENIZER)
    samples = {domain: texts[:SAMPLE_PER_DOMAIN] for domain, texts in corpus_by_domain().items()}
    samples["requests"] = [p["text"] for p in jsonl(places.CURRICULUM / "heldout_phrasing.jsonl")]
    report = {
        "vocab_size": trained.vocab_size,
        "reserved": len(reserved),
        "sha256": trained.sha256,
        "fertility": fertility(trained, samples),
    }
    (places.TOKENIZER / "report.json").write_text(json.dumps(report, indent=1) + "\n")
    return report


def make_tokens(settings: Settings, say: Callable[[str], None]) -> dict[str, Any]:
    """Memory-mapped shards to pretrain on: each domain of the corpus and the lessons, a stream of text each."""
    trained = Tokenizer.load(places.TOKENIZER)
    streams = [
        Group(name, "stream", (encode_text(t, trained) for t in texts))
        for name, texts in corpus_by_domain().items()
    ]
    lessons = (encode_text(r["text"], trained) for r in jsonl(places.CURRICULUM / "lessons.jsonl"))
    return build_tokens(
        places.TOKENS,
        [*streams, Group("lessons", "stream", lessons)],
        seq_len=settings.pretrain.seq_len or settings.data.seq_len,
        validation_share=settings.data.validation_share,
        **_shared(trained, settings, say),
    )


def make_pair_tokens(settings: Settings, say: Callable[[str], None]) -> dict[str, Any]:
    """Shards to finetune on: request/program pairs packed into rows; those of held-out phrasings validate.

    Pairs that fit into ``short_rows`` are a group of their own, but for those that fill up the rows of
    the long ones.
    """
    trained = Tokenizer.load(places.TOKENIZER)
    codec = PlanCodec(trained)
    limit = settings.finetune.seq_len or settings.data.seq_len
    short = settings.finetune.short_rows or limit
    pairs = list(encode_pairs(jsonl(places.CURRICULUM / "pairs.jsonl"), codec, limit))
    short_pairs, long_pairs = part_by_length(pairs, short, limit + 1)
    kept_back = encode_pairs(jsonl(places.CURRICULUM / "heldout_phrasing.jsonl"), codec, limit)
    return build_tokens(
        places.PAIR_TOKENS,
        [
            Group("pairs", "packed", short_pairs, 0.0, short),
            Group("long_pairs", "packed", long_pairs, 0.0),
            Group("heldout", "packed", kept_back, 1.0),
        ],
        seq_len=limit,
        **_shared(trained, settings, say),
    )


def part_by_length(
    pairs: Sequence[Encoded], short: int, row: int
) -> tuple[list[Encoded], list[Encoded]]:
    """Part pairs into those for rows of ``short`` tokens, and those for rows of ``row`` tokens.

    The second are all that are longer, and as many of the others, taken evenly, as fill up the rows
    that those leave partly empty: two pairs of 129 tokens and more rarely fill a row of 385, and a
    seventh of it was padding.
    """
    fitting = [i for i, p in enumerate(pairs) if len(p.ids) <= short]
    lengths = [len(p.ids) for p in pairs if len(p.ids) > short]
    empty = len(pack(lengths, row)) * row - sum(lengths)
    mean = sum(len(pairs[i].ids) for i in fitting) / max(len(fitting), 1)
    count = min(round(empty / max(mean, 1.0)), len(fitting))
    # Every n-th, so that they are of all lessons.
    filling = {fitting[k * len(fitting) // count] for k in range(count)}
    apart = set(fitting) - filling
    return (
        [p for i, p in enumerate(pairs) if i in apart],
        [p for i, p in enumerate(pairs) if i not in apart],
    )


def _shared(trained: Tokenizer, settings: Settings, say: Callable[[str], None]) -> dict[str, Any]:
    return {
        "vocab_size": trained.vocab_size,
        "pad_id": trained.pad_id,
        "tokenizer": trained.sha256,
        "shard_tokens": settings.data.shard_tokens,
        "progress": say,
    }


def jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON-lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def corpus_by_domain() -> dict[str, list[str]]:
    """The texts of the corpus by domain, in their order."""
    texts: dict[str, list[str]] = {}
    for document in read_corpus(places.CORPUS):
        texts.setdefault(document.domain, []).append(document.text)
    return dict(sorted(texts.items()))


def _tokenizer_texts() -> Iterator[str]:
    """Requests first (their words decide), then lessons, then a share of each domain."""
    for i, record in enumerate(jsonl(places.CURRICULUM / "pairs.jsonl")):
        if i >= MOST_REQUESTS:
            break
        yield " " + record["text"]
    for record in jsonl(places.CURRICULUM / "lessons.jsonl"):
        yield record["text"]
    for texts in corpus_by_domain().values():
        yield from texts[:: max(1, len(texts) // TEXTS_PER_DOMAIN)]
