"""How well retrieval finds: by words alone, with the second look, and (where installed) by meaning.

    python benchmarks/retrieval.py [--known 300] [--meaning]

Two sets: questions in other words than the handbook's (``retrieval.jsonl``, judged by hand: the articles that answer
each), and summaries of documents whose bodies are indexed without them. Needs ``artifacts/corpus``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from havoc.config import RagConfig
from havoc.corpus.build import read_corpus
from havoc.rag.index import Index, build_index
from havoc.rag.quality import KnownItem, known_items, measure

QUESTIONS = Path(__file__).with_name("retrieval.jsonl")


def questions() -> list[KnownItem]:
    """The judged questions."""
    records = map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines())
    return [KnownItem(r["query"], frozenset(r["documents"])) for r in records]


def main() -> None:
    """Print a table of recall and reciprocal rank."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=Path("artifacts/corpus"))
    parser.add_argument("--known", type=int, default=300, help="queries made of summaries")
    parser.add_argument("--meaning", action="store_true", help="with vectors (slow to build)")
    options = parser.parse_args()
    embedder = "minilm" if options.meaning else "none"
    base = RagConfig(embedder=embedder, coverage_weight=0.5)
    items, bodies = known_items(read_corpus(options.corpus), options.known)
    sets = {"questions": (questions(), read_corpus(options.corpus)), "summaries": (items, bodies)}
    systems = {"words": base.replace(embedder="none", coverage_weight=0.0)}
    systems["words, second look"] = base.replace(embedder="none")
    if options.meaning:
        systems["words and meaning"] = base.replace(coverage_weight=0.0)
        systems["words and meaning, second look"] = base
    print(f"{'set':11}{'system':32}{'recall@1':>9}{'recall@5':>9}{'recall@10':>10}{'MRR@10':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for name, (asked, documents) in sets.items():
            build_index(Path(folder) / name, documents, config=base)
            for system, config in systems.items():
                found = measure(Index(Path(folder) / name, config=config), asked)
                figures = "".join(
                    f"{found[key]:>{width}.3f}"
                    for key, width in (
                        ("recall@1", 9),
                        ("recall@5", 9),
                        ("recall@10", 10),
                        ("mrr@10", 8),
                    )
                )
                print(f"{name:11}{system:32}{figures}   n = {len(asked)}", flush=True)


if __name__ == "__main__":
    main()
